"""`/api/v1/destinations/kinds`: whom one can tell, and what each needs to know."""

from dataclasses import replace

from fastapi import APIRouter
from pydantic import BaseModel, Field

from swapboard.accounts.rights import Resource
from swapboard.conversions.destinations.base import DestinationKind, Hearing
from swapboard.conversions.destinations.installed import usable
from swapboard.conversions.event import Event
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.fields import PageDocument
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/destinations/kinds", tags=[Resource.DESTINATIONS], route_class=ApiRoute)


class FieldDocument(BaseModel):
    """One thing that a destination needs to know."""

    name: str
    label: str
    hint: str
    secret: bool
    required: bool
    choices: tuple[str, ...]
    many: bool = Field(description="Any of the choices, with commas between.")
    default: str


class KindDocument(BaseModel):
    """A kind of destination."""

    kind: str
    name: str
    is_advertising: bool = Field(description="Never told of visitors who asked for privacy.")
    fields: list[FieldDocument]
    hears: tuple[Event, ...] = Field(description="What it can be told of, of every call.")


@router.get("", summary="Which kinds there are, and what they need")
async def kinds(desk: AtDesk) -> PageDocument[KindDocument]:
    """Every kind that is installed."""
    known = [_document(name, kind) for name, kind in usable().items()]
    return PageDocument(data=known, next_cursor=None)


def _document(kind: str, known: DestinationKind) -> KindDocument:
    fields = [
        FieldDocument.model_validate(replace(field, hint=field.help), from_attributes=True)
        for field in known.fields
    ]
    hears = tuple(known.hears) if isinstance(known, Hearing) else ()
    return KindDocument(
        kind=kind, name=known.name, is_advertising=known.is_advertising, fields=fields, hears=hears
    )
