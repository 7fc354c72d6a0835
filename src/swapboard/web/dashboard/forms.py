"""What people send with the dashboard's forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.requests import Request

from swapboard.web.bodies import Refused, read_body
from swapboard.web.dashboard.guard import Desk
from swapboard.web.dashboard.translation import _

MAX_FORM_BYTES = 64 * 1024
MAX_FIELDS = 2_000


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, each with all its values."""

    fields: Mapping[str, Sequence[str]]

    def one(self, name: str, default: str = "") -> str:
        """The field's first value, without the spaces around it."""
        return next(iter(self.fields.get(name, ())), default).strip()

    def every(self, name: str) -> Sequence[str]:
        """All values of the field."""
        return [value.strip() for value in self.fields.get(name, ())]


async def read_form(request: Request, limit: int = MAX_FORM_BYTES) -> Form:
    """The form of a request (URL-encoded, UTF-8). Raises Refused (400, 413)."""
    body = await read_body(request, limit)
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=MAX_FIELDS, errors="strict", keep_blank_values=True)
    except ValueError:
        raise Refused(400, _("The form could not be read. Load the page again and try once more.")) from None
    if any("\0" in value for values in fields.values() for value in values):
        raise Refused(400, _("The form must not contain a NUL character."))
    return Form(fields)


def require_change(desk: Desk) -> None:
    """Raises Refused (403) for people who may only look."""
    if not desk.user.role.may_change:
        raise Refused(403, _("Your role lets you look, but not change the set-up. Ask an owner or an admin."))
