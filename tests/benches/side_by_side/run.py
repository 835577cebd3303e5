#!/usr/bin/env python3
"""schemasync beside other tools: the same models, the same server, one run. docs/side-by-side.md tells the rest.

`python3 run.py --postgres postgres://postgres@127.0.0.1:5432/postgres`
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from description import describe, schema_document

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE / "sides"))
import seaorm_models  # noqa: E402

ROOT = HERE.parents[2]
WORK = HERE / ".work"  # ignored by git: what is installed
STEPS = ("first sync", "no-op", "column added to every table")


class Failed(Exception):
    """A tool could not be installed, or a step has failed; the message says why."""


@dataclass
class Step:
    """What one step needs to know."""

    url: str
    description: Path
    document: Path
    folder: Path  # of this round and this tool alone
    size: int
    added: bool


@dataclass
class Tool:
    name: str
    command: Callable[[Step], list[str]]
    dialects: tuple[str, ...] = ("PostgreSQL", "SQLite")
    env: dict[str, str] | None = None
    sizes: tuple[int, ...] | None = None  # the numbers of tables that it can be measured with; None: all


@dataclass
class Timing:
    seconds: float
    migrate: float | None = None  # Django: the part of `migrate`
    rounds: int = 1


# -- what is installed ----------------------------------------------------------------------------------------------------------


def run(command: list[str], **options: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, **options)  # type: ignore[call-overload]
    if done.returncode != 0:
        raise Failed(f"{Path(command[0]).name}: {(done.stderr or done.stdout).strip()[-600:]}")
    return done.stdout


def python_tools() -> Path:
    """The interpreter of a virtual environment with Alembic and Django."""
    folder = WORK / "venv"
    python = folder / "bin" / "python"
    wanted = (HERE / "requirements.txt").read_text()
    stamp = folder / "requirements.txt"
    if not stamp.exists() or stamp.read_text() != wanted:
        venv.create(folder, with_pip=True, clear=True)
        run([str(python), "-m", "pip", "install", "--quiet", "-r", str(HERE / "requirements.txt")])
        stamp.write_text(wanted)
    return python


def node_tools() -> Path:
    """The folder of the installed npm packages."""
    folder = WORK / "npm"
    wanted = (HERE / "package.json").read_text()
    stamp = folder / "installed.json"
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "package.json").write_text(wanted)
        run(["npm", "install", "--no-fund", "--no-audit"], cwd=folder)
        stamp.write_text(wanted)
    return folder / "node_modules"


def ours() -> Path:
    target = ROOT / "target"
    manifest = HERE / "ours" / "Cargo.toml"
    shutil.copy(ROOT / "Cargo.lock", manifest.with_name("Cargo.lock"))  # the versions of the workspace
    run(["cargo", "build", "--release", "--manifest-path", str(manifest), "--target-dir", str(target)])
    return target / "release" / "side-by-side-ours"


def seaorm(sizes: list[int]) -> dict[int, Path]:
    """The programs with SeaORM's entities: one for each number of tables."""
    programs = {}
    for size in sizes:
        folder = WORK / f"seaorm-{size}"
        seaorm_models.write(folder, size)
        run(["cargo", "build", "--release", "--target-dir", str(WORK / "seaorm-target")], cwd=folder)
        programs[size] = WORK / "seaorm-target" / "release" / f"side-by-side-seaorm-{size}"
    return programs


def tools(without: list[str], seaorm_sizes: list[int]) -> tuple[list[Tool], Path, list[str]]:
    """What is compared, the interpreter with psycopg, and what could not be installed."""
    missing = []
    binary, python = str(ours()), python_tools()
    side = HERE / "sides"

    def script(name: str, *folder: str) -> Callable[[Step], list[str]]:
        return lambda step: [str(python), str(side / name), step.url, str(step.description), *(str(step.folder) for _ in folder)]

    found = [
        Tool("schemasync", lambda step: [binary, step.url, str(step.document)]),
        Tool("schemasync, forced to look", lambda step: [binary, step.url, str(step.document), "--force"]),
        Tool("Alembic", script("alembic_side.py")),
        Tool("Django", script("django_side.py", "folder")),
    ]
    try:
        modules = str(node_tools())
        drizzle = str(side / "drizzle_side.cjs")
        command: Callable[[Step], list[str]] = lambda step: ["node", drizzle, step.url, str(step.description)]
        found.append(Tool("drizzle-kit push", command, env={"NODE_PATH": modules, "NODE_NO_WARNINGS": "1"}))
    except (Failed, OSError) as why:
        missing.append(f"drizzle-kit: {why}")
    if "SeaORM" not in without and seaorm_sizes:
        try:
            programs = seaorm(seaorm_sizes)

            def entities(step: Step) -> list[str]:
                return [str(programs[step.size]), seaorm_url(step.url), "after" if step.added else "before"]

            found.append(Tool("SeaORM", entities, sizes=tuple(seaorm_sizes)))
        except (Failed, OSError) as why:
            missing.append(f"SeaORM: {why}")
    return [tool for tool in found if tool.name not in without], python, missing


def seaorm_url(url: str) -> str:
    """SeaORM makes no file unless it is told to."""
    return f"sqlite://{url.removeprefix('sqlite:')}?mode=rwc" if url.startswith("sqlite:") else url


# -- what is measured -----------------------------------------------------------------------------------------------------------


@contextmanager
def database(dialect: str, server: str, folder: Path, python: Path) -> Iterator[str]:
    """A fresh one with a random name, removed in the end."""
    name = f"side_{secrets.token_hex(6)}"
    if dialect == "SQLite":
        yield f"sqlite:{folder / name}.db"
        return

    def maintain(statement: str) -> None:
        code = "import sys, psycopg; psycopg.connect(sys.argv[1], autocommit=True).execute(sys.argv[2])"
        run([str(python), "-c", code, server, statement])

    maintain(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        maintain(f'DROP DATABASE "{name}" WITH (FORCE)')


def expected(size: int, added: bool) -> dict[str, int]:
    return {"tables": size, "columns": size * (11 if added else 10), "indexes": size * 2, "foreign_keys": size}


def time_once(tool: Tool, url: str, size: int, folder: Path, python: Path, limit: float) -> list[Timing | None]:
    """The steps in order, each in a process of its own; infinite where it took longer than the limit, None for what comes after."""
    times: list[Timing | None] = []
    for at, _ in enumerate(STEPS):
        added = at == 2
        tables = describe(size, added)
        step = Step(url, folder / f"description{at}.json", folder / f"document{at}.json", folder, size, added)
        step.description.write_text(json.dumps(tables))
        step.document.write_text(json.dumps(schema_document(tables)))
        try:
            printed = run(tool.command(step), env={**os.environ, **(tool.env or {})}, timeout=limit)
        except subprocess.TimeoutExpired:
            return [*times, Timing(math.inf), *[None] * (len(STEPS) - at - 1)]
        told = json.loads(printed.strip().splitlines()[-1])
        if at == 1 and told["statements"]:
            print(f"note: {tool.name}: the second sync was no no-op: {told['statements']} statements", file=sys.stderr)
        counts = json.loads(run([str(python), str(HERE / "sides" / "check.py"), url]))
        if counts != expected(size, added):
            raise Failed(f"{tool.name} left {counts}, not {expected(size, added)}")
        times.append(Timing(told["seconds"], told.get("migrate")))
    return times


def slow(times: list[Timing | None], most: float) -> bool:
    """Whether a round has taken so long that it is the only one."""
    return any(time is None for time in times) or sum(time.seconds for time in times if time is not None) > most


def medians(rounds: list[list[Timing | None]]) -> list[Timing | None]:
    def median(times: tuple[Timing | None, ...]) -> Timing | None:
        known = [time for time in times if time is not None]
        if len(known) < len(times):
            return None
        parts = [time.migrate for time in known if time.migrate is not None]
        seconds = statistics.median(time.seconds for time in known)
        return Timing(seconds, statistics.median(parts) if parts else None, len(known))

    return [median(times) for times in zip(*rounds)]


# -- what is printed ------------------------------------------------------------------------------------------------------------


def milliseconds(seconds: float) -> str:
    value = seconds * 1000
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def ratio(value: float) -> str:
    return f"{value:,.0f}×" if value >= 10 else f"{value:.1f}×"


def cell(timing: Timing | None, base: Timing | None, limit: float, mine: bool) -> str:
    if timing is None:
        return "not reached"
    if math.isinf(timing.seconds):
        return f"over {limit:,.0f} s"
    text = milliseconds(timing.seconds)
    if not mine and base is not None:
        text += f" ({ratio(timing.seconds / base.seconds)})"
    if timing.rounds == 1:
        text += " once"
    if timing.migrate is not None:
        text += f", of it migrate {milliseconds(timing.migrate)}"
    return text


def rows(dialect: str, size: int, results: dict[str, list[Timing | None]], columns: list[str], limit: float) -> Iterator[str]:
    """Four rows; the no-op twice, since only some of the tools look at the database then."""
    gated, forced = results["schemasync"], results["schemasync, forced to look"]
    others = [name for name in columns if name != "schemasync"]

    def line(what: str, base: Timing | None, cells: list[str]) -> str:
        return f"| {dialect} | {size} | {what} | {cell(base, None, limit, True)} | {' | '.join(cells)} |"

    for at, what in enumerate(STEPS):
        def against(base: Timing | None, name: str) -> str:
            return cell(results[name][at], base, limit, False) if name in results else "–"

        yield line(what, gated[at], [against(gated[at], name) for name in others])
        if at == 1:
            looking = ["never looks" if name == "Django" else against(forced[at], name) for name in others]
            yield line("no-op, looking at the database", forced[at], looking)


def machine() -> str:
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, load {load:.1f} at the start, Python {platform.python_version()}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--postgres", metavar="URL", help="a server; databases with random names are made and dropped there")
    parser.add_argument("--no-sqlite", action="store_true", help="PostgreSQL only")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 500], metavar="N", help="numbers of tables (100 500)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="the median of so many (3)")
    parser.add_argument("--limit", type=float, default=300, metavar="SECONDS", help="the most that one step may take (300)")
    parser.add_argument(
        "--once-over", type=float, default=60, metavar="SECONDS", help="a tool whose three steps take longer is measured once (60)"
    )
    parser.add_argument("--without", nargs="+", default=[], metavar="TOOL", help='leave out "Alembic", "Django", "drizzle-kit push", "SeaORM"')
    parser.add_argument(
        "--seaorm-most", type=int, default=100, metavar="N", help="SeaORM's entities are compiled: not for more tables than this (100)"
    )
    arguments = parser.parse_args()
    dialects = (["PostgreSQL"] if arguments.postgres else []) + ([] if arguments.no_sqlite else ["SQLite"])
    about = machine()
    compared, python, missing = tools(arguments.without, [size for size in arguments.sizes if size <= arguments.seaorm_most])
    columns = [tool.name for tool in compared if tool.name != "schemasync, forced to look"]
    print(f"| database | tables | step, ms | {' | '.join(columns)} |\n{'|---' * (len(columns) + 3)}|", flush=True)
    for size in arguments.sizes:
        for dialect in dialects:
            present = [tool for tool in compared if tool.sizes is None or size in tool.sizes]
            rounds: dict[str, list[list[Timing | None]]] = {tool.name: [] for tool in present}
            for number in range(arguments.rounds):
                for tool in present:
                    if any(slow(times, arguments.once_over) for times in rounds[tool.name]):
                        continue
                    with tempfile.TemporaryDirectory(prefix="side_") as folder:
                        with database(dialect, arguments.postgres, Path(folder), python) as url:
                            times = time_once(tool, url, size, Path(folder), python, arguments.limit)
                    rounds[tool.name].append(times)
                    shown = ", ".join("-" if time is None else milliseconds(time.seconds) for time in times)
                    print(f"{dialect} {size} round {number + 1} {tool.name}: {shown} ms", file=sys.stderr, flush=True)
            results = {name: medians(all_) for name, all_ in rounds.items()}
            print("\n".join(rows(dialect, size, results, columns, arguments.limit)), flush=True)
    print(f"\n{about}; load {os.getloadavg()[0]:.1f} at the end; medians of {arguments.rounds}; in brackets: how many times schemasync's; `once`: measured once.")
    for why in missing:
        print(f"not there: {why}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as why:
        sys.exit(f"error: {why}")
