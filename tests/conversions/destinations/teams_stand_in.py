"""A workflow of Microsoft Teams that begins with a webhook: it takes a message of one card, and answers 202 to it.

Cards as their schema says (https://adaptivecards.io/explorer); 28 KB are the most that a flow posts.
"""

import json
from collections.abc import Mapping
from typing import Any

from swapboard.conversions.destinations.request import Answer, Request

URL = "https://prod-01.westus.logic.azure.com/workflows/abc/triggers/manual/paths/invoke?sig=secret"
MOST_BYTES = 28 * 1024


class Teams:
    """One channel; `closed` is what comes instead of yes."""

    def __init__(self, closed: Answer | None = None) -> None:
        self.closed = closed
        self.cards: list[Mapping[str, Any]] = []

    def __call__(self, request: Request) -> Answer:
        if self.closed:
            return self.closed
        if request.url != URL or request.method != "POST":
            return Answer(401, {}, b'{"error":{"code":"DirectApiAuthorizationRequired"}}')
        if len(request.body) > MOST_BYTES:
            return Answer(413, {}, b'{"error":{"code":"RequestEntityTooLarge"}}')
        assert request.headers["Content-Type"] == "application/json"
        told = json.loads(request.body)
        if told.get("type") != "message" or len(told.get("attachments", ())) != 1:
            return Answer(400, {}, b'{"error":{"code":"TriggerInputSchemaMismatch"}}')
        (attachment,) = told["attachments"]
        if attachment["contentType"] != "application/vnd.microsoft.card.adaptive" or not _is_card(
            attachment["content"]
        ):
            return Answer(400, {}, b'{"error":{"code":"InvalidBotResponse"}}')
        self.cards.append(attachment["content"])
        return Answer(202, {}, b"")


def _is_card(card: Mapping[str, Any]) -> bool:
    return (
        card["type"] == "AdaptiveCard"
        and card["version"] in {"1.2", "1.3", "1.4", "1.5"}
        and all(_is_element(each) for each in card["body"])
        and all(
            each["type"] == "Action.OpenUrl" and each["title"] and each["url"].startswith("http")
            for each in card.get("actions", ())
        )
    )


def _is_element(element: Mapping[str, Any]) -> bool:
    match element["type"]:
        case "TextBlock":
            return isinstance(element["text"], str) and bool(element["text"])
        case "FactSet":
            facts = element["facts"]
            return bool(facts) and all(set(each) == {"title", "value"} and each["title"] for each in facts)
        case _:
            return False
