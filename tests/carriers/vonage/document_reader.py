"""An NCCO, read as Vonage documents it and by the official package's models; what they do not know is refused."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from vonage_voice.models import ncco

from swapboard.carriers.sandbox.verbs import (
    FILE_SECONDS,
    Dial,
    DocumentProblem,
    Gather,
    Record,
    Redirect,
    Target,
    Verb,
    Wait,
    spoken,
)

_MODELS: Mapping[str, type[BaseModel]] = {
    "talk": ncco.Talk,
    "stream": ncco.Stream,
    "input": ncco.Input,
    "record": ncco.Record,
    "connect": ncco.Connect,
    "notify": ncco.Notify,
}
_ENDS = frozenset(("endOnSilence", "endOnKey", "timeOut"))


def verbs(body: bytes, media_type: str) -> tuple[Verb, ...]:  # noqa: C901 a table
    """What the NCCO makes Vonage do. Raises DocumentProblem."""
    if media_type.partition(";")[0].strip() != "application/json":
        raise DocumentProblem(f"the answer is {media_type or 'of no type'}, not JSON")
    try:
        actions = json.loads(body)
    except ValueError as error:
        raise DocumentProblem(f"the answer is not JSON: {error}") from error
    if not isinstance(actions, list):
        raise DocumentProblem("the answer is no list of actions")
    found: list[Verb] = []
    words: list[Wait] = []
    recorded_url = None
    for action in actions:
        _check(action)
        name = action["action"]
        if name in {"talk", "stream"}:
            wait = _words(action)
            (words if action.get("bargeIn") else found).append(wait)
        elif words and name != "input":
            raise DocumentProblem("after bargeIn comes an input")
        elif name == "input":
            found.append(_input(action, tuple(words)))
            words = []
        elif name == "record" and _ENDS.isdisjoint(action):
            recorded_url = _address(action["eventUrl"])
        elif name == "connect":
            found.append(_connect(action, recorded_url))
        else:
            found.append(_VERBS[name](action))
    if words:
        raise DocumentProblem("after bargeIn comes an input")
    return tuple(found)


def _check(action: Any) -> None:
    model = _MODELS.get(str(action.get("action"))) if isinstance(action, dict) else None
    if model is None:
        raise DocumentProblem(f"Vonage has no action {action!r}")
    known = {field.serialization_alias or name for name, field in model.model_fields.items()}
    unknown = set(action) - known
    if unknown:
        raise DocumentProblem(f"Vonage's {action['action']} has no {', '.join(sorted(unknown))}")
    told = {("from_" if name == "from" else name): value for name, value in action.items()}
    try:
        model.model_validate(told)
    except (ValidationError, ValueError) as error:
        raise DocumentProblem(f"the official package refuses {action}: {error}") from error


def _words(action: Mapping[str, Any]) -> Wait:
    if action["action"] == "stream":
        return Wait(FILE_SECONDS, _address(action["streamUrl"]))
    if not action["text"].strip():
        raise DocumentProblem("a talk says nothing")
    return spoken(action["text"])


def _input(action: Mapping[str, Any], words: tuple[Wait, ...]) -> Gather:
    keys = action["dtmf"]
    return Gather(
        words=words,
        most_keys=keys.get("maxDigits", 4),
        end_key="#" if keys.get("submitOnHash") else "",
        timeout_seconds=keys.get("timeOut", 3),
        even_without=True,
        action=_address(action["eventUrl"]),
        method="POST",
    )


def _record(action: Mapping[str, Any]) -> Record:
    return Record(
        longest_seconds=action.get("timeOut", 7_200),
        action="",
        method="POST",
        recorded_url=_address(action["eventUrl"]),
    )


def _connect(action: Mapping[str, Any], recorded_url: str | None) -> Dial:
    [endpoint] = action["endpoint"]
    if not 1 <= action.get("timeout", 60) <= 120:
        raise DocumentProblem(f"connect rings for {action['timeout']} seconds")
    waits = action.get("eventType") == "synchronous"
    url = _address(action["eventUrl"]) if "eventUrl" in action else None
    target = Target(
        number=f"+{endpoint['number']}",
        status_url=url,
        status_method="POST",
        # Of a connect that waits, the end of the leg is its question.
        events=frozenset(("initiated", "ringing", "answered", *(() if waits else ("completed",)))),
        asked_url=endpoint["onAnswer"]["url"] if "onAnswer" in endpoint else None,
    )
    return Dial(
        targets=(target,),
        timeout_seconds=action.get("timeout", 60),
        answer_on_bridge=False,
        action=url if waits else None,
        method="POST",
        caller_id=None,
        recorded_url=recorded_url,
        ends_call=True,
    )


def _notify(action: Mapping[str, Any]) -> Redirect:
    return Redirect(_address(action["eventUrl"]), "POST")


_VERBS: Mapping[str, Callable[[Mapping[str, Any]], Verb]] = {"record": _record, "notify": _notify}


def _address(urls: Any) -> str:
    if not (isinstance(urls, list) and len(urls) == 1 and str(urls[0]).startswith(("https://", "http://"))):
        raise DocumentProblem(f"{urls!r} is no list with one address")
    return str(urls[0])
