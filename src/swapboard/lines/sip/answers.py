"""Answers to requests, and where they go (RFC 3261, 8.2.6 and 18.2.2; RFC 3581)."""

from aiosipua import SipRequest, SipResponse, parse_via
from aiosipua.headers import stringify_via

Address = tuple[str, int]
SIP_PORT = 5060
ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE"

_PHRASES = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    500: "Server Internal Error",
    503: "Service Unavailable",
}


def answer_to(request: SipRequest, status: int, tag: str | None = None) -> SipResponse:
    """The answer with this status; `tag` is our end of the dialog, where the request has none yet."""
    response = SipResponse(status_code=status, reason_phrase=_PHRASES[status])
    for name in ("Via", "From", "Call-ID", "CSeq", "Record-Route"):
        for value in request.headers.get(name):
            response.headers.append(name, value)
    to = request.headers.get_first("To") or ""
    response.headers.set_single("To", to if tag is None or "tag=" in to else f"{to};tag={tag}")
    response.headers.set_single("Allow", ALLOW)
    return response


def note_source(request: SipRequest, source: Address) -> Address:
    """Write into the topmost Via where the request came from; the answer is that address to send answers to.

    Always the host that it came from, whatever it says of itself: nobody can have us send to a third.
    """
    vias = request.headers.get("Via")
    via = parse_via(vias[0])
    port = via.port or SIP_PORT
    if "rport" in via.params:
        via.params["rport"] = str(source[1])
        port = source[1]
    via.params["received"] = source[0]
    request.headers.remove("Via")
    for value in (stringify_via(via), *vias[1:]):
        request.headers.append("Via", value)
    return source[0], port
