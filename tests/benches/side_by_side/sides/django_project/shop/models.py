"""The models of the description that the variable SIDE_DESCRIPTION names."""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.db import models


def model(table: dict) -> None:
    fields: dict[str, models.Field] = {}
    for column in table["columns"]:
        name, null = column["name"], column["nullable"]
        if column["kind"] == "id":
            fields[name] = models.BigAutoField(primary_key=True)
        elif name == "parent_id":
            fields["parent"] = models.ForeignKey(
                table["parent"], models.DO_NOTHING, null=True, related_name="+", db_index=name in table["index"]
            )
        elif column["kind"] == "text":
            more = {} if column["default"] is None else {"db_default": column["default"]}
            fields[name] = models.TextField(null=null, **more)
        else:
            fields[name] = models.BigIntegerField(null=null)
    # A constraint and not `unique=True`, which would make a second index on PostgreSQL.
    unique = [models.UniqueConstraint(fields=[name], name=f"{table['name']}_{name}_key") for name in table["unique"]]
    meta = type("Meta", (), {"db_table": table["name"], "constraints": unique})
    type(table["name"], (models.Model,), {"__module__": __name__, "Meta": meta, **fields})


for each in json.loads(Path(os.environ["SIDE_DESCRIPTION"]).read_text()):
    model(each)
