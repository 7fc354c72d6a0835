"""The frame that all steps of the assistant share."""

from starlette.requests import Request
from starlette.responses import Response

from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.start_steps import LEFT, NAMES, START, STEPS, Step, before, progress_of


async def start_page(
    request: Request, desk: Desk, step: Step | None, status: int = 200, **view: object
) -> Response:
    """A step's page, or the summary (None)."""
    progress = await exchange_of(request).read(lambda connection: progress_of(connection, desk.company_id))
    frame: dict[str, object] = {
        "step": step,
        "steps": STEPS,
        "names": NAMES,
        "reasons": LEFT,
        "progress": progress,
        "back": before(step) if step else "",
        "onward": progress.after(step) if step else "",
        "start": START,
    }
    return page(f"start/{step or 'summary'}.html", status, None, desk=desk, **frame, **view)
