"""All that a company has, in a folder: its set-up, each list as JSON Lines, two of them as Parquet too."""

from collections.abc import Iterable
from pathlib import Path

import typer
from pydantic import BaseModel
from sqlalchemy import Engine

from swapboard.accounts.audit import Act, note
from swapboard.cli.company import COMMAND_LINE
from swapboard.cli.problems import Problem, writing_file
from swapboard.clock import Millis
from swapboard.moving.house_reading import read_setup
from swapboard.moving.own_export import SETUP
from swapboard.moving.toml_text import to_toml
from swapboard.reports.grid_parquet import can_write_parquet
from swapboard.storage.engine import reading, writing
from swapboard.web.api.everything import EVERYTHING
from swapboard.web.api.parquet_lines import write_parquet_lines

_AS_PARQUET = ("calls", "sessions")


def export_all(engine: Engine, company_id: str, folder: Path, now: Millis) -> None:
    """Write it into a new or empty folder that nobody else may read. Raises Problem."""
    with writing_file(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Problem(f"{folder} is not empty. Name a new folder.")
        with reading(engine) as connection:
            (folder / SETUP).write_text(to_toml(read_setup(connection, company_id)), "utf-8")
        for name, listed in EVERYTHING.items():
            lines = _write_lines(folder / f"{name}.jsonl", listed.documents(engine, company_id))
            typer.echo(f"{name}: {lines}")
        _write_parquet(engine, company_id, folder)
    with writing(engine) as connection:
        note(connection, company_id, COMMAND_LINE, Act.EXPORTED, "everything", now)


def _write_lines(path: Path, documents: Iterable[BaseModel]) -> int:
    lines = 0
    with path.open("w", encoding="utf-8") as file:
        for each in documents:
            file.write(f"{each.model_dump_json(by_alias=True)}\n")
            lines += 1
    return lines


def _write_parquet(engine: Engine, company_id: str, folder: Path) -> None:
    if not can_write_parquet():
        typer.echo("No Parquet: for that, install swapboard[parquet].")
        return
    for name in _AS_PARQUET:
        listed = EVERYTHING[name]
        write_parquet_lines(folder / f"{name}.parquet", listed.line, listed.documents(engine, company_id))
