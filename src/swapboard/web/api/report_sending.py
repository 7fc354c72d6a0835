"""`/api/v1/reports/views/{view_id}/send` and `…/pdf`: a saved report by e-mail, or as its PDF, once and now."""

from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.language import speaking
from swapboard.letter import Letter
from swapboard.mail.outbox import MOST_ADDRESSES
from swapboard.reports.report import read_report
from swapboard.reports.saved_view import SavedView
from swapboard.reports.sheet import Sheet
from swapboard.switchboard.report_mail import file_name, send_one_now, write_one
from swapboard.switchboard.sheets import read_sheet
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Message
from swapboard.web.api.problem import conflict, invalid
from swapboard.web.api.report_recipients import Address, check_recipients
from swapboard.web.api.route import ApiRoute
from swapboard.web.api.saved_views import shared_view

router = APIRouter(prefix="/reports/views/{view_id}", tags=[Resource.REPORTS], route_class=ApiRoute)


class Sending(Message):
    """To whom."""

    recipients: list[Address] = Field(min_length=1, max_length=MOST_ADDRESSES, examples=[["ada@example.com"]])


class SentDocument(BaseModel):
    """What is on its way."""

    view_id: str
    recipients: list[str]


@router.post("/send", status_code=202, response_model=SentDocument, summary="E-mail a saved report now")
async def send_now(view_id: str, sending: Sending, desk: ToCreate) -> Response:
    """With the report inline and as PDF, within a minute; 409 where no mail server is set. It names no callers.

    An analyst's key reaches the company's own people only.
    """
    if not desk.exchange.settings.smtp_url:
        await desk.read(lambda connection: shared_view(connection, desk, view_id))
        raise conflict("no_mail_server", "No mail server is set (SWAPBOARD_SMTP_URL).")
    to = list(dict.fromkeys(sending.recipients))
    await desk.read(lambda connection: check_recipients(connection, desk, to))
    view, (letter, pdf) = await _written(view_id, desk)

    def write(connection: Connection) -> SentDocument:
        send_one_now(connection, view, to, letter, pdf, desk.now)
        return SentDocument(view_id=view.view_id, recipients=to)

    return await desk.create(write, 202)


@router.get(
    "/pdf",
    summary="A saved report as PDF",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "The file that e-mails have, too."}},
)
async def download(view_id: str, desk: AtDesk) -> Response:
    """Counted now. It names no callers; 422 for a page that is no report."""
    view, (_letter, pdf) = await _written(view_id, desk)
    # A name of any script, RFC 6266.
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name(view))}"}
    return Response(pdf, media_type="application/pdf", headers=headers)


async def _written(view_id: str, desk: Desk) -> tuple[SavedView, tuple[Letter, bytes]]:
    def read(connection: Connection) -> tuple[SavedView, Sheet]:
        view = shared_view(connection, desk, view_id)
        try:
            return view, read_sheet(connection, desk.company, view.name, read_report(view.address), desk.now)
        except ValueError as error:
            raise invalid("view_id", str(error), "path") from None

    with speaking(desk.company.language):
        view, sheet = await desk.read(read)
        url, by = desk.exchange.settings.public_url, desk.caller.known_as
        return view, await run_sync(write_one, sheet, desk.company, view, url, by)
