"""`swapboard backup` and `swapboard restore`."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.filesize import decimal

from swapboard.cli.ended import ended_in_order
from swapboard.cli.problems import Problem, writing_file
from swapboard.clock import system_clock
from swapboard.settings import read_settings
from swapboard.upkeep.backup import CannotBackUp, back_up, free_name
from swapboard.upkeep.restore import CannotRestore, restore

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON line.")]


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; without one, a name with the time in this folder.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write everything into one file: database, secret key, recordings, routes, waiting events, settings.

    The server may run meanwhile.

    Whoever has the file can read every credential in it: keep it as safe as the server.

    Example: swapboard backup /var/backups/swapboard.tar.gz --force
    """
    now = system_clock()
    target = file or free_name(Path(), now)
    if target.is_dir():
        target = free_name(target, now)
    if target.exists() and not force:
        raise Problem(f"{target} exists already. Choose another name, or give --force to replace it.")
    try:
        with ended_in_order(), writing_file(target), Console(stderr=True).status("copying"):
            made = back_up(read_settings(), target, os.environ, now)
    except CannotBackUp as error:
        raise Problem(str(error)) from error
    size = made.file.stat().st_size
    if as_json:
        members = sorted(made.manifest.members)
        typer.echo(
            json.dumps({"file": str(made.file), "bytes": size, "members": members, "recordings": made.sounds})
        )
    else:
        typer.echo(f"{made.file} holds everything ({decimal(size)}). Keep it safe: the secret key is in it.")


def restore_command(
    file: Annotated[Path, typer.Argument(help="What `swapboard backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace what is there now, which is lost then.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup back, into the data folder and the database of the settings. Stop the server first.

    Example: swapboard restore /var/backups/swapboard.tar.gz
    """
    settings = read_settings()
    try:
        with Console(stderr=True).status("putting back"):
            manifest = restore(settings, file, force)
    except CannotRestore as error:
        raise Problem(str(error)) from error
    except OSError as error:
        if error.filename:
            raise Problem(f"{error.filename}: {error.strerror}.") from error
        # A write that finds no room names no file.
        with writing_file(settings.data_dir):
            raise
    if as_json:
        typer.echo(json.dumps({"made_at": manifest.made_at, "made_by": manifest.swapboard}))
    else:
        typer.echo(f"Everything is as it was on {manifest.made_at} (Swapboard {manifest.swapboard}).")
