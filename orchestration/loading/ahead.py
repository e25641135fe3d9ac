"""Working one step ahead: the next item is made while the last one is used.

Put here the thread. Do not put here what it makes (entity_load.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def one_ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Yield the items, of which the next is being made in another thread meanwhile.

    Exceptions come out where the item would have. Two items are in memory at a time.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="one-ahead") as executor:
        upcoming = executor.submit(_next, items)
        while found := upcoming.result():
            upcoming = executor.submit(_next, items)
            yield found[0]


def _next(items: Iterator[Item]) -> tuple[Item] | None:
    # Wrapped, so that no item is taken for the end.
    for item in items:
        return (item,)
    return None
