"""The files that an Asterisk needs for us: ARI, the trunk, and a dialplan that dials while we are down."""

from collections.abc import Mapping
from dataclasses import dataclass

from swapboard.carriers.asterisk.pbx import APP, Pbx

CONTEXT = "from-trunk"
_HEAD = "; Written by `swapboard asterisk-config`. Include it, or copy from it.\n"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a number's calls go while we do not answer, E.164."""

    number: str
    ring_seconds: int


def files(pbx: Pbx, destinations: Mapping[str, Destination], default: Destination | None) -> dict[str, str]:
    """Each file's content by its name; `destinations` by tracking number (E.164)."""
    return {
        "http.conf": _http(),
        "ari.conf": _ari(pbx),
        "pjsip.conf": _pjsip(),
        "extensions.conf": _extensions(pbx, destinations, default),
    }


def _http() -> str:
    return f"{_HEAD}[general]\nenabled=yes\nbindaddr=127.0.0.1\nbindport=8088\n"


def _ari(pbx: Pbx) -> str:
    user = f"[{pbx.username}]\ntype=user\npassword_format=plain\npassword={pbx.password}\n"
    return f"{_HEAD}[general]\nenabled=yes\n\n{user}"


def _pjsip() -> str:
    return (
        f"{_HEAD}; Put your provider's server in place of sip.example.com.\n"
        "[transport-udp]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n\n"
        f"[trunk]\ntype=endpoint\ncontext={CONTEXT}\ndisallow=all\nallow=ulaw,alaw\naors=trunk\n"
        "dtmf_mode=rfc4733\ntrust_id_inbound=yes\nsend_pai=yes\ndirect_media=no\n\n"
        "[trunk]\ntype=aor\ncontact=sip:sip.example.com\n\n"
        "[trunk]\ntype=identify\nendpoint=trunk\nmatch=sip.example.com\n"
    )


def _extensions(pbx: Pbx, destinations: Mapping[str, Destination], default: Destination | None) -> str:
    """Each number goes to us; when Stasis says FAILED, for we are not there, Asterisk dials by itself."""
    lines = [_HEAD, f"[{CONTEXT}]"]
    for number, destination in sorted(destinations.items()):
        # Providers send the + or leave it out.
        for written in (number, number.removeprefix("+")):
            lines += _extension(written, number, pbx, destination)
    if default is not None:
        lines += _extension("_[+0-9].", "${EXTEN}", pbx, default)
    return "\n".join(lines) + "\n"


def _extension(pattern: str, number: str, pbx: Pbx, destination: Destination) -> list[str]:
    dial = f"Dial({pbx.endpoint_of(destination.number)},{destination.ring_seconds})"
    return [
        f"exten => {pattern},1,Stasis({APP},in,{number})",
        ' same => n,GotoIf($["${STASISSTATUS}" = "FAILED"]?down)',
        " same => n,Hangup()",
        f" same => n(down),{dial}",
        " same => n,Hangup()",
        "",
    ]
