"""What is said in a flow: its own texts, and the whisper that names the source to whoever answers."""

from swapboard.calls.flow_event import Visit
from swapboard.calls.nodes import ConsentNotice, Flow
from swapboard.calls.sound import sound_in
from swapboard.calls.spoken import ENGLISH, NOTICE, QUESTION, QUESTION_KEY, UNKNOWN_SOURCE, in_language
from swapboard.calls.step import Prompt

MOST_WORDS_OF_VISIT = 200


def words(flow: Flow, text: str, file: str = "") -> tuple[Prompt, ...]:
    """What the caller hears of a step: nothing where it is blank."""
    return (Prompt(text.strip(), file, flow.language),) if text.strip() or file else ()


def notice(flow: Flow, node: ConsentNotice, own_sounds: str) -> tuple[Prompt, ...]:
    """What tells the caller of being recorded: its words, or a sound of our own.

    That comes from where the flow comes from. A sound from elsewhere is followed by the words: no carrier tells us
    that it could not fetch one.
    """
    ours = QUESTION if node.agree_key == QUESTION_KEY else NOTICE
    text = node.text.strip() or in_language(ours, flow.language)
    is_sure = not node.file or sound_in(node.file) is not None or (own_sounds and node.file.startswith(own_sounds))
    told = Prompt(text, node.file if is_sure else "", flow.language, is_notice=True)
    return (told,) if is_sure else (Prompt("", node.file, flow.language), told)


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
