"""The TwiML that our doors answer with, read as Twilio would, and more strictly: what it does not know, it tells.

https://www.twilio.com/docs/voice/twiml
"""

from collections.abc import Callable, Mapping
from urllib.parse import urljoin
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from swapboard.carriers.sandbox.verbs import (
    FILE_SECONDS,
    Dial,
    DocumentProblem,
    Gather,
    Hangup,
    Record,
    Redirect,
    Reject,
    Target,
    Verb,
    Wait,
    spoken,
)
from swapboard.numbers.e164 import NotANumber, parse_number

MAX_DOCUMENT_BYTES = 64 * 1024
MAX_SAID = 4_096
_MEDIA_TYPES = frozenset(("text/xml", "application/xml"))
_LEG_EVENTS = frozenset(("initiated", "ringing", "answered", "completed"))
_RECORDED = ("recordingStatusCallback", "recordingStatusCallbackEvent", "recordingStatusCallbackMethod")


def instructions(body: bytes, media_type: str, url: str) -> tuple[Verb, ...]:
    """The verbs of a document that came from `url`. Raises DocumentProblem."""
    if media_type.partition(";")[0].strip().lower() not in _MEDIA_TYPES:
        raise DocumentProblem(f"the answer is {media_type or 'of no type'}, not text/xml (Twilio's error 12300)")
    if len(body) > MAX_DOCUMENT_BYTES:
        raise DocumentProblem("the answer is longer than 64 kB (Twilio's error 11750)")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 the document is our own server's
    except ElementTree.ParseError as error:
        raise DocumentProblem(f"the answer is not XML: {error} (Twilio's error 12100)") from error
    if root.tag != "Response":
        raise DocumentProblem(f"the answer is <{root.tag}>, not <Response> (Twilio's error 12100)")
    return tuple(_verb(element, url) for element in root)


def _verb(element: Element, url: str) -> Verb:
    read = _VERBS.get(element.tag)
    if read is None:
        raise DocumentProblem(f"the sandbox does not know the verb <{element.tag}>")
    return read(element, url)


def _dial(element: Element, url: str) -> Dial:
    given = _attributes(
        element,
        "action",
        "method",
        "timeout",
        "answerOnBridge",
        "callerId",
        "hangupOnStar",
        "timeLimit",
        "record",
        *_RECORDED,
    )
    targets = tuple(_target(each, url) for each in element)
    plain = (element.text or "").strip()
    if plain:
        targets = (Target(_number(plain, "Dial"), None, "POST", frozenset()), *targets)
    if not targets:
        raise DocumentProblem("<Dial> names no number")
    return Dial(
        targets=targets,
        timeout_seconds=_whole("timeout", given.get("timeout", "30")),
        answer_on_bridge=given.get("answerOnBridge") == "true",
        action=urljoin(url, given["action"]) if "action" in given else None,
        method=_method(given.get("method", "POST")),
        caller_id=_number(given["callerId"], "callerId") if "callerId" in given else None,
        recorded_url=_recorded_url(given, url)
        if given.get("record", "do-not-record") != "do-not-record"
        else None,
    )


def _target(element: Element, url: str) -> Target:
    if element.tag != "Number":
        raise DocumentProblem(f"the sandbox cannot dial a <{element.tag}>")
    given = _attributes(element, "statusCallback", "statusCallbackEvent", "statusCallbackMethod", "url", "method")
    events = frozenset(given.get("statusCallbackEvent", "completed").split())
    if not events <= _LEG_EVENTS:
        raise DocumentProblem(f"statusCallbackEvent has {' '.join(sorted(events - _LEG_EVENTS))!r}")
    return Target(
        number=_number(element.text or "", "Number"),
        status_url=urljoin(url, given["statusCallback"]) if "statusCallback" in given else None,
        status_method=_method(given.get("statusCallbackMethod", "POST")),
        events=events,
        asked_url=urljoin(url, given["url"]) if "url" in given else None,
        asked_method=_method(given.get("method", "POST")),
    )


def _say(element: Element, _url: str) -> Wait:
    _attributes(element, "voice", "language", "loop")
    words = element.text or ""
    if not words.strip():
        raise DocumentProblem("<Say> says nothing (Twilio's error 13512)")
    if len(words) > MAX_SAID:
        raise DocumentProblem(f"<Say> has {len(words)} characters, more than {MAX_SAID} (Twilio's error 13521)")
    return spoken(words)


def _play(element: Element, url: str) -> Wait:
    _attributes(element, "loop", "digits")
    address = urljoin(url, (element.text or "").strip())
    if not address.startswith(("https://", "http://")):
        raise DocumentProblem(f"<Play> has no address: {element.text!r}")
    return Wait(FILE_SECONDS, address)


def _gather(element: Element, url: str) -> Gather:
    given = _attributes(
        element,
        "input",
        "numDigits",
        "timeout",
        "finishOnKey",
        "actionOnEmptyResult",
        "action",
        "method",
        "language",
    )
    if given.get("input", "dtmf") != "dtmf":
        raise DocumentProblem(f"the sandbox gathers keys only, not {given['input']!r}")
    words = [_verb(each, url) for each in element]
    return Gather(
        words=tuple(each for each in words if isinstance(each, Wait)),
        most_keys=_whole("numDigits", given.get("numDigits", "32")),
        end_key=given.get("finishOnKey", "#"),
        timeout_seconds=_whole("timeout", given.get("timeout", "5")),
        even_without=given.get("actionOnEmptyResult") == "true",
        action=urljoin(url, given.get("action", url)),
        method=_method(given.get("method", "POST")),
    )


def _record(element: Element, url: str) -> Record:
    given = _attributes(
        element, "maxLength", "timeout", "finishOnKey", "playBeep", "trim", "action", "method", *_RECORDED
    )
    return Record(
        longest_seconds=_whole("maxLength", given.get("maxLength", "3600")),
        action=urljoin(url, given.get("action", url)),
        method=_method(given.get("method", "POST")),
        recorded_url=_recorded_url(given, url),
    )


def _recorded_url(given: Mapping[str, str], url: str) -> str | None:
    return urljoin(url, given["recordingStatusCallback"]) if "recordingStatusCallback" in given else None


def _redirect(element: Element, url: str) -> Redirect:
    given = _attributes(element, "method")
    return Redirect(urljoin(url, (element.text or "").strip()), _method(given.get("method", "POST")))


def _pause(element: Element, _url: str) -> Wait:
    return Wait(_whole("length", _attributes(element, "length").get("length", "1")))


def _hangup(element: Element, _url: str) -> Hangup:
    _attributes(element)
    return Hangup()


def _reject(element: Element, _url: str) -> Reject:
    reason = _attributes(element, "reason").get("reason", "rejected")
    if reason not in {"rejected", "busy"}:
        raise DocumentProblem(f"<Reject> has the reason {reason!r}")
    return Reject("busy" if reason == "busy" else "no-answer")


_VERBS: Mapping[str, Callable[[Element, str], Verb]] = {
    "Dial": _dial,
    "Say": _say,
    "Play": _play,
    "Gather": _gather,
    "Record": _record,
    "Redirect": _redirect,
    "Pause": _pause,
    "Hangup": _hangup,
    "Reject": _reject,
}


def _attributes(element: Element, *known: str) -> Mapping[str, str]:
    unknown = sorted(set(element.attrib) - set(known))
    if unknown:
        raise DocumentProblem(f"the sandbox does not know <{element.tag}>'s {', '.join(unknown)}")
    return element.attrib


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise DocumentProblem(f"{name} is {text!r}, not a whole number")
    return int(text)


def _method(text: str) -> str:
    if text not in {"GET", "POST"}:
        raise DocumentProblem(f"the method is {text!r}, not GET or POST")
    return text


def _number(text: str, where: str) -> str:
    try:
        return parse_number(text.strip())
    except NotANumber as error:
        raise DocumentProblem(f"{where}: {error} (Twilio's error 13224)") from error
