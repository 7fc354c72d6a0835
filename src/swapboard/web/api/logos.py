"""`/api/v1/companies/{company_id}/logo`: the picture above a company's pages and reports."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Base64Bytes, BaseModel, Field
from sqlalchemy import Connection

from swapboard.accounts.brand import NoLogo, brand_of, keep_logo, read_logo
from swapboard.accounts.rights import Resource
from swapboard.web.api.companies import reachable
from swapboard.web.api.desk import AtDesk, Desk
from swapboard.web.api.fields import Message
from swapboard.web.api.problem import invalid
from swapboard.web.api.route import ApiRoute


class LogoRoute(ApiRoute):
    """A route that takes a picture."""

    most_body_bytes = 512 * 1024


router = APIRouter(prefix="/companies/{company_id}/logo", tags=[Resource.COMPANIES], route_class=LogoRoute)

Picture = Annotated[
    Base64Bytes,
    Field(
        description="A PNG, JPEG, GIF or WebP file in base64, at most 200 KB; no SVG, which can hold scripts.",
        json_schema_extra={"format": "byte"},
    ),
]


class NewLogo(Message):
    """Another picture."""

    content: Picture


class LogoDocument(BaseModel):
    """Where the picture is."""

    url: str | None = Field(description="Open to everybody who knows it, since it stands on shared reports.")


@router.get("", summary="A company's logo")
async def get(company_id: str, desk: AtDesk) -> LogoDocument:
    """Its address; null where there is none."""
    return await desk.read(lambda connection: _document(connection, desk, company_id))


@router.put("", summary="Set a company's logo")
async def set_logo(company_id: str, new: NewLogo, desk: AtDesk) -> LogoDocument:
    """It stands above its pages and reports from now on."""
    await desk.read(lambda connection: reachable(connection, desk, company_id))
    try:
        logo = read_logo(new.content)
    except NoLogo as error:
        raise invalid("content", str(error)) from None

    def write(connection: Connection) -> LogoDocument:
        keep_logo(connection, company_id, logo)
        return _document(connection, desk, company_id)

    return await desk.change(write, company_id)


@router.delete("", status_code=204, summary="Remove a company's logo")
async def remove(company_id: str, desk: AtDesk) -> None:
    """Its name stands there alone."""
    await desk.read(lambda connection: reachable(connection, desk, company_id))
    await desk.change(lambda connection: keep_logo(connection, company_id, None), company_id)


def _document(connection: Connection, desk: Desk, company_id: str) -> LogoDocument:
    path = brand_of(connection, reachable(connection, desk, company_id)).logo
    return LogoDocument(url=f"{desk.exchange.settings.public_url}{path}" if path else None)
