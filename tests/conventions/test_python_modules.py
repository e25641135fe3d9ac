"""House rules for Python files that no linter knows."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("orchestration", "expectations")
LONGEST_MODULE = 250
LONGEST_FUNCTION = 50


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_are_modules_to_check() -> None:
    assert len(modules()) > 20


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_says_what_belongs_in_it(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text()))
    assert docstring, f"{name_of(path)} opens with no docstring"


@pytest.mark.parametrize(
    "path", [path for path in modules() if path.name == "__init__.py"], ids=name_of
)
def test_an_init_file_holds_no_code(path: Path) -> None:
    body = ast.parse(path.read_text()).body
    assert len(body) == 1, f"{name_of(path)} holds more than its docstring"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_modules_and_functions_stay_short(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_MODULE, f"{name_of(path)} wants splitting"
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    long = [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, functions)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long, f"{name_of(path)}: {long} want splitting"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_nothing_is_swallowed(path: Path) -> None:
    nodes = ast.walk(ast.parse(path.read_text()))
    handlers = [node for node in nodes if isinstance(node, ast.ExceptHandler)]
    silent = [
        handler.lineno
        for handler in handlers
        if handler.type is None or all(isinstance(step, ast.Pass) for step in handler.body)
    ]
    assert not silent, f"{name_of(path)}, lines {silent}: an error is dropped without a word"
