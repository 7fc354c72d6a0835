"""`swapboard recompute`: weighs past calls anew by what was learned since."""

import json
from typing import Annotated

import typer

from swapboard.attribution.recompute import recompute as recompute_calls
from swapboard.cli.company import company_called, database
from swapboard.cli.problems import Problem
from swapboard.clock import DAY, system_clock
from swapboard.storage.engine import writing


def recompute(
    company: Annotated[str, typer.Option(help="The company's name.")],
    days: Annotated[int, typer.Option(min=1, help="How many days back.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line.")] = False,
) -> None:
    """Weigh past calls anew by what was learned since; what changes is written down, with who asked for it.

    Calls keep what they were credited to when they ended, unless this command is run.

    Example: swapboard recompute --company "Brightwater Plumbing" --days 90
    """
    now = system_clock()
    with writing(database()) as connection:
        company_id = company_called(connection, company)
        if company_id is None:
            raise Problem(f"There is no company {company!r}. Look at its name in the dashboard's set-up.")
        weighed, changed = recompute_calls(connection, company_id, now - days * DAY, "command line", now)
    if as_json:
        typer.echo(json.dumps({"calls": weighed, "changed": changed}))
    else:
        typer.echo(f"{weighed:,} calls were weighed, {changed:,} came out differently.")
