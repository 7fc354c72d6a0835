"""Plivo's XML, read as Plivo documents it; what it does not document is refused.

https://www.plivo.com/docs/voice/xml: elements, their attributes, and the limits of these.
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

MAX_BYTES = 100 * 1024
MEDIA_TYPES = ("text/xml", "application/xml")
_RECORD = (
    "action", "method", "fileFormat", "redirect", "timeout", "maxLength", "playBeep", "finishOnKey",
    "recordSession", "startOnDialAnswer", "callbackUrl", "callbackMethod", "recordChannelType",
)  # fmt: skip
_DIAL = (
    "action", "method", "hangupOnStar", "timeLimit", "timeout", "callerId", "callerName", "confirmSound",
    "confirmKey", "confirmTimeout", "dialMusic", "callbackUrl", "callbackMethod", "redirect", "digitsMatch",
)  # fmt: skip
_INPUT = (
    "action", "method", "inputType", "executionTimeout", "digitEndTimeout", "finishOnKey", "numDigits", "log",
    "redirect",
)  # fmt: skip


def verbs(body: bytes, media_type: str, url: str) -> tuple[Verb, ...]:
    """What the document makes Plivo do. Raises DocumentProblem."""
    if media_type.partition(";")[0].strip() not in MEDIA_TYPES:
        raise DocumentProblem(f"the answer is {media_type or 'of no type'}, not XML")
    if len(body) > MAX_BYTES:
        raise DocumentProblem("the answer is longer than 100 kB")
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise DocumentProblem(f"the answer is not XML: {error}") from error
    if root.tag != "Response":
        raise DocumentProblem(f"the answer is <{root.tag}>, not <Response>")
    found: list[Verb] = []
    recorded_url = None
    for place, element in enumerate(root):
        if element.tag == "Record" and element.get("startOnDialAnswer") == "true":
            recorded_url = _recorded_later(element)
        elif element.tag == "Dial":
            found.append(_dial(element, url, recorded_url))
        else:
            found.append(_verb(element, url, is_first=place == 0))
    return tuple(found)


def _verb(element: Element, url: str, *, is_first: bool) -> Verb:
    if element.tag == "Hangup":
        return _hangup(element, is_first=is_first)
    if element.tag not in _VERBS:
        raise DocumentProblem(f"Plivo has no element <{element.tag}> here")
    return _VERBS[element.tag](element, url)


def _speak(element: Element, _url: str) -> Wait:
    given = _given(element, "voice", "language", "loop")
    if given.get("voice", "WOMAN") not in {"WOMAN", "MAN"}:
        raise DocumentProblem(f"<Speak> has the voice {given['voice']!r}")
    if not (element.text or "").strip():
        raise DocumentProblem("<Speak> says nothing")
    return spoken(element.text or "")


def _play(element: Element, url: str) -> Wait:
    _given(element, "loop")
    return Wait(FILE_SECONDS, _address(element.text or "", url))


def _get_input(element: Element, url: str) -> Gather:
    given = _given(element, *_INPUT)
    if given.get("inputType") != "dtmf":
        raise DocumentProblem(f"the stand-in hears keys only, not {given.get('inputType')!r}")
    end_key = given.get("finishOnKey", "#")
    words = [_VERBS[each.tag](each, url) for each in element if each.tag in {"Speak", "Play"}]
    if len(words) != len(element):
        raise DocumentProblem("<GetInput> has more than words in it")
    return Gather(
        words=tuple(each for each in words if isinstance(each, Wait)),
        most_keys=_between(given, "numDigits", 32, 1, 32),
        end_key="" if end_key == "none" else end_key,
        timeout_seconds=_between(given, "executionTimeout", 15, 5, 60),
        even_without=False,
        action=_address(given.get("action", ""), url),
        method=given.get("method", "POST"),
    )


def _record(element: Element, url: str) -> Record:
    given = _given(element, *_RECORD)
    return Record(
        longest_seconds=_between(given, "maxLength", 60, 2, 86_400),
        action=_address(given.get("action", ""), url),
        method=given.get("method", "POST"),
        recorded_url=given.get("callbackUrl"),
    )


def _recorded_later(element: Element) -> str | None:
    given = _given(element, *_RECORD)
    if "playBeep" in given or "timeout" in given:
        raise DocumentProblem("<Record> has attributes that startOnDialAnswer ignores")
    return given.get("callbackUrl")


def _dial(element: Element, url: str, recorded_url: str | None) -> Dial:
    given = _given(element, *_DIAL)
    if "confirmKey" in given and "confirmSound" not in given:
        raise DocumentProblem("<Dial> has a confirmKey without a confirmSound")
    sound = given.get("confirmSound")
    targets = [
        Target(
            number=_number(each),
            status_url=given.get("callbackUrl"),
            status_method=given.get("callbackMethod", "POST"),
            events=frozenset(("answered", "connected", "completed")),
            asked_url=_address(sound, url) if sound else None,
            asked_method="POST",
            key=given.get("confirmKey", ""),
        )
        for each in element
    ]
    if not targets:
        raise DocumentProblem("<Dial> names no number")
    return Dial(
        targets=tuple(targets),
        timeout_seconds=_between(given, "timeout", 120, 1, 86_400),
        answer_on_bridge=False,
        action=_address(given["action"], url) if "action" in given else None,
        method=given.get("method", "POST"),
        caller_id=given.get("callerId"),
        recorded_url=recorded_url,
    )


def _number(element: Element) -> str:
    if element.tag != "Number" or element.attrib:
        raise DocumentProblem(f"the stand-in cannot dial <{element.tag}> {element.attrib}")
    digits = (element.text or "").removeprefix("+")
    if not (digits.isdigit() and 8 <= len(digits) <= 15):
        raise DocumentProblem(f"{element.text!r} is no number")
    return f"+{digits}"


def _hangup(element: Element, *, is_first: bool) -> Hangup | Reject:
    reason = _given(element, "reason", "schedule").get("reason")
    if reason is None:
        return Hangup()
    if reason not in {"rejected", "busy"}:
        raise DocumentProblem(f"<Hangup> has the reason {reason!r}")
    if not is_first:
        raise DocumentProblem("a <Hangup> with a reason comes first, or the call is answered")
    return Reject("busy" if reason == "busy" else "no-answer")


def _redirect(element: Element, url: str) -> Redirect:
    return Redirect(_address(element.text or "", url), _given(element, "method").get("method", "POST"))


_VERBS: Mapping[str, Callable[[Element, str], Verb]] = {
    "Speak": _speak,
    "Play": _play,
    "GetInput": _get_input,
    "Record": _record,
    "Redirect": _redirect,
}


def _given(element: Element, *known: str) -> Mapping[str, str]:
    unknown = sorted(set(element.attrib) - set(known))
    if unknown:
        raise DocumentProblem(f"Plivo's <{element.tag}> has no {', '.join(unknown)}")
    for name in ("method", "callbackMethod"):
        if element.get(name, "POST") not in {"GET", "POST"}:
            raise DocumentProblem(f"<{element.tag}> has the method {element.get(name)!r}")
    return element.attrib


def _between(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = given.get(name, str(default))
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise DocumentProblem(f"{name} is {text!r}, not from {least} to {most}")
    return int(text)


def _address(text: str, url: str) -> str:
    address = urljoin(url, text.strip())
    if not text.strip() or not address.startswith(("https://", "http://")):
        raise DocumentProblem(f"{text!r} is no address")
    return address
