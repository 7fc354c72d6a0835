"""What is said in a flow: its own texts, and the whisper that names the source to whoever answers."""

from swapboard.calls.flow_event import Visit
from swapboard.calls.nodes import Flow
from swapboard.calls.spoken import ENGLISH, UNKNOWN_SOURCE, in_language
from swapboard.calls.step import Prompt

MOST_WORDS_OF_VISIT = 200


def words(flow: Flow, text: str, file: str = "") -> tuple[Prompt, ...]:
    """What the caller hears of a step: nothing where it is blank."""
    return (Prompt(text.strip(), file, flow.language),) if text.strip() or file else ()


def filled_in(text: str, visit: Visit, language: str = ENGLISH) -> str:
    """The whisper with the visit's facts: `{source}` is all that says where it came from, in a few words."""
    facts = {
        "source": described(visit) or in_language(UNKNOWN_SOURCE, language),
        "channel": visit.channel,
        "campaign": visit.campaign,
        "keyword": visit.keyword,
    }
    for name, fact in facts.items():
        text = text.replace(f"{{{name}}}", (fact or "unknown")[:MOST_WORDS_OF_VISIT])
    return text


def described(visit: Visit) -> str:
    """`Paid Search, google, emergency plumber`; nothing where nobody knows."""
    facts = visit.channel, visit.source, visit.keyword or visit.campaign
    return ", ".join(dict.fromkeys(fact for fact in facts if fact))
