"""`swapboard explain CALL`: why a call converted at each destination, or did not."""

import json
from collections.abc import Sequence
from typing import Annotated

import typer

from swapboard.accounts.secrets import Vault
from swapboard.cli.company import database, named_company
from swapboard.cli.problems import Problem
from swapboard.clock import iso, system_clock
from swapboard.conversions.outbox import State
from swapboard.leads.lead import ContactKind
from swapboard.settings import read_settings
from swapboard.storage.engine import reading
from swapboard.switchboard.explaining import Explanation, Told, explain


def explain_command(
    call: Annotated[str, typer.Argument(help="The call's id, as it stands in its page's address.")],
    company: Annotated[str, typer.Option(help="The company's name.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line.")] = False,
) -> None:
    """Say why a call converted at each destination, or did not: every rule, every reason, every answer.

    Example: swapboard explain 019a3c0e7f5b4d2c8e1f6a7b8c9d0e1f --company "Brightwater Plumbing"
    """
    engine, vault = database(), Vault.open(read_settings().secret_file)
    with reading(engine) as connection:
        company_id = named_company(connection, company)
        found = explain(connection, company_id, ContactKind.CALL, call, vault, system_clock())
    engine.dispose()
    if found is None:
        raise Problem(f"There is no call {call!r} that is over. Its id stands in the address of its page.")
    typer.echo(json.dumps([_facts(each) for each in found]) if as_json else "\n".join(_lines(found)))


def _facts(told: Explanation) -> dict[str, object]:
    return {
        "destination": told.destination.name,
        "counts": told.finding.counts,
        "value_cents": told.finding.value_cents,
        "reasons": [{"is_met": each.is_met, "words": str(each)} for each in told.finding.reasons],
        "objection": told.objection,
        "told": [
            {"says": each.delivery.message.saying, "state": each.delivery.state, "words": each.delivery.words}
            for each in told.told
        ],
    }


def _lines(found: Sequence[Explanation]) -> list[str]:
    if not found:
        return ["There is no destination yet, so nobody is told of calls. See docs/conversions.md."]
    return [line for each in found for line in _of_destination(each)]


def _of_destination(told: Explanation) -> list[str]:
    name = told.destination.name
    verdict = "counts" if told.finding.counts else "does not count"
    lines = [f"{name}: it {verdict}." if told.destination.is_on else f"{name} is switched off; it {verdict}."]
    lines += [f"  {'yes' if each.is_met else 'NO '}  {each}" for each in told.finding.reasons]
    if told.objection:
        lines.append(f"  It cannot be told there: {told.objection}")
    for each in told.told:
        lines += _of_delivery(each)
    if told.finding.counts and not told.told:
        lines.append("  It was not told: the destination did not exist, or was off, when the call ended.")
    return lines


def _of_delivery(told: Told) -> list[str]:
    delivery = told.delivery
    head = f"  {delivery.message.saying}, {iso(delivery.said_at)}: {delivery.state}"
    tries = [f"    {iso(each.happened_at)} {each.result.outcome}: {each.result.words}" for each in told.attempts]
    if tries and delivery.state is State.WAITING:
        tries.append(f"    next try: {iso(delivery.due_at)}")
    return [head, *tries]
