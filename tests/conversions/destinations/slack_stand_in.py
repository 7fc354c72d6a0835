"""Slack as it documents its incoming webhooks and blocks: it answers `ok`, or what is wrong in a word."""

import json
from collections.abc import Mapping
from typing import Any

from swapboard.conversions.destinations.request import Answer, Request

URL = "https://hooks.slack.com/services/T0/B0/secret"


class Slack:
    """One channel; `closed` is what Slack says of it when it does not take anything."""

    def __init__(self, closed: tuple[int, str] | None = None) -> None:
        self.closed = closed
        self.messages: list[Mapping[str, Any]] = []

    def __call__(self, request: Request) -> Answer:
        if self.closed:
            return Answer(self.closed[0], {"retry-after": "30"}, self.closed[1].encode())
        told = json.loads(request.body)
        if request.method != "POST" or request.url != URL:
            return Answer(404, {}, b"no_service")
        if request.headers["Content-Type"] != "application/json" or not told.get("text"):
            return Answer(400, {}, b"no_text")
        blocks = told.get("blocks", [])
        if len(blocks) > 50 or not all(_is_good(block) for block in blocks):
            return Answer(400, {}, b"invalid_blocks")
        self.messages.append(told)
        return Answer(200, {}, b"ok")


def _is_good(block: Mapping[str, Any]) -> bool:
    match block["type"]:
        case "header":
            return block["text"]["type"] == "plain_text" and 0 < len(block["text"]["text"]) <= 150
        case "section":
            fields = block["fields"]
            return 0 < len(fields) <= 10 and all(0 < len(each["text"]) <= 2000 for each in fields)
        case "actions":
            return all(
                each["type"] == "button"
                and len(each["text"]["text"]) <= 75
                and len(each["url"]) <= 3000
                and len(each["action_id"]) <= 255
                for each in block["elements"]
            )
        case _:
            return False
