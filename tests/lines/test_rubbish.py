"""Whatever comes by datagram, from whomever: it is ignored or refused, and the next call is taken."""

import asyncio
import struct
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiortp import DtmfEvent
from aiosipua import Dialog
from hypothesis import given
from hypothesis import strategies as st

from swapboard.lines.bridge import join
from swapboard.lines.media.port import AudioPort
from swapboard.lines.media.terms import Terms, read_terms
from swapboard.lines.sip import leg, transactions
from swapboard.lines.sip.endpoint import Endpoint, Ignored
from swapboard.lines.sip.line import Means, SipLine
from swapboard.lines.sip.transactions import ServerTransaction
from tests.patience import HANGS_AFTER_SECONDS

TRUNK, STRANGER = "203.0.113.5", "198.51.100.7"
INVITE = (
    b"INVITE sip:+12025550100@203.0.113.9 SIP/2.0\r\nVia: SIP/2.0/UDP 203.0.113.5:5060;branch=z9hG4bK1;rport\r\n"
    b"From: <sip:+12125550111@203.0.113.5>;tag=a\r\nTo: <sip:+12025550100@203.0.113.9>\r\nCall-ID: one\r\n"
    b"CSeq: 1 INVITE\r\nContact: <sip:a@203.0.113.5>\r\nContent-Type: application/sdp\r\n\r\n"
    b"v=0\r\no=- 1 1 IN IP4 203.0.113.5\r\ns=-\r\nc=IN IP4 203.0.113.5\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 101\r\n"
)
OPTIONS = INVITE.replace(b"INVITE", b"OPTIONS").replace(b"z9hG4bK1", b"z9hG4bK2")
LAST = OPTIONS.replace(b"z9hG4bK2", b"z9hG4bKlast")


@dataclass
class Wire:
    """In place of a socket: what was sent."""

    sent: list[tuple[bytes, Any]] = field(default_factory=list)

    def sendto(self, data: bytes, to: Any) -> None:
        self.sent.append((data, to))

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        pass


def heard(datagrams: list[bytes], host: str = TRUNK) -> tuple[Endpoint, Wire, list[ServerTransaction]]:
    """What an end of ours makes of these."""
    invited: list[ServerTransaction] = []
    wire = Wire()

    async def hear() -> Endpoint:
        endpoint = Endpoint(lambda each: each == TRUNK, lambda invite, _source: invited.append(invite))
        endpoint.connection_made(wire)  # type: ignore[arg-type]
        for datagram in datagrams:
            endpoint.datagram_received(datagram, (host, 5060))
        endpoint.close()
        return endpoint

    return asyncio.run(hear()), wire, invited


def changed(whole: bytes) -> st.SearchStrategy[bytes]:
    """The datagram with a piece of it cut out, and something else in its place."""

    def put(places: tuple[int, int], piece: bytes) -> bytes:
        first, last = sorted(places)
        return whole[:first] + piece + whole[last:]

    place = st.integers(0, len(whole))
    pieces = st.one_of(
        st.binary(max_size=60), st.sampled_from([b"\r\n", b"\r\n\r\n", b":", b"<", b">;", b";;=", b"\0"])
    )
    return st.builds(put, st.tuples(place, place), pieces)


ANY_DATAGRAM = st.one_of(st.binary(max_size=300), changed(INVITE), changed(OPTIONS))


@given(st.lists(ANY_DATAGRAM, max_size=8))
def test_after_any_rubbish_the_trunk_is_still_answered(datagrams: list[bytes]) -> None:
    _, wire, _ = heard([*datagrams, LAST])

    assert wire.sent[-1][0].startswith(b"SIP/2.0 200 OK")
    assert wire.sent[-1][1] == (TRUNK, 5060)


@given(ANY_DATAGRAM)
def test_nothing_is_ever_sent_to_a_third(datagram: bytes) -> None:
    _, wire, _ = heard([datagram])

    assert {to[0] for _, to in wire.sent} <= {TRUNK}


@given(st.lists(ANY_DATAGRAM, min_size=1, max_size=4))
def test_a_stranger_hears_nothing(datagrams: list[bytes]) -> None:
    endpoint, wire, invited = heard([*datagrams, INVITE, OPTIONS], STRANGER)

    assert (wire.sent, invited) == ([], [])
    assert endpoint.ignored[Ignored.STRANGER] == len(datagrams) + 2


def test_an_invite_that_comes_twice_is_one_call() -> None:
    _, _, invited = heard([INVITE, INVITE])

    assert len(invited) == 1


@given(changed(INVITE.partition(b"\r\n\r\n")[2]))
def test_a_description_is_read_or_refused(description: bytes) -> None:
    with suppress(ValueError):
        terms = read_terms(description.decode("utf-8", "replace"))
        assert terms.payload_type in {0, 8}
        assert 0 < terms.port < 65_536


@dataclass
class Deaf:
    """In place of a port for the sound."""

    number: int = 21_000
    agreed: list[Terms] = field(default_factory=list)

    def agree(self, terms: Terms) -> None:
        self.agreed.append(terms)

    def close(self) -> None:
        pass


BROKEN = INVITE.replace(b"m=audio 4000", b"m=audio 70000").replace(
    b"203.0.113.9>\r\nCall", b"203.0.113.9>;tag=ours\r\nCall"
)


def test_a_change_of_a_call_that_cannot_be_read_is_refused_and_the_call_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Endpoint, "address", ("203.0.113.9", 5060))
    wire = Wire()

    async def hear() -> SipLine:
        endpoint = Endpoint(lambda _: True, lambda _invite, _source: None)
        endpoint.connection_made(wire)  # type: ignore[arg-type]
        dialog = Dialog(call_id="one", local_tag="ours", local_uri="sip:a@b", remote_uri="sip:c@d")
        line = SipLine("one", Means(endpoint, "203.0.113.9", None), Deaf(), dialog, (TRUNK, 5060))  # type: ignore[arg-type]
        endpoint.datagram_received(BROKEN, (TRUNK, 5060))
        endpoint.close()
        return line

    line = asyncio.run(hear())
    assert [sent.partition(b"\r\n")[0] for sent, _ in wire.sent] == [b"SIP/2.0 488 Not Acceptable Here"]
    assert not line.gone.is_set()


WITHIN = INVITE.replace(b"203.0.113.9>\r\nCall", b"203.0.113.9>;tag=ours\r\nCall")
HELD = WITHIN.replace(b"m=audio 4000 RTP/AVP 0 101\r\n", b"m=audio 4000 RTP/AVP 0 101\r\na=sendonly\r\n")
OFFERLESS = WITHIN.partition(b"Content-Type")[0].replace(b"z9hG4bK1", b"z9hG4bK3") + b"\r\n"
ANSWERED = (
    WITHIN.replace(b"INVITE", b"ACK").replace(b"z9hG4bK1", b"z9hG4bK4").replace(b"audio 4000", b"audio 4002")
)


def test_who_comes_back_from_hold_and_leaves_the_offer_to_us_is_heard_where_they_are_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Endpoint, "address", ("203.0.113.9", 5060))
    wire, port = Wire(), Deaf()

    async def hear() -> None:
        endpoint = Endpoint(lambda _: True, lambda _invite, _source: None)
        endpoint.connection_made(wire)  # type: ignore[arg-type]
        dialog = Dialog(call_id="one", local_tag="ours", local_uri="sip:a@b", remote_uri="sip:c@d")
        SipLine("one", Means(endpoint, "203.0.113.9", None), port, dialog, (TRUNK, 5060))  # type: ignore[arg-type]
        for each in (HELD, OFFERLESS, ANSWERED):
            endpoint.datagram_received(each, (TRUNK, 5060))
        endpoint.close()

    asyncio.run(hear())
    assert [(each.port, each.listens) for each in port.agreed] == [(4_000, False), (4_002, True)]
    offer = wire.sent[1][0].partition(b"\r\n\r\n")[2]
    assert b"RTP/AVP 0 8 101" in offer
    assert b"a=sendrecv" in offer


@pytest.mark.parametrize("answers", [b"", b"SIP/2.0 180 Ringing"])
def test_a_leg_that_a_dead_trunk_never_ends_is_forgotten(monkeypatch: pytest.MonkeyPatch, answers: bytes) -> None:
    monkeypatch.setattr(transactions, "GIVE_UP_SECONDS", 0.1)
    monkeypatch.setattr(leg, "GIVE_UP_SECONDS", 0.1)
    monkeypatch.setattr(Endpoint, "address", ("203.0.113.9", 5060))
    wire = Wire()

    async def ring() -> None:
        endpoint = Endpoint(lambda _: True, lambda _invite, _source: None)
        endpoint.connection_made(wire)  # type: ignore[arg-type]
        dialled = leg.Dialled("sip:+12025550101@203.0.113.5", None, None, "203.0.113.5", None)
        rung = leg.SipLeg(dialled, Means(endpoint, "203.0.113.9", None), Deaf(), (TRUNK, 5060))  # type: ignore[arg-type]
        if answers:
            lines = wire.sent[0][0].partition(b"\r\n\r\n")[0].split(b"\r\n")
            told = [
                each for each in lines if each.partition(b":")[0] in {b"Via", b"From", b"To", b"Call-ID", b"CSeq"}
            ]
            endpoint.datagram_received(b"\r\n".join([answers, *told, b"", b""]), (TRUNK, 5060))
        await rung.hang_up()
        async with asyncio.timeout(HANGS_AFTER_SECONDS):
            while endpoint._asked:
                await asyncio.sleep(0.01)

    asyncio.run(ring())


SDP = INVITE.partition(b"\r\n\r\n")[2]


def test_a_second_phone_that_picks_up_is_hung_up_and_the_first_talks_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Endpoint, "address", ("203.0.113.9", 5060))
    wire = Wire()

    async def ring() -> None:
        endpoint = Endpoint(lambda _: True, lambda _invite, _source: None)
        endpoint.connection_made(wire)  # type: ignore[arg-type]
        dialled = leg.Dialled("sip:+12025550101@203.0.113.5", None, None, "203.0.113.5", None)
        rung = leg.SipLeg(dialled, Means(endpoint, "203.0.113.9", None), Deaf(), (TRUNK, 5060))  # type: ignore[arg-type]
        lines = wire.sent[0][0].partition(b"\r\n\r\n")[0].split(b"\r\n")
        told = [each for each in lines if each.partition(b":")[0] in {b"Via", b"From", b"Call-ID", b"CSeq"}]
        to = b"To: <sip:+12025550101@203.0.113.5>;tag="
        for tag in (b"desk", b"hall", b"desk"):
            contact = b"Contact: <sip:%s@203.0.113.5>" % tag
            answer = b"\r\n".join([b"SIP/2.0 200 OK", *told, to + tag, contact, b"", SDP])
            endpoint.datagram_received(answer, (TRUNK, 5060))
        await rung.hang_up()
        endpoint.close()

    asyncio.run(ring())
    asked = [sent.split(b" ", 2)[:2] for sent, _ in wire.sent[1:]]
    desk, hall = b"sip:desk@203.0.113.5", b"sip:hall@203.0.113.5"
    assert asked == [[b"ACK", desk], [b"ACK", hall], [b"BYE", hall], [b"ACK", desk], [b"BYE", desk]]
    assert b"tag=desk" in wire.sent[-1][0]


PACKET = struct.pack("!BBHII", 0x80, 0, 1, 160, 7) + b"\x55" * 160


@given(st.lists(st.one_of(st.binary(max_size=200), changed(PACKET)), max_size=8))
def test_after_any_rubbish_sound_is_still_heard(datagrams: list[bytes]) -> None:
    port, sounds = audio_port()
    for datagram in datagrams:
        port.datagram_received(datagram, (TRUNK, 4_000))
    port.datagram_received(PACKET, (TRUNK, 4_000))

    assert sounds[-1] == b"\x55" * 160


def test_nobody_else_can_speak_into_a_call() -> None:
    port, sounds = audio_port()
    port.datagram_received(PACKET, (STRANGER, 4_000))

    assert (sounds, port.strangers) == ([], 1)


def audio_port() -> tuple[AudioPort, list[bytes]]:
    """A port that has agreed with the trunk, and what it hears."""
    on_key: Callable[[str], None] = lambda _key: None  # noqa: E731
    port, sounds = AudioPort(on_key), []
    port.agree(Terms(TRUNK, 4_000, 0, 101))
    port.on_heard = lambda sound, _sequence, _timestamp: sounds.append(sound)
    return port, sounds


def test_a_key_by_info_in_a_talk_is_told_to_the_other_side_between_its_sound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Endpoint, "address", ("203.0.113.9", 5060))
    info = WITHIN.partition(b"Content-Type")[0].replace(b"INVITE", b"INFO").replace(b"z9hG4bK1", b"z9hG4bK5")
    keyed = info + b"Content-Type: application/dtmf-relay\r\n\r\nSignal=#\r\nDuration=160\r\n"
    wire, (heard_port, _), (other_port, _) = Wire(), audio_port(), audio_port()
    other_port.connection_made(wire)  # type: ignore[arg-type]

    async def talk() -> None:
        endpoint = Endpoint(lambda _: True, lambda _invite, _source: None)
        endpoint.connection_made(Wire())  # type: ignore[arg-type]
        sides = []
        for call_id, port in (("one", heard_port), ("two", other_port)):
            dialog = Dialog(call_id=call_id, local_tag="ours", local_uri="sip:a@b", remote_uri="sip:c@d")
            sides.append(SipLine(call_id, Means(endpoint, "203.0.113.9", None), port, dialog, (TRUNK, 5060)))  # type: ignore[arg-type]
        joined = asyncio.ensure_future(join(*sides, None, lambda _tape: nullcontext()))  # type: ignore[arg-type,call-arg]
        await asyncio.sleep(0)
        heard_port.datagram_received(PACKET, (TRUNK, 4_000))
        endpoint.datagram_received(keyed, (TRUNK, 5060))
        heard_port.datagram_received(PACKET.replace(b"\0\1\0\0\0\xa0", b"\0\2\0\0\1\x40"), (TRUNK, 4_000))
        sides[0].gone.set()
        await joined
        endpoint.close()

    asyncio.run(talk())
    heads = [struct.unpack("!BBHII", sent[:12]) for sent, _ in wire.sent]
    assert [head[1] & 0x7F for head in heads] == [0, 101, 101, 101, 101, 0]
    assert [(head[2] - heads[0][2]) & 0xFFFF for head in heads] == [0, 1, 2, 3, 4, 5]
    events = [DtmfEvent.parse(sent[12:]) for sent, _ in wire.sent[1:5]]
    assert [(event.digit, event.end) for event in events] == [("#", False), ("#", True), ("#", True), ("#", True)]
