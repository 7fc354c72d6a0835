"""A person's word on whether the credited visit really made the call."""

from collections.abc import Mapping

from sqlalchemy.exc import NoResultFound
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from swapboard.attribution.verdicts import Said, say
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import read_form
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import _

_SAID: Mapping[str, Said | None] = {**{word.value: word for word in Said}, "": None}


async def judge_match(request: Request, desk: Desk) -> Response:
    """Keep what was said of the match, and show the call again."""
    if not desk.user.role.may_judge:
        raise Refused(403, _("Your role lets you look, but not judge calls. Ask an owner or an admin."))
    said, call_id = (await read_form(request)).one("match"), request.path_params["call_id"]
    if said not in _SAID:
        raise Refused(400, _("Say right, wrong, nobody, or nothing."))
    try:
        is_kept = await exchange_of(request).change(
            lambda connection: say(connection, desk.company_id, call_id, _SAID[said], desk.user.email, desk.now)
        )
    except NoResultFound:
        raise HTTPException(404) from None
    if not is_kept:
        raise Refused(409, _("Nothing was concluded from this call, so there is nothing to be right or wrong."))
    return done(request, f"/calls/{call_id}", _("What you said of the match is saved."))
