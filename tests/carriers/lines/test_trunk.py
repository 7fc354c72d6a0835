"""A trunk's credentials, and the trunk as a carrier."""

import re
from pathlib import Path

import pytest

from swapboard.accounts.secrets import Vault
from swapboard.carriers.base import CarrierError, CarrierRequest, Door, RecordingDeleter
from swapboard.carriers.installed import carrier_kind
from swapboard.carriers.lines.recordings import Recordings
from swapboard.carriers.lines.trunk import trunk_of
from swapboard.recordings.wave import read_wave

CREDENTIALS = {"server": "sip.example.com", "numbers": "+12025550143, +44 20 7946 0202"}


def test_what_is_read() -> None:
    trunk = trunk_of(CREDENTIALS | {"server": "sip:203.0.113.5:5080", "also_from": "203.0.113.0/28, 198.51.100.7"})

    assert (trunk.host, trunk.port, trunk.numbers) == ("203.0.113.5", 5080, ("+12025550143", "+442079460202"))
    assert [str(each) for each in trunk.also_from] == ["203.0.113.0/28", "198.51.100.7/32"]
    assert trunk_of(CREDENTIALS).port == 5060
    for host in ("::1", "sip.example.com.", "localhost"):
        assert trunk_of(CREDENTIALS | {"server": host}).host == host


@pytest.mark.parametrize(
    ("server", "host", "port", "domain"),
    [
        ("[2001:db8::1]:5061", "2001:db8::1", 5061, "[2001:db8::1]"),
        ("sip:[2001:db8::1]", "2001:db8::1", 5060, "[2001:db8::1]"),
        ("2001:db8::1", "2001:db8::1", 5060, "[2001:db8::1]"),
        ("203.0.113.5:5061", "203.0.113.5", 5061, "203.0.113.5"),
        ("sip.example.com:5061", "sip.example.com", 5061, "sip.example.com"),
    ],
)
def test_where_the_server_is_and_how_sip_writes_it(server: str, host: str, port: int, domain: str) -> None:
    trunk = trunk_of(CREDENTIALS | {"server": server})
    assert (trunk.host, trunk.port, trunk.domain) == (host, port, domain)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("server", "", "SIP server"),
        ("server", "sip.example.com:none", "no SIP server"),
        ("server", "sip.example.com/x", "no SIP server"),
        ("server", "sip..example.com", "no SIP server"),
        ("server", f"{'x' * 64}.example.com:5060", "no SIP server"),
        ("server", "[]", "no SIP server"),
        ("server", "[2001:db8::1", "no SIP server"),
        ("server", "[2001:db8::1]:", "no SIP server"),
        ("server", "[2001:db8::1]:65536", "no SIP server"),
        ("server", "[2001:db8::g]:5060", "no SIP server"),
        ("server", "[203.0.113.5]:5060", "no SIP server"),
        ("server", "sip.example.com:", "no SIP server"),
        ("server", "sip.example.com:5060:1", "no SIP server"),
        ("username", "trunk", "password"),
        ("password", "open sesame", "user name"),
        ("register", "perhaps", "yes or no"),
        ("register", "yes", "needs a user name"),
        ("also_from", "sip.example.com", "no address"),
        ("also_from", "198.51.100.7, 0.0.0.0/0", "'0.0.0.0/0' is too wide"),
        ("also_from", "2001::/16", "too wide"),
        ("numbers", "none", "not a phone number"),
    ],
)
def test_what_is_wrong_is_said(field: str, value: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        trunk_of(CREDENTIALS | {field: value})


def test_nobody_can_tell_by_http_what_happens_on_a_line() -> None:
    carrier = carrier_kind("lines").open(CREDENTIALS)
    request = CarrierRequest(Door.VOICE, "POST", "https://calls.example.com/carriers/c1/voice", {}, b"", 0)

    assert not carrier.verify(request)


def test_recordings_are_unreadable_on_disk_and_whole_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path))
    carrier = carrier_kind("lines").open(CREDENTIALS)
    shelf = Recordings(tmp_path / "lines" / "recordings", Vault.open(tmp_path / "secret.key"))
    recording = shelf.begin(channels=2)
    piece = bytes((0x80, 0xFF)) * 4_000  # loud on the left, silent on the right
    for _ in range(2):
        recording.add(piece)

    assert all(piece[:200] not in path.read_bytes() for path in (tmp_path / "lines" / "recordings").iterdir())
    wave = read_wave(carrier.recording(recording.ref))
    assert [len(channel) for channel in wave.channels] == [8_000, 8_000]
    assert (max(wave.channels[0]) > 30_000, max(wave.channels[1])) == (True, 0)
    assert isinstance(carrier, RecordingDeleter)
    carrier.delete_recording(recording.ref)
    with pytest.raises(CarrierError, match="no such recording"):
        carrier.recording(recording.ref)
    with pytest.raises(CarrierError, match="no such recording"):
        carrier.recording("../secret")
