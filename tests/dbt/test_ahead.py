"""A generator that goes on ahead gives all it has, raises what it raises, and is closed."""

from __future__ import annotations

import threading
from collections.abc import Generator

import pytest

from orchestration.dbt.ahead import ahead

LONGEST_WAIT_SECONDS = 30


def test_the_generator_does_not_wait_for_the_caller() -> None:
    came_to_the_end = threading.Event()

    def numbers() -> Generator[int, None, None]:
        yield 1
        yield 2
        came_to_the_end.set()

    values = ahead(numbers())
    assert next(values) == 1
    assert came_to_the_end.wait(LONGEST_WAIT_SECONDS)
    assert list(values) == [2]


def test_what_it_raises_follows_what_it_gave() -> None:
    def numbers() -> Generator[int, None, None]:
        yield 1
        raise LookupError("no more")

    values = ahead(numbers())
    assert next(values) == 1
    with pytest.raises(LookupError, match="no more"):
        next(values)


def test_a_caller_who_leaves_early_has_it_closed() -> None:
    may_go_on, was_closed = threading.Event(), threading.Event()

    def numbers() -> Generator[int, None, None]:
        try:
            yield 1
            assert may_go_on.wait(LONGEST_WAIT_SECONDS)
            yield 2
            yield 3
            pytest.fail("nobody wants a fourth")
        finally:
            was_closed.set()

    values = ahead(numbers())
    assert next(values) == 1
    threading.Timer(0.1, may_go_on.set).start()
    values.close()  # type: ignore[attr-defined]
    assert was_closed.is_set()
