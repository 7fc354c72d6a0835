"""The TwiML that our doors answer with, read as Twilio would, and more strictly: what it does not know, it tells.

https://www.twilio.com/docs/voice/twiml
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urljoin
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from swapboard.numbers.e164 import NotANumber, parse_number

MAX_DOCUMENT_BYTES = 64 * 1024
_MEDIA_TYPES = frozenset(("text/xml", "application/xml"))
_LEG_EVENTS = frozenset(("initiated", "ringing", "answered", "completed"))
_WORDS_A_SECOND = 2.5


class TwimlProblem(ValueError):
    """The document is none that Twilio would carry out; the message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A number to ring, and who wants to hear of it."""

    number: str
    status_url: str | None
    status_method: str
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring the targets, join the first that answers."""

    targets: tuple[Target, ...]
    timeout_seconds: int
    answer_on_bridge: bool
    action: str | None
    method: str
    caller_id: str | None


@dataclass(frozen=True, slots=True)
class Wait:
    """Say or Pause: the caller listens, for so long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Do not take the call."""

    status: str


Verb: TypeAlias = Dial | Wait | Hangup | Reject


def instructions(body: bytes, media_type: str, url: str) -> tuple[Verb, ...]:
    """The verbs of a document that came from `url`. Raises TwimlProblem."""
    if media_type.partition(";")[0].strip().lower() not in _MEDIA_TYPES:
        raise TwimlProblem(f"the answer is {media_type or 'of no type'}, not text/xml (Twilio's error 12300)")
    if len(body) > MAX_DOCUMENT_BYTES:
        raise TwimlProblem("the answer is longer than 64 kB (Twilio's error 11750)")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 the document is our own server's
    except ElementTree.ParseError as error:
        raise TwimlProblem(f"the answer is not XML: {error} (Twilio's error 12100)") from error
    if root.tag != "Response":
        raise TwimlProblem(f"the answer is <{root.tag}>, not <Response> (Twilio's error 12100)")
    return tuple(_verb(element, url) for element in root)


def _verb(element: Element, url: str) -> Verb:
    read = _VERBS.get(element.tag)
    if read is None:
        raise TwimlProblem(f"the sandbox does not know the verb <{element.tag}>")
    return read(element, url)


def _dial(element: Element, url: str) -> Dial:
    given = _attributes(
        element, "action", "method", "timeout", "answerOnBridge", "callerId", "hangupOnStar", "timeLimit"
    )
    targets = tuple(_target(each, url) for each in element)
    spoken = (element.text or "").strip()
    if spoken:
        targets = (Target(_number(spoken, "Dial"), None, "POST", frozenset()), *targets)
    if not targets:
        raise TwimlProblem("<Dial> names no number")
    return Dial(
        targets=targets,
        timeout_seconds=_whole("timeout", given.get("timeout", "30")),
        answer_on_bridge=given.get("answerOnBridge") == "true",
        action=urljoin(url, given["action"]) if "action" in given else None,
        method=_method(given.get("method", "POST")),
        caller_id=_number(given["callerId"], "callerId") if "callerId" in given else None,
    )


def _target(element: Element, url: str) -> Target:
    if element.tag != "Number":
        raise TwimlProblem(f"the sandbox cannot dial a <{element.tag}>")
    given = _attributes(element, "statusCallback", "statusCallbackEvent", "statusCallbackMethod")
    events = frozenset(given.get("statusCallbackEvent", "completed").split())
    if not events <= _LEG_EVENTS:
        raise TwimlProblem(f"statusCallbackEvent has {' '.join(sorted(events - _LEG_EVENTS))!r}")
    return Target(
        number=_number(element.text or "", "Number"),
        status_url=urljoin(url, given["statusCallback"]) if "statusCallback" in given else None,
        status_method=_method(given.get("statusCallbackMethod", "POST")),
        events=events,
    )


def _say(element: Element, _url: str) -> Wait:
    _attributes(element, "voice", "language", "loop")
    return Wait(len((element.text or "").split()) / _WORDS_A_SECOND)


def _pause(element: Element, _url: str) -> Wait:
    return Wait(_whole("length", _attributes(element, "length").get("length", "1")))


def _hangup(element: Element, _url: str) -> Hangup:
    _attributes(element)
    return Hangup()


def _reject(element: Element, _url: str) -> Reject:
    reason = _attributes(element, "reason").get("reason", "rejected")
    if reason not in {"rejected", "busy"}:
        raise TwimlProblem(f"<Reject> has the reason {reason!r}")
    return Reject("busy" if reason == "busy" else "no-answer")


_VERBS: Mapping[str, Callable[[Element, str], Verb]] = {
    "Dial": _dial,
    "Say": _say,
    "Pause": _pause,
    "Hangup": _hangup,
    "Reject": _reject,
}


def _attributes(element: Element, *known: str) -> Mapping[str, str]:
    unknown = sorted(set(element.attrib) - set(known))
    if unknown:
        raise TwimlProblem(f"the sandbox does not know <{element.tag}>'s {', '.join(unknown)}")
    return element.attrib


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise TwimlProblem(f"{name} is {text!r}, not a whole number")
    return int(text)


def _method(text: str) -> str:
    if text not in {"GET", "POST"}:
        raise TwimlProblem(f"the method is {text!r}, not GET or POST")
    return text


def _number(text: str, where: str) -> str:
    try:
        return parse_number(text.strip())
    except NotANumber as error:
        raise TwimlProblem(f"{where}: {error} (Twilio's error 13224)") from error
