"""The one description that every tool's models are made from."""

from __future__ import annotations

from typing import Any, TypedDict


class Column(TypedDict):
    name: str
    kind: str  # "id" (the counting primary key), "text", "number" (64 bits)
    nullable: bool
    default: str | None


class Table(TypedDict):
    name: str
    columns: list[Column]
    unique: list[str]  # one unique index for each
    index: list[str]  # one plain index for each
    parent: str  # what parent_id refers to


def describe(size: int, added: bool) -> list[Table]:
    """Tables of ten columns, two indexes and one foreign key each; with `added`, of eleven columns.

    Each table refers to the one at half its number: a tree, and the first refers to itself.
    """

    def column(name: str, kind: str, nullable: bool = False, default: str | None = None) -> Column:
        return {"name": name, "kind": kind, "nullable": nullable, "default": default}

    def table(at: int) -> Table:
        columns = [column("id", "id")]
        columns += [column(f"text_{number}", "text") for number in range(1, 5)]
        columns += [column(f"number_{number}", "number", nullable=True) for number in range(5, 8)]
        columns += [column("plan", "text", default="free"), column("parent_id", "number", nullable=True)]
        if added:
            columns.append(column("added", "text", nullable=True))
        parent = f"table_{at // 2:05}"
        return {"name": f"table_{at:05}", "columns": columns, "unique": ["text_1"], "index": ["parent_id"], "parent": parent}

    return [table(at) for at in range(size)]


def schema_document(tables: list[Table]) -> dict[str, Any]:
    """The same as a schema document, for schemasync."""

    def column(of: Column) -> dict[str, Any]:
        said: dict[str, Any] = {"name": of["name"], "type": "text" if of["kind"] == "text" else "int64"}
        if of["kind"] == "id":
            said["default"] = {"increment": 1}
        if of["default"] is not None:
            said["default"] = {"text": of["default"]}
        if of["nullable"]:
            said["nullable"] = True
        return said

    def table(of: Table) -> dict[str, Any]:
        unique = [{"name": name, "kind": "unique", "parts": [name]} for name in of["unique"]]
        plain = [{"name": name, "parts": [name]} for name in of["index"]]
        return {
            "name": of["name"],
            "columns": [column(each) for each in of["columns"]],
            "primary_key": "id",
            "indexes": unique + plain,
            "foreign_keys": [{"columns": ["parent_id"], "target": of["parent"], "target_columns": ["id"]}],
        }

    return {"schemasync": 1, "tables": [table(each) for each in tables]}
