"""Making the next item while the last one is used."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from orchestration.loading.ahead import one_ahead


def test_items_come_in_their_order_falsy_ones_too() -> None:
    assert list(one_ahead(iter([0, None, "", 3]))) == [0, None, "", 3]
    assert list(one_ahead(iter([]))) == []


def test_the_next_item_is_made_before_it_is_asked_for_and_no_more_than_that() -> None:
    made: list[int] = []
    is_made = [threading.Event() for _ in range(4)]

    def items() -> Iterator[int]:
        for number in range(4):
            made.append(number)
            is_made[number].set()
            yield number

    ahead = one_ahead(items())
    assert next(ahead) == 0
    assert is_made[1].wait(timeout=60)
    assert made == [0, 1]
    ahead.close()


def test_an_exception_comes_out_where_its_item_would_have() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    ahead = one_ahead(items())
    assert next(ahead) == 1
    with pytest.raises(ValueError, match="broken"):
        next(ahead)
