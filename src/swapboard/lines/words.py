"""The words of a flow that are the same for every caller: made ahead, so that nobody waits for them."""

from collections.abc import Iterator, Mapping

from swapboard.calls.flow import PRESS_1
from swapboard.calls.nodes import Flow
from swapboard.calls.step import Prompt

_SAID = ("text", "value_text", "whisper")


def words_of(flow: Flow) -> Iterator[Prompt]:
    """Each prompt of the flow, but whispers that name the visit."""
    for node in flow.steps.values():
        for name in _SAID:
            text = getattr(node, name, "").strip()
            if text and "{" not in text:
                yield Prompt(text, getattr(node, "file", "") if name == "text" else "", flow.language)
        if getattr(node, "file", "") and not getattr(node, "text", "").strip():
            yield Prompt("", node.file, flow.language)  # type: ignore[union-attr]
        if getattr(node, "press_1", False):
            yield Prompt(PRESS_1, "", flow.language)


def words_of_all(flows: Mapping[str, Flow]) -> list[Prompt]:
    """Of several flows, each once."""
    return list(dict.fromkeys(prompt for flow in flows.values() for prompt in words_of(flow)))
