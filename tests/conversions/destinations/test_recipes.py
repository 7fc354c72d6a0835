"""What docs/webhooks.md shows is what is sent, and its recipes name fields that are there."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.event import Event
from tests.conversions.destinations.test_webhook import SETTINGS
from tests.conversions.people import NOW, a_message

PAGE = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text()


def sent(event: Event) -> Mapping[str, Any]:
    (request,) = destination_kind("webhook").open(SETTINGS).preview([a_message(saying=event)], NOW)
    told: Mapping[str, Any] = json.loads(request.body)
    return told


def test_the_message_that_is_shown_is_the_one_that_is_sent() -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert json.loads(shown) == sent(Event.ENDED)


def test_every_type_stands_in_the_table() -> None:
    assert set(re.findall(r"^\| `(call\.\w+)`", PAGE, re.MULTILINE)) == set(Event)


def test_the_recipes_name_what_is_there() -> None:
    """n8n by `$json.body.…`, Zapier with two underscores between, Make with dots."""
    recipes = PAGE.partition("## Recipes")[2]
    paths = [path.split(".") for path in re.findall(r"\$json\.body\.([\w.]+)", recipes)]
    paths += [path.split("__") for path in re.findall(r"`(data__\w+)`", recipes)]
    paths += [path.split(".") for path in re.findall(r"`(data\.[\w.]+)`", recipes)]
    assert len(paths) == 10
    for path in paths:
        place: Any = sent(Event.MISSED)
        for name in path:
            assert name in place, path
            place = place[name]
