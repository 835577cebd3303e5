"""One step of Alembic: autogenerate's comparison with the live database, then its operations, in one transaction.

`alembic_side.py URL DESCRIPTION`. Before the clock: imports, the models, the connection.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.operations.ops import MigrateOperation, OpContainer
from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, Integer, MetaData, Table, Text, create_engine, text


def models(tables: list[dict]) -> MetaData:
    metadata = MetaData()
    number = BigInteger().with_variant(Integer, "sqlite")
    for table in tables:
        columns = []
        for column in table["columns"]:
            name, kind = column["name"], column["kind"]
            if kind == "id":
                columns.append(Column(name, number, Identity(), primary_key=True))
            elif name == "parent_id":
                columns.append(Column(name, number, ForeignKey(f"{table['parent']}.id"), nullable=True))
            else:
                default = None if column["default"] is None else column["default"]
                of = Text if kind == "text" else number
                columns.append(Column(name, of, nullable=column["nullable"], server_default=default))
        indexes = [Index(f"{table['name']}_{name}_key", name, unique=True) for name in table["unique"]]
        indexes += [Index(f"{table['name']}_{name}_idx", name) for name in table["index"]]
        Table(table["name"], metadata, *columns, *indexes)
    return metadata


def invoke(operations: Operations, op: MigrateOperation) -> int:
    if isinstance(op, OpContainer):
        return sum(invoke(operations, each) for each in op.ops)
    operations.invoke(op)
    return 1


def main() -> None:
    url, description = sys.argv[1:]
    metadata = models(json.loads(Path(description).read_text()))
    engine = create_engine(url.replace("postgres://", "postgresql+psycopg://").replace("sqlite:", "sqlite:///"))
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        connection.rollback()
        started = time.perf_counter()
        with connection.begin():
            context = MigrationContext.configure(connection)
            script = produce_migrations(context, metadata)
            count = sum(invoke(Operations(context), op) for op in script.upgrade_ops_list)
        seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "statements": count}))


main()
