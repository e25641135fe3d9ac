"""A generator that goes on in a thread of its own, while what it gave is worked on.

Put here nothing else.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from queue import SimpleQueue
from typing import TypeVar

Value = TypeVar("Value")


def ahead(values: Generator[Value, None, None]) -> Iterator[Value]:
    """Yield what a generator gives, in its order; it does not wait for the caller.

    What it raises is raised after the values before it. A caller who leaves early lets it come to
    its next value, and closes it there.
    """
    given: SimpleQueue[tuple[Value] | None] = SimpleQueue()
    is_wanted = True

    def go_on() -> None:
        try:
            with closing(values):
                for value in values:
                    given.put((value,))
                    if not is_wanted:
                        break
        finally:
            given.put(None)

    with ThreadPoolExecutor(1) as thread:
        ended = thread.submit(go_on)
        try:
            for (value,) in iter(given.get, None):
                yield value
        finally:
            is_wanted = False
        ended.result()
