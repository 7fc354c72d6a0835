"""A whole list as a file, which the journal says was taken out."""

from starlette.requests import Request
from starlette.responses import Response

from swapboard.accounts.audit import Act, note
from swapboard.spreadsheet import file_of
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.methods import only_looks


async def taken_out(request: Request, desk: Desk, name: str, text: str) -> Response:
    """The table, to be kept under this name; who took it is written down first."""
    await note_taken_out(request, desk)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(file_of(text), headers=headers, media_type="text/csv; charset=utf-8")


async def note_taken_out(request: Request, desk: Desk) -> None:
    """Write down who takes it."""
    if only_looks(request):
        return
    who, what = desk.user.email, request.url.path
    await exchange_of(request).change(
        lambda connection: note(connection, desk.company_id, who, Act.EXPORTED, what, desk.now)
    )
