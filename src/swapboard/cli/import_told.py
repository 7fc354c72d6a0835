"""What `swapboard import` says of what it did, or would do."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

import typer

from swapboard.moving.difference import Difference, Doing

_MOST_SHOWN = 200
_MOST_NOTES = 40
_MOST_NAMED = 5


def tell(found: Sequence[Difference], calls: int, notes: Sequence[str], dry_run: bool, as_json: bool) -> None:
    """Each difference, what stays, each note and the sums; or all of it as one JSON line."""
    if as_json:
        document = {
            "dry_run": dry_run,
            "differences": [str(each) for each in found],
            "calls": calls,
            "notes": list(notes),
        }
        typer.echo(json.dumps(document))
        return
    differing = [each for each in found if each.doing is not Doing.KEEP]
    for each in differing[:_MOST_SHOWN]:
        typer.echo(str(each))
    if len(differing) > _MOST_SHOWN:
        typer.echo(f"… and {len(differing) - _MOST_SHOWN} more.")
    for line in _kept(found):
        typer.echo(line)
    for note in notes[:_MOST_NOTES]:
        typer.echo(f"note: {note}")
    if len(notes) > _MOST_NOTES:
        typer.echo(f"… and {len(notes) - _MOST_NOTES} more notes; --json has them all.")
    done = len(differing)
    if not (done or calls):
        typer.echo("Nothing would change." if dry_run else "Nothing changed.")
        return
    would = "would be" if dry_run else "were"
    typer.echo(f"{_counted(done, 'difference')} and {_counted(calls, 'call')} {would} written.")


def _kept(found: Sequence[Difference]) -> Iterator[str]:
    """What stays as the file does not name it, a line for each kind: a part of a set-up leaves hundreds out."""
    names: dict[str, list[str]] = defaultdict(list)
    for each in found:
        if each.doing is Doing.KEEP:
            names[each.what].append(each.name)
    for what, of_kind in names.items():
        if len(of_kind) == 1:
            yield f"keep {what} {of_kind[0]}, which is not in the file"
        else:
            more = ", …" if len(of_kind) > _MOST_NAMED else ""
            told = ", ".join(of_kind[:_MOST_NAMED])
            yield f"keep {_counted(len(of_kind), what)}, which are not in the file: {told}{more}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
