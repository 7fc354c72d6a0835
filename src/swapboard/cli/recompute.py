"""`swapboard recompute`: weighs past calls anew by what was learned since."""

import json
from typing import Annotated

import typer

from swapboard.attribution.recompute import Credit, Review, in_batches, review
from swapboard.cli.company import database, named_company
from swapboard.clock import DAY, iso, system_clock
from swapboard.storage.commit import carry_out
from swapboard.storage.engine import reading
from swapboard.switchboard.recrediting import recredit

ACTOR = "command line"
MOST_SHOWN = 20


def recompute(
    company: Annotated[str, typer.Option(help="The company's name.")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="How many days back.")] = 30,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line.")] = False,
) -> None:
    """Weigh past calls anew by what was learned since; what changes is written down, with who asked for it.

    Calls keep what they were credited to when they ended, unless this command is run, or the same is asked for in
    the dashboard (Calls, How sure we are). Look first with --dry-run.

    Example: swapboard recompute --company "Brightwater Plumbing" --days 90 --dry-run
    """
    now, engine = system_clock(), database()
    with reading(engine) as connection:
        company_id = named_company(connection, company)
        found = review(connection, company_id, now - days * DAY, now)
    changed = 0
    for batch in in_batches(found.changes) if not dry_run else ():
        changed += carry_out(engine, recredit, company_id, found.version, batch, ACTOR, now)
    engine.dispose()
    if as_json:
        facts = {"calls": found.weighed, "changed": changed, "would_change": len(found.changes)}
        typer.echo(json.dumps({**facts, "would_move": len(found.moved)}))
    else:
        _tell(found, changed, dry_run)


def _tell(found: Review, changed: int, dry_run: bool) -> None:
    calls = "call was" if found.weighed == 1 else "calls were"
    typer.echo(f"{found.weighed:,} {calls} weighed by version {found.version} of what was learned.")
    moved, surer = len(found.moved), len(found.changes) - len(found.moved)
    for each in found.moved[:MOST_SHOWN]:
        typer.echo(f"  {iso(each.started_at)}  {each.call_id}  {_said(each.was)} -> {_said(each.became)}")
    if moved > MOST_SHOWN:
        typer.echo(f"  and {moved - MOST_SHOWN:,} more")
    typer.echo(f"{moved:,} go to another visit or to none; {surer:,} stay, and only how sure we are changes.")
    typer.echo("Nothing was changed; leave out --dry-run to do it." if dry_run else f"{changed:,} were changed.")


def _said(credit: Credit) -> str:
    who = f"visit {credit.session_id}" if credit.session_id else "nobody"
    return who if credit.confidence is None else f"{who} ({credit.confidence:.0%})"
