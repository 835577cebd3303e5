"""One step of Django: `makemigrations`, then `migrate`.

`django_side.py URL DESCRIPTION FOLDER`; the migrations are written to FOLDER. Before the clock: imports, the models, the connection.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit


def database(url: str) -> dict[str, object]:
    if url.startswith("sqlite:"):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url.removeprefix("sqlite:")}
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.removeprefix("/"),
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
    }


def main() -> None:
    url, description, folder = sys.argv[1:]
    os.environ["SIDE_DESCRIPTION"] = description
    migrations = Path(folder) / "shop_migrations"
    migrations.mkdir(parents=True, exist_ok=True)
    (migrations / "__init__.py").touch()
    sys.path[:0] = [folder, str(Path(__file__).parent / "django_project")]

    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.configure(
        INSTALLED_APPS=["shop"], DATABASES={"default": database(url)}, MIGRATION_MODULES={"shop": "shop_migrations"}
    )
    django.setup()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    started = time.perf_counter()
    call_command("makemigrations", "shop", verbosity=0, interactive=False)
    made = time.perf_counter()
    importlib.invalidate_caches()
    call_command("migrate", verbosity=0, interactive=False)
    ended = time.perf_counter()
    print(json.dumps({"seconds": ended - started, "migrate": ended - made, "statements": None}))


main()
