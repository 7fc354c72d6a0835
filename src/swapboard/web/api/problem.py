"""What went wrong, for programs and for people: `application/problem+json` (RFC 9457)."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from pydantic_core import to_json
from sqlalchemy.exc import IntegrityError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from swapboard.storage.commit import Unavailable
from swapboard.storage.paging import BadCursor
from swapboard.storage.writer import Overloaded
from swapboard.web.bodies import Refused
from swapboard.web.sentences import said_of

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
NO_STORE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request: where (`body`, `query`, …), at which field, and what to write."""

    where: str
    path: Sequence[str | int]
    detail: str

    def document(self) -> dict[str, str]:
        """A JSON pointer (RFC 6901) into the body, or the parameter's name."""
        if self.where == "body":
            return {"pointer": "#" + "".join(f"/{_escaped(part)}" for part in self.path), "detail": self.detail}
        return {"parameter": ".".join(map(str, self.path)), "detail": self.detail}


class Problem(Exception):
    """An answer that is not what was asked for; `code` is for programs, `detail` for people."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = dict(headers or {})


class FaultDocument(BaseModel):
    """One thing that is wrong: at `pointer` in the body, or at `parameter` of the address or the headers."""

    pointer: str | None = None
    parameter: str | None = None
    detail: str


class ProblemDocument(BaseModel):
    """RFC 9457 problem details; `code` names the problem for programs and stays the same."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[FaultDocument] = Field(default_factory=list)


ELSEWHERE: dict[int | str, dict[str, Any]] = {
    502: {
        "model": ProblemDocument,
        "description": "Whom we asked did not do it, or did not answer.",
    }
}
"""For what a carrier or a bank has to do at once."""


def not_found(what: str) -> Problem:
    """There is no such thing here, or it is another company's: the two are not told apart."""
    return Problem(404, "not_found", f"There is no such {what}.")


def invalid(path: Sequence[str | int] | str, detail: str, where: str = "body") -> Problem:
    """One field cannot be used; `detail` says what to write instead."""
    path = [path] if isinstance(path, str) else path
    return invalid_all([Fault(where, path, detail)])


def invalid_all(faults: Sequence[Fault]) -> Problem:
    """Some fields cannot be used."""
    return Problem(422, "invalid", "Some of what was sent cannot be used; `errors` says what.", faults)


def conflict(code: str, detail: str) -> Problem:
    """It cannot be done as things are now."""
    return Problem(409, code, detail)


def response(problem: Problem) -> Response:
    """The problem as an answer."""
    document: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "errors": [fault.document() for fault in problem.faults],
    }
    return Response(to_json(document), problem.status, {**NO_STORE, **problem.headers}, media_type=MEDIA_TYPE)


def as_problem(error: Exception) -> Problem:
    """What the caller is told of an error; one that is our fault is logged, and nothing of it is shown."""
    if isinstance(error, Problem):
        return error
    for kind, told in _TOLD.items():
        if isinstance(error, kind):
            return told(error)
    log.error("an API request failed", exc_info=error)
    return Problem(500, "failed", "This is a fault in Swapboard; the server's log has the details.")


def _busy(retry_after_seconds: int) -> Problem:
    return Problem(
        503,
        "unavailable",
        f"The database is busy or does not answer; nothing was changed. Try again in {retry_after_seconds} s.",
        headers={"Retry-After": str(retry_after_seconds)},
    )


def _escaped(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _fault(error: Mapping[str, Any]) -> Fault:
    where, *path = error["loc"] or ("body",)
    parts = [part for part in path if part != "[key]"]
    return Fault(str(where), parts, said_of(error))


_CODES = {
    400: "bad_request",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    429: "too_many",
}


def _refused(error: Any) -> Problem:
    status: int = getattr(error, "status", None) or error.status_code
    detail: str = getattr(error, "reason", None) or error.detail
    return Problem(status, _CODES.get(status, "refused"), detail, headers=error.headers)


def _database_down(error: Exception) -> Problem:
    log.error("the database does not answer: %s", error)
    return _busy(Unavailable.retry_after_seconds)


_CHANGED_MEANWHILE = "Somebody changed this at the same moment; please try again."

_TOLD: Mapping[type[Exception], Callable[[Any], Problem]] = {
    RequestValidationError: lambda error: invalid_all([_fault(each) for each in error.errors()]),
    BadCursor: lambda error: invalid("cursor", str(error), "query"),
    Refused: _refused,
    HTTPException: _refused,
    Overloaded: lambda error: _busy(error.retry_after_seconds),
    Unavailable: lambda error: _busy(error.retry_after_seconds),
    IntegrityError: lambda _: conflict("changed_meanwhile", _CHANGED_MEANWHILE),
    NoFreeConnection: lambda _: _busy(Overloaded.retry_after_seconds),
    OperationalError: _database_down,
    InterfaceError: _database_down,
    InternalError: _database_down,
}
