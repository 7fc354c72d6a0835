"""The words of a flow that are the same for every caller: made ahead, so that nobody waits for them."""

from collections.abc import Iterator

from swapboard.calls.flow_words import notice
from swapboard.calls.nodes import ConsentNotice, Flow
from swapboard.calls.recording import with_recording
from swapboard.calls.routes import CompanyRoutes
from swapboard.calls.spoken import PRESS_1, in_language
from swapboard.calls.step import Prompt

_SAID = ("text", "value_text", "whisper")


def words_of(flow: Flow, own_sounds: str) -> Iterator[Prompt]:
    """Each prompt of the flow, but whispers that name the visit."""
    for node in flow.steps.values():
        if isinstance(node, ConsentNotice):
            yield from notice(flow, node, own_sounds)
            continue
        for name in _SAID:
            text = getattr(node, name, "").strip()
            if text and "{" not in text:
                yield Prompt(text, getattr(node, "file", "") if name == "text" else "", flow.language)
        if getattr(node, "file", "") and not getattr(node, "text", "").strip():
            yield Prompt("", node.file, flow.language)  # type: ignore[union-attr]
        if getattr(node, "press_1", False):
            yield Prompt(in_language(PRESS_1, flow.language), "", flow.language)


def words_of_all(company: CompanyRoutes, own_sounds: str) -> list[Prompt]:
    """Of all ways that the company's calls can take, each once."""
    flows = [*company.flows.values(), company.forward(company.default_destination or "")]
    # A thousand numbers with policies of their own have hardly more than a few different ones.
    told = [with_recording(flow, policy) for flow in flows for policy in dict.fromkeys(company.recording.values())]
    return list(dict.fromkeys(prompt for flow in (*flows, *told) for prompt in words_of(flow, own_sounds)))
