"""What a company listens for, and where it was said, in the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, func, insert, select, update

from swapboard.calls.lead_rule_store import rules_of
from swapboard.calls.lead_rules import phrases_in
from swapboard.calls.phrases import MOST_PHRASES, Hit, Meaning, Phrase, SaidBy
from swapboard.clock import Millis
from swapboard.language import _
from swapboard.storage.asked_once import asked_once
from swapboard.storage.ids import new_id
from swapboard.storage.schema import calls, phrase_hits, spoken_phrases, word_settings

_HIT = TypeAdapter(Hit)


@dataclass(frozen=True, slots=True)
class WordSettings:
    """Whether what is said is written down, and in which language."""

    transcribes: bool = False
    language: str = ""
    """ISO 639-1; empty lets the engine find out, call by call."""
    phrases_changed_at: Millis = 0
    """Transcripts that were looked through before are looked through again."""


@dataclass(frozen=True, slots=True)
class PhraseRecord:
    """A phrase on the list."""

    phrase_id: str
    phrase: Phrase
    created_at: Millis


class TooMany(ValueError):
    """The list is full."""


def word_settings_of(connection: Connection, company_id: str) -> WordSettings:
    """How the company has it."""
    query = select(word_settings).where(word_settings.c.company_id == company_id)
    row = connection.execute(query).one_or_none()
    return WordSettings(row.transcribes, row.language, row.phrases_changed_at) if row else WordSettings()


def set_word_settings(connection: Connection, company_id: str, wanted: WordSettings) -> None:
    """Write it."""
    values = {
        "transcribes": wanted.transcribes,
        "language": wanted.language,
        "phrases_changed_at": wanted.phrases_changed_at,
    }
    known = update(word_settings).where(word_settings.c.company_id == company_id)
    if not connection.execute(known.values(**values)).rowcount:
        connection.execute(insert(word_settings).values(company_id=company_id, **values))


def note_phrases_changed(connection: Connection, company_id: str, now: Millis) -> None:
    """Look through what is kept again: there is something else to listen for."""
    known = word_settings_of(connection, company_id)
    set_word_settings(connection, company_id, replace(known, phrases_changed_at=now))


@asked_once
def phrases_of(connection: Connection, company_id: str) -> Sequence[PhraseRecord]:
    """The list, by its words."""
    query = select(spoken_phrases).where(spoken_phrases.c.company_id == company_id)
    return [
        PhraseRecord(
            row.phrase_id, Phrase(row.phrase, SaidBy(row.said_by), Meaning(row.meaning), row.tag), row.created_at
        )
        for row in connection.execute(query.order_by(spoken_phrases.c.phrase))
    ]


def put_phrase(connection: Connection, company_id: str, phrase: Phrase, now: Millis) -> PhraseRecord:
    """Listen for it; the same words again change who counts, what it means, and its tag. Raises TooMany."""
    same = spoken_phrases.c.company_id == company_id, spoken_phrases.c.phrase == phrase.text
    values = {"said_by": phrase.said_by.value, "meaning": phrase.meaning.value, "tag": phrase.tag}
    if not connection.execute(update(spoken_phrases).where(*same).values(**values)).rowcount:
        if len(phrases_of(connection, company_id)) >= MOST_PHRASES:
            raise TooMany(
                _("The list takes at most %(most_phrases)s words and phrases.") % {"most_phrases": MOST_PHRASES}
            )
        row = {"company_id": company_id, "phrase_id": new_id(now), "phrase": phrase.text, "created_at": now}
        connection.execute(insert(spoken_phrases).values(**row, **values))
        note_phrases_changed(connection, company_id, now)
    return next(each for each in phrases_of(connection, company_id) if each.phrase.text == phrase.text)


def drop_phrase(connection: Connection, company_id: str, phrase_id: str, now: Millis) -> bool:
    """Listen for it no more; False when it is not on the list."""
    is_it = spoken_phrases.c.company_id == company_id, spoken_phrases.c.phrase_id == phrase_id
    if connection.execute(delete(spoken_phrases).where(*is_it)).rowcount != 1:
        return False
    note_phrases_changed(connection, company_id, now)
    return True


def listened_for(connection: Connection, company_id: str) -> Sequence[str]:
    """All that is looked for in transcripts: the list, and what the rules for good leads ask for."""
    listed = [each.phrase.text for each in phrases_of(connection, company_id)]
    rules = [each.rule for each in rules_of(connection, company_id)]
    return list(dict.fromkeys([*listed, *phrases_in(rules)]))


def keep_hits(
    connection: Connection, company_id: str, recording_id: str, call_id: str, hits: Iterable[Hit]
) -> None:
    """Write what was said in a recording, instead of what was found before."""
    of_recording = phrase_hits.c.company_id == company_id, phrase_hits.c.recording_id == recording_id
    connection.execute(delete(phrase_hits).where(*of_recording))
    rows = [
        {
            "company_id": company_id,
            "recording_id": recording_id,
            "call_id": call_id,
            "phrase": hit.text,
            "hit": _HIT.dump_python(hit, mode="json"),
        }
        for hit in hits
    ]
    if rows:
        connection.execute(insert(phrase_hits), rows)


def hits_of_calls(connection: Connection, company_id: str, call_ids: Sequence[str]) -> Mapping[str, Sequence[Hit]]:
    """What was said in these calls, by call; of two recordings of one call the hits are separate."""
    query = select(phrase_hits.c.call_id, phrase_hits.c.hit).where(
        phrase_hits.c.company_id == company_id, phrase_hits.c.call_id.in_(call_ids)
    )
    found: dict[str, list[Hit]] = {}
    for row in connection.execute(query.order_by(phrase_hits.c.recording_id, phrase_hits.c.phrase)):
        found.setdefault(row.call_id, []).append(_HIT.validate_python(row.hit))
    return found


def calls_by_phrase(connection: Connection, company_id: str, since: Millis) -> Mapping[str, int]:
    """In how many calls since then each phrase was said by anybody; spam does not count."""
    query = (
        select(phrase_hits.c.phrase, func.count(func.distinct(phrase_hits.c.call_id)).label("said_in"))
        .join_from(
            phrase_hits,
            calls,
            (calls.c.company_id == phrase_hits.c.company_id) & (calls.c.call_id == phrase_hits.c.call_id),
        )
        .where(
            phrase_hits.c.company_id == company_id,
            calls.c.company_id == company_id,
            calls.c.started_at >= since,
            calls.c.is_spam.is_(False),
        )
        .group_by(phrase_hits.c.phrase)
    )
    return {row.phrase: row.said_in for row in connection.execute(query)}
