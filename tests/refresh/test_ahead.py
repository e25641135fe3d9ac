"""A generator that works ahead gives all it has, raises what it raises, and is closed."""

from __future__ import annotations

import threading
from collections.abc import Generator

import pytest

from orchestration.ahead import ahead

LONGEST_WAIT_SECONDS = 60
LONG_ENOUGH_TO_MAKE_ONE_SECONDS = 0.3
MANY = 1_000


def given(*values: object) -> Generator[object]:
    yield from values


@pytest.mark.parametrize("at_most", [1, 2, MANY])
def test_items_come_in_their_order_falsy_ones_too(at_most: int) -> None:
    assert list(ahead(given(0, None, "", 3), at_most)) == [0, None, "", 3]
    assert list(ahead(given(), at_most)) == []


@pytest.mark.parametrize("at_most", [1, 2])
def test_no_more_items_are_made_ahead_than_may_be(at_most: int) -> None:
    made: list[int] = []
    is_made = [threading.Event() for _ in range(5)]

    def numbers() -> Generator[int]:
        for number in range(5):
            made.append(number)
            is_made[number].set()
            yield number

    items = ahead(numbers(), at_most)
    assert next(items) == 0
    assert is_made[at_most].wait(LONGEST_WAIT_SECONDS)
    assert not is_made[at_most + 1].wait(LONG_ENOUGH_TO_MAKE_ONE_SECONDS)
    assert made == list(range(1 + at_most))
    assert list(items) == [1, 2, 3, 4]


def test_without_a_limit_the_generator_does_not_wait_for_the_caller() -> None:
    came_to_the_end = threading.Event()

    def numbers() -> Generator[int]:
        yield from range(3)
        came_to_the_end.set()

    items = ahead(numbers())
    assert next(items) == 0
    assert came_to_the_end.wait(LONGEST_WAIT_SECONDS)
    assert list(items) == [1, 2]


@pytest.mark.parametrize("at_most", [1, MANY])
def test_an_exception_comes_out_where_its_item_would_have(at_most: int) -> None:
    def numbers() -> Generator[int]:
        yield 1
        raise LookupError("no more")

    items = ahead(numbers(), at_most)
    assert next(items) == 1
    with pytest.raises(LookupError, match="no more"):
        next(items)


@pytest.mark.parametrize("at_most", [1, MANY])
def test_a_caller_who_leaves_early_has_it_closed(at_most: int) -> None:
    may_go_on, was_closed = threading.Event(), threading.Event()

    def numbers() -> Generator[int]:
        try:
            yield 1
            assert may_go_on.wait(LONGEST_WAIT_SECONDS)
            yield 2
            yield 3
            pytest.fail("nobody wants a fourth")
        finally:
            was_closed.set()

    # Kept, so that it is not the garbage collection that closes it.
    source = numbers()
    items = ahead(source, at_most)
    assert next(items) == 1
    threading.Timer(0.1, may_go_on.set).start()
    items.close()  # type: ignore[attr-defined]
    assert was_closed.is_set()
