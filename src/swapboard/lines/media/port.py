"""One side's sound: an RTP port of ours (RFC 3550), to and from the address that the side named in SDP.

Packets from any other host are not heard: whoever guesses a port can neither listen nor speak. The port may be
another than the one named, for there are address translators on the way.
"""

import asyncio
import secrets
from collections.abc import Callable
from struct import Struct
from typing import TypeAlias, cast

from aiortp import DtmfEvent

from swapboard.carriers.lines.g711 import A_LAW, FRAME_SAMPLES, MU_LAW, TO_A_LAW, TO_MU_LAW
from swapboard.lines.media.terms import Terms

_HEADER = Struct("!BBHII")
_MARKED = 0x80
KEYS = "0123456789*#"
"""By their numbers in RFC 4733."""
_KEY_VOLUME = 10
_KEY_PACKETS = ((False, 2 * FRAME_SAMPLES), *[(True, 10 * FRAME_SAMPLES)] * 3)
"""Whether the key is let go, and how long it was held, in samples."""

Heard: TypeAlias = Callable[[bytes, int, int], None]
"""Told of a packet: its content (sound is µ-law by then), its sequence number, its timestamp."""


class AudioPort(asyncio.DatagramProtocol):
    """Hears and speaks; keys come apart from the sound (RFC 4733)."""

    def __init__(self, on_key: Callable[[str], None]) -> None:
        self._on_key = on_key
        self._transport: asyncio.DatagramTransport | None = None
        self._terms: Terms | None = None
        self._to: tuple[str, int] | None = None
        self.on_heard: Heard | None = None
        self.on_key_heard: Heard | None = None
        """Told of each packet that tells of a key, as it came."""
        self.received = self.sent = self.strangers = 0
        self._key_at: int | None = None
        self._ssrc = secrets.randbits(32)
        self._sequence = secrets.randbits(16)
        self._timestamp = secrets.randbits(32)
        self._source: object = None
        self._shift = (0, 0)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    @property
    def number(self) -> int:
        """The port's number."""
        assert self._transport is not None
        port: int = self._transport.get_extra_info("sockname")[1]
        return port

    def agree(self, terms: Terms) -> None:
        """What the other side said it can take, and where."""
        if self._terms is None or (self._terms.host, self._terms.port) != (terms.host, terms.port):
            self._to = (terms.host, terms.port)
        self._terms = terms

    def close(self) -> None:
        """Hear and speak no more."""
        self._to = None
        if self._transport is not None:
            self._transport.close()

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there, at the moment: what was sent is lost, as on any bad line."""

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        terms = self._terms
        if terms is None or addr[0] != terms.host:
            self.strangers += 1
            return
        if len(data) < _HEADER.size or data[0] >> 6 != 2:
            return
        first, second, sequence, timestamp, _ = _HEADER.unpack_from(data)
        sound = _payload(data, first)
        kind = second & 0x7F
        if kind in {MU_LAW, A_LAW}:
            self._to = addr
            self.received += 1
            if self.on_heard is not None and sound:
                mu_law = sound.translate(TO_MU_LAW) if kind == A_LAW else sound
                self.on_heard(mu_law, sequence, timestamp)
        elif kind == terms.event_type:
            self._to = addr
            self._hears_key(sound, timestamp)
            if self.on_key_heard is not None:
                self.on_key_heard(sound, sequence, timestamp)

    def _hears_key(self, event: bytes, timestamp: int) -> None:
        """A key counts once, however many packets tell of it: they share its beginning's timestamp."""
        if len(event) < 4 or timestamp == self._key_at:
            return
        self._key_at = timestamp
        digit = DtmfEvent.parse(event).digit
        if digit in KEYS:
            self._on_key(digit)

    def speak(self, source: object, sound: bytes, sequence: int, timestamp: int) -> None:
        """Send µ-law on. Numbers and timestamps go along with those of the source, so that gaps stay gaps."""
        if (terms := self._terms) is not None:
            payload = sound.translate(TO_A_LAW) if terms.payload_type == A_LAW else sound
            self._send(source, terms.payload_type, payload, sequence, timestamp)

    def pass_key(self, source: object, event: bytes, sequence: int, timestamp: int) -> None:
        """Send a packet that tells of a key on, if the other side knows such packets."""
        if (terms := self._terms) is not None and terms.event_type is not None:
            self._send(source, terms.event_type, event, sequence, timestamp)

    def press(self, key: str) -> None:
        """Tell of a key that came by SIP INFO; its end three times, for packets are lost (2.5.1.4)."""
        terms, to = self._terms, self._to
        if terms is None or terms.event_type is None or to is None or self._transport is None or not terms.listens:
            return
        # By its moment a key is told from the one before, also while nothing is heard.
        self._timestamp = (self._timestamp + 1) & 0xFFFFFFFF
        for index, (is_over, lasted) in enumerate(_KEY_PACKETS):
            self._sequence = (self._sequence + 1) & 0xFFFF
            second = terms.event_type | (0 if index else _MARKED)
            head = _HEADER.pack(0x80, second, self._sequence, self._timestamp, self._ssrc)
            event = DtmfEvent(KEYS.index(key), is_over, _KEY_VOLUME, lasted)
            self._transport.sendto(head + event.serialize(), to)
            self.sent += 1
        # The sound that is passed on has its numbers after these.
        self._shift = self._shift[0] + len(_KEY_PACKETS), self._shift[1]

    def _send(self, source: object, kind: int, payload: bytes, sequence: int, timestamp: int) -> None:
        terms, to = self._terms, self._to
        if terms is None or to is None or self._transport is None or not terms.listens:
            return
        is_new = source is not self._source
        if is_new:
            self._source = source
            self._shift = self._sequence + 1 - sequence, self._timestamp + FRAME_SAMPLES - timestamp
        own_sequence = (sequence + self._shift[0]) & 0xFFFF
        own_timestamp = (timestamp + self._shift[1]) & 0xFFFFFFFF
        if (own_sequence - self._sequence) & 0xFFFF < 0x8000:
            self._sequence, self._timestamp = own_sequence, own_timestamp
        second = kind | (_MARKED if is_new else 0)
        self._transport.sendto(_HEADER.pack(0x80, second, own_sequence, own_timestamp, self._ssrc) + payload, to)
        self.sent += 1


def _payload(data: bytes, first: int) -> bytes:
    """What follows the header, its list of sources and its extension; without padding (RFC 3550, 5.1, 5.3.1)."""
    start = _HEADER.size + 4 * (first & 0x0F)
    if first & 0x10:
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    end = len(data) - (data[-1] if first & 0x20 else 0)
    return data[start:end]
