"""A mapping file, read and checked key by key.

Put here the frame of a mapping: files, entities, inputs. Do not put here how values and conditions
are written (parsing.py).
"""

from __future__ import annotations

import codecs
from pathlib import Path

import yaml

from orchestration.contract.model import Contract, Entity
from orchestration.errors import ChairsideError
from orchestration.loading.csv_reader import CsvFormat
from orchestration.loading.header import suggestion
from orchestration.loading.local_time import DEFAULT_POLICY, Ambiguous, ClockPolicy, Nonexistent
from orchestration.loading.mapping.expressions import Constant, Expression
from orchestration.loading.mapping.model import (
    COLUMN_KINDS,
    ConstantRows,
    ForeignFile,
    Formats,
    Input,
    Mapping,
)
from orchestration.loading.mapping.node import HINT, MappingError, Node
from orchestration.loading.mapping.parsing import Parser
from orchestration.loading.values import RefusedValueError, read_timezone

_FORMAT_KEYS = ("encoding", "delimiter", "date", "time", "datetime", "decimal", "thousands")


def read_mapping(path: Path, contract: Contract) -> Mapping:
    """Return the mapping of a file; raises MappingError naming the key that is wrong."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ChairsideError(
            f"The mapping {path} cannot be read: {error.strerror}.", HINT
        ) from None
    except yaml.YAMLError as error:
        raise MappingError(f"{path.name} is not YAML: {error}.", HINT) from None
    root = Node(document, "", path.name)
    root.keys(
        ["source_system", "organization_id", "files", "entities"],
        ["description", "timezone", "local_times", "formats"],
    )
    defaults = root.child("formats") if root.has("formats") else Node({}, "formats", path.name)
    files = {name: _file(name, node, defaults) for name, node in root.child("files").items()}
    organization = root.child("organization_id").scalar()
    inputs: list[Input] = []
    constants: list[ConstantRows] = []
    for name, node in root.child("entities").items():
        if name not in contract.entities:
            node.fail(
                f"the native layout has no entity {name!r}{suggestion(name, contract.entities)}"
            )
        for element in node.elements():
            entity = contract.entities[name]
            if element.has("rows"):
                constants.append(_constant_rows(element, entity, organization))
            else:
                inputs.append(_input(element, entity, files, organization))
    return Mapping(
        file_name=path.name,
        source_system=root.child("source_system").text(),
        timezone=_timezone(root),
        files=files,
        inputs=tuple(inputs),
        constants=tuple(constants),
        policy=_policy(root),
    )


def _timezone(root: Node) -> str | None:
    if not root.has("timezone"):
        return None
    try:
        return read_timezone(root.child("timezone").text())
    except RefusedValueError as refusal:
        root.child("timezone").fail(str(refusal))


def _policy(root: Node) -> ClockPolicy:
    if not root.has("local_times"):
        return DEFAULT_POLICY
    node = root.child("local_times")
    node.keys([], ["nonexistent", "ambiguous"])
    return ClockPolicy(
        Nonexistent(node.child("nonexistent").choice(list(Nonexistent)))
        if node.has("nonexistent")
        else DEFAULT_POLICY.nonexistent,
        Ambiguous(node.child("ambiguous").choice(list(Ambiguous)))
        if node.has("ambiguous")
        else DEFAULT_POLICY.ambiguous,
    )


def _file(name: str, node: Node, defaults: Node) -> ForeignFile:
    node.keys(["path"], ["columns", "optional", *_FORMAT_KEYS])
    defaults.keys([], _FORMAT_KEYS)
    if not name.isidentifier():
        node.fail("file names here are letters, digits and underscores")
    columns = node.child("columns").items() if node.has("columns") else ()
    return ForeignFile(
        name=name,
        glob=node.child("path").text(),
        layout=_layout(node, defaults),
        formats=_formats(node, defaults),
        kinds={column: kind.choice(COLUMN_KINDS) for column, kind in columns},
        is_optional=node.has("optional") and node.child("optional").scalar() == "true",
    )


def _setting(key: str, node: Node, defaults: Node) -> Node | None:
    for place in (node, defaults):
        if place.has(key):
            return place.child(key)
    return None


def _layout(node: Node, defaults: Node) -> CsvFormat:
    delimiter = _setting("delimiter", node, defaults)
    encoding = _setting("encoding", node, defaults)
    if delimiter and (len(delimiter.text()) != 1 or not delimiter.text().isascii()):
        delimiter.fail("a delimiter is a single ASCII character")
    if encoding:
        try:
            codecs.lookup(encoding.text())
        except LookupError:
            encoding.fail(f"{encoding.text()!r} is not an encoding that Python knows")
    return CsvFormat(delimiter.text() if delimiter else ",", encoding.text() if encoding else None)


def _formats(node: Node, defaults: Node) -> Formats:
    chosen: dict[str, tuple[str, ...] | str] = {}
    for key in ("date", "time", "datetime"):
        if setting := _setting(key, node, defaults):
            many = isinstance(setting.value, list)
            chosen[key] = tuple(n.text() for n in (setting.elements() if many else [setting]))
    for key in ("decimal", "thousands"):
        if setting := _setting(key, node, defaults):
            chosen[key] = setting.text()
    return Formats(**chosen)  # type: ignore[arg-type]


def _constant_rows(node: Node, entity: Entity, organization: str) -> ConstantRows:
    node.keys(["rows"])
    rows = []
    for row in node.child("rows").elements():
        row.keys([], entity.column_names)
        values = {name: child.scalar() for name, child in row.items()}
        rows.append({"organization_id": organization} | values)
    return ConstantRows(entity.name, tuple(rows))


def _input(node: Node, entity: Entity, files: dict[str, ForeignFile], organization: str) -> Input:
    node.keys(["from", "fields"], ["where", "distinct"])
    file = files[node.child("from").choice(list(files))]
    parser = Parser(file.kinds, set(files), is_grouped=node.has("distinct"))
    row_parser = Parser(file.kinds, set(files), is_grouped=False)
    fields: dict[str, Expression] = {"organization_id": Constant(organization)}
    for name, child in node.child("fields").items():
        if name not in entity.by_name:
            child.fail(f"{entity.name} has no column {name!r}{suggestion(name, entity.by_name)}")
        fields[name] = parser.expression(child)
    missing = [c.name for c in entity.columns if c.required and c.name not in fields]
    if missing:
        node.child("fields").fail(f"required columns are missing: {', '.join(missing)}")
    distinct = node.child("distinct").elements() if node.has("distinct") else []
    return Input(
        entity=entity.name,
        file=file.name,
        fields=fields,
        where=row_parser.condition(node.child("where")) if node.has("where") else None,
        distinct=tuple(row_parser.expression(element) for element in distinct),
    )
