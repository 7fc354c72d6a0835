"""`swapboard export`: a company's set-up as a file, or all that it has in a folder."""

from pathlib import Path
from typing import Annotated

import typer

from swapboard.cli.company import CompanyName, database, named_company
from swapboard.cli.problems import Problem, writing_file
from swapboard.clock import system_clock
from swapboard.moving.house_reading import read_setup
from swapboard.moving.toml_text import to_toml
from swapboard.storage.engine import reading


def export(
    company: CompanyName,
    output: Annotated[Path | None, typer.Option(help="Write to this file; else to standard output.")] = None,
    everything: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write calls, visits, forms, people and all else into a new folder."),
    ] = None,
) -> None:
    """Write a company's whole set-up as TOML: settings, sites, swap targets, pools, numbers, rules.

    With --everything also all that it has taken down: JSON Lines for each list, Parquet for calls and sessions.

    Example: swapboard export --company "Brightwater Plumbing" --output brightwater.toml
    """
    engine = database()
    with reading(engine) as connection:
        company_id = named_company(connection, company)
        text = to_toml(read_setup(connection, company_id))
    if everything is not None:
        if output is not None:
            raise Problem("Give --output or --everything: the folder has the set-up, too.")
        # It loads the whole API, which a set-up alone need not wait for.
        from swapboard.cli.export_all import export_all  # noqa: PLC0415

        export_all(engine, company_id, everything, system_clock())
        return
    if output is None:
        typer.echo(text, nl=False)
    else:
        with writing_file(output):
            output.write_text(text, "utf-8")
