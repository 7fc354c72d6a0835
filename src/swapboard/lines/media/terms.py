"""What two sides agree on by SDP (RFC 3264): where the sound goes, in which law, and how keys come."""

from dataclasses import dataclass

from aiosipua import parse_sdp
from aiosipua.sdp import MediaDescription

from swapboard.carriers.lines.g711 import A_LAW, MU_LAW

_OWN_EVENT_TYPE = 101


class NoCommonCodec(ValueError):
    """The other side offers no sound that we know: neither law of G.711, or no plain RTP."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The other side's end of the sound."""

    host: str
    port: int
    payload_type: int
    """MU_LAW or A_LAW."""
    event_type: int | None
    """The payload type of keys (RFC 4733); None when they do not come by RTP."""
    listens: bool = True
    """False while it has put us on hold."""


def read_terms(description: str) -> Terms:
    """What an offer or answer says; the first law it names. Raises NoCommonCodec, or ValueError when broken."""
    sdp = parse_sdp(description)
    audio, address = sdp.audio, sdp.rtp_address
    if audio is None or address is None or audio.proto.upper() != "RTP/AVP" or not audio.port:
        raise NoCommonCodec("there is no audio by plain RTP in the description")
    laws = [int(each) for each in audio.formats if each in {str(MU_LAW), str(A_LAW)}]
    if not laws:
        raise NoCommonCodec("it has neither PCMU nor PCMA")
    if not 0 < address[1] < 65_536:
        raise ValueError("its port is none")
    host = address[0]
    on_hold = audio.direction in {"sendonly", "inactive"} or host == "0.0.0.0"  # noqa: S104 RFC 2543's hold
    return Terms(host, address[1], laws[0], _event_type(audio), listens=not on_hold)


def _event_type(audio: MediaDescription) -> int | None:
    for codec in audio.codecs:
        if codec.encoding_name.lower() == "telephone-event":
            return codec.payload_type
    return None


def describe(host: str, port: int, version: int, answer_to: Terms | None = None) -> str:
    """Our own description: both laws in an offer; in an answer the one agreed on."""
    event_type = _OWN_EVENT_TYPE if answer_to is None else answer_to.event_type
    laws = [MU_LAW, A_LAW] if answer_to is None else [answer_to.payload_type]
    names = {MU_LAW: "PCMU", A_LAW: "PCMA"}
    lines = [
        "v=0",
        f"o=swapboard {version} {version} IN {_family(host)} {host}",
        "s=-",
        f"c=IN {_family(host)} {host}",
        "t=0 0",
        f"m=audio {port} RTP/AVP {' '.join(map(str, laws))}" + (f" {event_type}" if event_type else ""),
        *(f"a=rtpmap:{law} {names[law]}/8000" for law in laws),
        *((f"a=rtpmap:{event_type} telephone-event/8000", f"a=fmtp:{event_type} 0-15") if event_type else ()),
        "a=ptime:20",
        "a=recvonly" if answer_to and not answer_to.listens else "a=sendrecv",
    ]
    return "\r\n".join(lines) + "\r\n"


def _family(host: str) -> str:
    return "IP6" if ":" in host else "IP4"
