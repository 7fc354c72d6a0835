"""What people send with the dashboard's forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.datastructures import UploadFile
from starlette.requests import Request

from swapboard.amount import whole_of
from swapboard.web.bodies import Refused, read_body
from swapboard.web.dashboard.guard import Desk
from swapboard.web.dashboard.translation import _

MAX_FORM_BYTES = 64 * 1024
MAX_FIELDS = 10_000
"""A flow of a hundred steps with a way for each key has a quarter of it."""
MAX_FILES = 100
_MOST = 999_999_999


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, each with all its values."""

    fields: Mapping[str, Sequence[str]]

    def one(self, name: str, default: str = "") -> str:
        """The field's first value, without the spaces around it."""
        return next(iter(self.fields.get(name, ())), default).strip()

    def whole_number(self, name: str) -> int:
        """The field's value as a whole number; 0 for what is none, or too long to be meant."""
        return whole_of(self.one(name), _MOST) or 0

    def raw(self, name: str) -> str:
        """The same as it was typed: spaces at the ends of a password are part of it."""
        return next(iter(self.fields.get(name, ())), "")

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


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that somebody chose: what it is called there, and its bytes."""

    name: str
    content: bytes


async def read_with_files(
    request: Request, limit: int, field_limit: int = MAX_FORM_BYTES
) -> tuple[Form, Mapping[str, SentFile]]:
    """The form of a request and the files in it, by their field; also one without files. Raises Refused."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await read_form(request, field_limit), {}
    check_length(request, limit, _("That is too much at once: send at most %s MB.") % (limit // 1024 // 1024))
    async with request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=field_limit) as sent:
        files = {
            name: SentFile(value.filename, await value.read())
            for name, value in sent.multi_items()
            if isinstance(value, UploadFile) and value.filename
        }
        fields: dict[str, list[str]] = {}
        for name, value in sent.multi_items():
            if isinstance(value, str):
                fields.setdefault(name, []).append(value)
    if any("\0" in value for values in fields.values() for value in values):
        raise Refused(400, _("The form must not contain a NUL character."))
    return Form(fields), files


def check_length(request: Request, limit: int, too_long: str) -> None:
    """Before anything of a form with files is read. Raises Refused (411, or 413 with these words)."""
    size = request.headers.get("content-length", "")
    is_told = size.isascii() and size.isdigit() and len(size) < 12
    # Of a form in chunks the length says nothing: it could go on without end.
    if not is_told or "transfer-encoding" in request.headers:
        raise Refused(411, _("The browser did not say how long the form is."))
    if int(size) > limit:
        raise Refused(413, too_long)


def require_change(desk: Desk) -> None:
    """Raises Refused (403) for people who may only look."""
    if not desk.user.role.may_change:
        raise Refused(403, _("Your role lets you look, but not change the set-up. Ask an owner or an admin."))
