"""The fallback documents: one for each number, in a folder that any static web host can serve.

A carrier asks for a number's document when our doors do not answer. It says only: dial where these calls go. So it
needs nothing of ours to be up, and is written anew whenever numbers, flows or destinations change.
"""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection

from swapboard.calls.fallback import ANY_NUMBER, document_name, ways_out
from swapboard.calls.routes import Routes
from swapboard.calls.step import HangUp, Step
from swapboard.calls.store import carrier_accounts
from swapboard.carriers.base import CarrierResponse, Links
from swapboard.carriers.installed import UnknownCarrier, carrier_kind
from swapboard.storage.whole_file import replace_file

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)

LIST_NAME = "documents.json"
"""Names what we wrote, so that nothing else in the folder is ever removed."""
_SUFFIXES = {"text/xml": "xml", "application/xml": "xml", "application/json": "json"}
"""Static hosts tell the type by the name's end, and carriers insist on the type."""


class Written(NamedTuple):
    """What writing the folder did: documents in all, and of them new or changed, and those that are gone."""

    documents: int
    changed: int
    removed: int


def write_fallback(folder: Path, routes: Routes) -> Written:
    """Bring the folder up to date; each document is replaced in one step. Raises OSError.

    What is the same already is left alone, so that copying tools see what changed by its time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known, wanted = _listed(folder), rendered(routes)
    if known and not routes.carriers:
        # Of a server that was begun on another data folder by mistake: the real one's calls depend on these.
        log.warning("no carrier account is known here: the fallback documents in %s stay as they are", folder)
        return Written(0, 0, 0)
    changed = [name for name, body in wanted.items() if _content(folder / name) != body]
    for name in changed:
        replace_file(folder / name, wanted[name])
    gone = known - wanted.keys()
    if changed or gone or not (folder / LIST_NAME).exists():
        # Before anything is removed: a crash leaves a document too many rather than one that nobody knows of.
        replace_file(folder / LIST_NAME, json.dumps(sorted(wanted), indent=1).encode())
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    return Written(len(wanted), len(changed), len(gone))


def rendered(routes: Routes) -> Mapping[str, bytes]:
    """Every document by its name in the folder; accounts of carriers that are not installed have none."""
    made: dict[tuple[str, Step], CarrierResponse | None] = {}
    documents: dict[str, bytes] = {}
    for way in ways_out(routes):
        key = way.account.kind, way.step
        if key not in made:
            made[key] = _document(way.account.kind, way.step)
        if document := made[key]:
            documents[f"{way.name}.{_suffix(document)}"] = document.body.encode()
    return documents


async def links_to(exchange: "Exchange", company_id: str, carrier_id: str, number: str) -> Links:
    """Our doors for a number, and its static document if there is a host for it."""
    settings = exchange.settings
    plain = Links(settings.public_url, carrier_id)
    if not settings.fallback_url:
        return plain

    def kind_of(connection: Connection) -> str:
        rows = carrier_accounts(connection, company_id)
        return next((row.kind for row in rows if row.carrier_id == carrier_id), "")

    kind = await exchange.read(kind_of)
    own, of_any = (
        fallback_address(settings.fallback_url, carrier_id, kind, each) for each in (number, ANY_NUMBER)
    )
    return Links(settings.public_url, carrier_id, own, fallback_of_any=of_any)


def fallback_address(fallback_url: str, carrier_id: str, kind: str, number: str) -> str:
    """The public address of a number's document; empty for a carrier that is not installed."""
    document = _document(kind, Step(HangUp()))
    return f"{fallback_url}/{document_name(carrier_id, number)}.{_suffix(document)}" if document else ""


def _document(kind: str, step: Step) -> CarrierResponse | None:
    try:
        return carrier_kind(kind).last_resort(step)
    except UnknownCarrier:
        return None


def _suffix(document: CarrierResponse) -> str:
    return _SUFFIXES.get(document.media_type.partition(";")[0], "txt")


def _listed(folder: Path) -> set[str]:
    """What we wrote before; a list that cannot be read names nothing, so that nothing is removed."""
    try:
        names = json.loads((folder / LIST_NAME).read_bytes())
    except (OSError, ValueError):
        return set()
    # The folder may have been shared: a list that somebody changed must not lead out of it.
    return {str(name) for name in names if (folder / str(name)).resolve().is_relative_to(folder.resolve())}


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None
