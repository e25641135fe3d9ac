"""Working ahead: a generator goes on in a thread of its own while what it gave is worked on.

Put here the thread. Do not put here what it makes.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from queue import SimpleQueue
from threading import Semaphore
from typing import TypeVar

Item = TypeVar("Item")


def ahead(items: Generator[Item], at_most: int = sys.maxsize) -> Iterator[Item]:
    """Yield what a generator gives, in its order, while it makes the next `at_most` items.

    What it raises is raised after the items before it. A caller who leaves early lets it come to
    its next item, and closes it there.
    """
    made: SimpleQueue[tuple[Item] | None] = SimpleQueue()
    # One item is made before the first may wait to be taken.
    may_make = Semaphore(at_most - 1)
    is_wanted = True

    def make() -> None:
        try:
            with closing(items):
                for item in items:
                    # Wrapped, so that no item is taken for the end.
                    made.put((item,))
                    may_make.acquire()
                    if not is_wanted:
                        break
        finally:
            made.put(None)

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead") as executor:
        ended = executor.submit(make)
        try:
            for (item,) in iter(made.get, None):
                may_make.release()
                yield item
        finally:
            is_wanted = False
            may_make.release()
        ended.result()
