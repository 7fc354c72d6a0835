"""Bandwidth's XML, read as Bandwidth documents it; what it does not document is refused.

The attributes are those of the official package's verbs (bandwidth-sdk 23, `models/bxml/verbs`).
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
    Target,
    Verb,
    Wait,
    spoken,
)

MAX_BYTES = 64 * 1024
_LOGIN = ("username", "password")


def verbs(body: bytes, media_type: str, url: str, login: tuple[str, str]) -> tuple[Verb, ...]:  # noqa: C901 a table
    """What the document makes Bandwidth do. Raises DocumentProblem."""
    if media_type.partition(";")[0].strip() != "application/xml":
        raise DocumentProblem(f"the answer is {media_type or 'of no type'}, not application/xml")
    if len(body) > MAX_BYTES:
        raise DocumentProblem("the answer is longer than 64 kB")
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise DocumentProblem(f"the answer is not XML: {error}") from error
    if root.tag != "Response":
        raise DocumentProblem(f"the answer is <{root.tag}>, not <Response>")
    found: list[Verb] = []
    recorded_url = None
    for element in root:
        _check_login(element, login)
        if element.tag == "StartRecording":
            given = _given(element, "recordingAvailableUrl", "multiChannel", "fileFormat", *_LOGIN)
            recorded_url = _address(given["recordingAvailableUrl"], url)
        elif element.tag == "StopRecording":
            _given(element)
        elif element.tag == "Transfer":
            found.append(_transfer(element, url, recorded_url, login))
        elif element.tag in _VERBS:
            found.append(_VERBS[element.tag](element, url))
        else:
            raise DocumentProblem(f"Bandwidth has no verb <{element.tag}> here")
    return tuple(found)


def _transfer(element: Element, url: str, recorded_url: str | None, login: tuple[str, str]) -> Dial:
    given = _given(element, "callTimeout", "transferCompleteUrl", "transferCompleteMethod", *_LOGIN)
    targets = tuple(_phone(each, url, login) for each in element)
    if not targets:
        raise DocumentProblem("<Transfer> names no number")
    return Dial(
        targets=targets,
        timeout_seconds=_between(given, "callTimeout", 30, 1, 300),
        answer_on_bridge=True,
        action=_address(given["transferCompleteUrl"], url) if "transferCompleteUrl" in given else None,
        method="POST",
        caller_id=None,
        recorded_url=recorded_url,
    )


def _phone(element: Element, url: str, login: tuple[str, str]) -> Target:
    if element.tag != "PhoneNumber":
        raise DocumentProblem(f"the stand-in cannot ring <{element.tag}>")
    _check_login(element, login)
    given = _given(element, "transferAnswerUrl", "transferDisconnectUrl", *_LOGIN)
    number = element.text or ""
    if not (number.startswith("+") and number[1:].isdigit()):
        raise DocumentProblem(f"{number!r} is not E.164")
    return Target(
        number=number,
        status_url=_address(given["transferDisconnectUrl"], url) if "transferDisconnectUrl" in given else None,
        status_method="POST",
        events=frozenset(("completed",)),
        asked_url=_address(given["transferAnswerUrl"], url) if "transferAnswerUrl" in given else None,
    )


def _speak(element: Element, _url: str) -> Wait:
    locale = _given(element, "voice", "gender", "locale").get("locale", "en_US")
    if "_" not in locale:
        raise DocumentProblem(f"<SpeakSentence> has the locale {locale!r}")
    if not (element.text or "").strip():
        raise DocumentProblem("<SpeakSentence> says nothing")
    return spoken(element.text or "")


def _play(element: Element, url: str) -> Wait:
    _given(element)
    return Wait(FILE_SECONDS, _address(element.text or "", url))


def _gather(element: Element, url: str) -> Gather:
    given = _given(
        element, "gatherUrl", "maxDigits", "firstDigitTimeout", "interDigitTimeout", "terminatingDigits", *_LOGIN
    )
    words = [_VERBS[each.tag](each, url) for each in element if each.tag in {"SpeakSentence", "PlayAudio"}]
    if len(words) != len(element):
        raise DocumentProblem("<Gather> has more than words in it")
    return Gather(
        words=tuple(each for each in words if isinstance(each, Wait)),
        most_keys=_between(given, "maxDigits", 50, 1, 50),
        end_key=given.get("terminatingDigits", ""),
        timeout_seconds=_between(given, "firstDigitTimeout", 5, 0, 60),
        even_without=True,
        action=_address(given["gatherUrl"], url),
        method="POST",
    )


def _record(element: Element, url: str) -> Record:
    given = _given(
        element,
        "recordCompleteUrl",
        "recordingAvailableUrl",
        "maxDuration",
        "silenceTimeout",
        "terminatingDigits",
        "fileFormat",
        *_LOGIN,
    )
    return Record(
        longest_seconds=_between(given, "maxDuration", 60, 1, 10_800),
        action=_address(given["recordCompleteUrl"], url),
        method="POST",
        recorded_url=given.get("recordingAvailableUrl"),
    )


def _hangup(element: Element, _url: str) -> Hangup:
    _given(element)
    return Hangup()


_VERBS: Mapping[str, Callable[[Element, str], Verb]] = {
    "SpeakSentence": _speak,
    "PlayAudio": _play,
    "Gather": _gather,
    "Record": _record,
    "Hangup": _hangup,
}


def _check_login(element: Element, login: tuple[str, str]) -> None:
    """A verb with an address must say how Bandwidth logs in there."""
    asks = any(name.endswith("Url") for name in element.attrib)
    if asks and (element.get("username"), element.get("password")) != login:
        raise DocumentProblem(f"<{element.tag}> has an address without the login")


def _given(element: Element, *known: str) -> Mapping[str, str]:
    unknown = sorted(set(element.attrib) - set(known))
    if unknown:
        raise DocumentProblem(f"Bandwidth's <{element.tag}> has no {', '.join(unknown)}")
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
