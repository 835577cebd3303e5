"""Counts what a tool has left in a database, its own tables apart: `check.py URL` prints the numbers as JSON."""

from __future__ import annotations

import json
import sqlite3
import sys

import psycopg

POSTGRES = {
    "tables": "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname LIKE 'table\\_%'",
    "columns": "SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
    "WHERE c.relkind = 'r' AND c.relname LIKE 'table\\_%' AND a.attnum > 0 AND NOT a.attisdropped",
    "indexes": "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
    "WHERE c.relname LIKE 'table\\_%' AND NOT i.indisprimary",
    "foreign_keys": "SELECT count(*) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
    "WHERE k.contype = 'f' AND c.relname LIKE 'table\\_%'",
}
SQLITE = {
    "tables": "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name GLOB 'table_*'",
    "columns": "SELECT count(*) FROM sqlite_schema m, pragma_table_xinfo(m.name) WHERE m.type = 'table' AND m.name GLOB 'table_*'",
    "indexes": "SELECT count(*) FROM sqlite_schema m, pragma_index_list(m.name) i "
    "WHERE m.type = 'table' AND m.name GLOB 'table_*' AND i.origin <> 'pk'",
    "foreign_keys": "SELECT count(*) FROM sqlite_schema m, pragma_foreign_key_list(m.name) "
    "WHERE m.type = 'table' AND m.name GLOB 'table_*'",
}


def main() -> None:
    url = sys.argv[1]
    if url.startswith("sqlite:"):
        lite = sqlite3.connect(url.removeprefix("sqlite:"))
        counts = {what: lite.execute(query).fetchone()[0] for what, query in SQLITE.items()}
    else:
        with psycopg.connect(url) as connection:
            counts = {what: connection.execute(query).fetchone()[0] for what, query in POSTGRES.items()}
    print(json.dumps(counts))


main()
