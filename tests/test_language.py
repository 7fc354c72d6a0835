"""Languages: what a browser likes, how numbers and days are written, and that every text is translated whole.

Counted are the texts of the committed template: `make translations` writes it and tells what is missing. A text
that came since is shown in English until then.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from gettext import NullTranslations
from itertools import combinations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from hypothesis import given
from hypothesis import strategies as st

from integrations.french_spaces import held_together
from integrations.translate_dashboard import TEMPLATE, catalogues, check, missing, read, template
from swapboard import language
from swapboard.language import LANGUAGES, Words, _, arrow, current, ngettext, preferred, speaking
from swapboard.web.dashboard import rendering

TRANSLATED = sorted(set(LANGUAGES) - {"en"})
SHORT = 3
"""So many words are no sentence."""
PLACEHOLDER = re.compile(r"%\([a-z_]+\)s|%[sd]|%%|\{[a-z_]*\}|</?[a-z]+[^>]*>")


def texts_of(message: Message) -> Iterator[tuple[str, str]]:
    """Each form beside its translation; all forms after the first say what the plural says."""
    if isinstance(message.id, str):
        yield message.id, str(message.string)
        return
    for place, said in enumerate(message.string):
        yield message.id[min(place, 1)], said


def test_each_language_has_a_catalogue_that_is_built() -> None:
    assert sorted(catalogues()) == TRANSLATED
    assert check()


def test_what_is_not_translated_yet_does_not_keep_the_rest_from_being_built() -> None:
    catalogue = Catalog()
    catalogue.add("Who?", "Qui ?")
    catalogue.add("New")
    assert [each.string for each in held_together(catalogue) if each.id] == ["Qui\u00a0?", None]


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_text_is_translated_whole(name: str) -> None:
    catalogue = read(catalogues()[name], name)
    assert [message.id for message in missing(catalogue, read(TEMPLATE))] == []
    for message in catalogue:
        for text, said in texts_of(message) if message.id else ():
            assert sorted(PLACEHOLDER.findall(said)) == sorted(PLACEHOLDER.findall(text)), (text, said)
            assert (said[:1].isspace(), said[-1:].isspace()) == (text[:1].isspace(), text[-1:].isspace()) or (
                text == "” or “"
            )


@pytest.mark.parametrize(("one", "other"), list(combinations(TRANSLATED, 2)))
def test_no_sentence_of_a_language_stands_in_another(one: str, other: str) -> None:
    theirs = {message.id: message.string for message in read(catalogues()[other], other)}
    ours = (each for each in read(catalogues()[one], one) if each.id and each.string == theirs.get(each.id))
    alike = [each.id if isinstance(each.id, str) else each.id[0] for each in ours]
    # A word or two may well be the same, and names are.
    assert [text for text in alike if len(text.split()) > SHORT and not _is_name(text, one)] == []


def test_no_word_of_one_language_stands_in_all_others() -> None:
    spoken = [{each.id: each.string for each in read(catalogues()[name], name)} for name in TRANSLATED]
    first, *others = spoken
    alike = [text for text, said in first.items() if text and all(said == each.get(text) for each in others)]
    words = [text for text in alike if isinstance(text, str) and first[text] not in {text, "SMS"}]
    assert [text for text in words if not _is_name(text, TRANSLATED[0])] == []


def _is_name(text: str, spoken: str) -> bool:
    with speaking(spoken):
        return _(text) == text


@pytest.mark.parametrize(
    ("accepted", "liked"),
    [
        ("", None),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("nl, fr;q=0.5, es;q=0.7", "es"),
        ("en-GB,de;q=0.9", "en"),
        ("de;q=0", None),
        ("en ; q=0.5, ES; Q=0.8", "es"),
        ("xx;q=huge,*;q=0.1", None),
    ],
)
def test_the_browser_says_what_it_likes_best(accepted: str, liked: str | None) -> None:
    assert preferred(accepted) == liked


@given(st.text(max_size=80))
def test_whatever_the_browser_says_a_language_of_ours_or_none_comes_of_it(accepted: str) -> None:
    assert preferred(accepted) in {None, *LANGUAGES}


@pytest.mark.parametrize("name", [None, "", "xx", "../de", "en"])
def test_what_we_do_not_speak_is_english(name: str | None) -> None:
    with speaking("de"):
        with speaking(name):
            assert (current(), _("Calls")) == ("en", "Calls")
        assert _("Calls") == "Anrufe"


def test_a_table_of_texts_speaks_the_language_of_who_reads_it() -> None:
    table = Words({1: _("Calls"), 2: "never translated"})
    with speaking("fr"):
        assert dict(table) == {1: "Appels", 2: "never translated"}
    assert table[1] == "Calls"


def test_a_french_line_does_not_end_before_its_double_signs() -> None:
    with speaking("fr"):
        ids = [message.id for message in read(TEMPLATE) if message.id]
        every = [_(each) for each in ids if isinstance(each, str)]
        counted = [ngettext(*each, count) for each in ids if not isinstance(each, str) for count in (1, 2)]
    assert any("«\u00a0" in text for text in every)
    assert any("\u00a0:" in text for text in counted)
    every += counted
    assert not [text for text in every if re.search("« | [»:;?!]", text)]


@pytest.mark.parametrize(
    ("name", "number", "share", "day", "short"),
    [
        ("en", "1,234.50", "+7%", "Nov 24, 2026", "Tue"),
        ("de", "1.234,50", "+7\xa0%", "24. Nov. 2026", "Di."),
        ("es", "1.234,50", "+7\xa0%", "24 nov 2026", "mar"),
        ("fr", "1\u202f234,50", "+7\xa0%", "24 nov. 2026", "mar."),
    ],
)
def test_numbers_and_days_are_written_as_its_speakers_do(
    name: str, number: str, share: str, day: str, short: str
) -> None:
    when = date(2026, 11, 24)
    with speaking(name):
        assert language.decimal(Decimal("1234.5"), 2) == number
        assert language.percent(0.125, 1) == share.replace("+7", "12.5" if name == "en" else "12,5")
        assert language.percent(-0.5, signed=True) == share.replace("+7", "-50")
        assert language.percent(0.07, signed=True) == share
        assert language.dated(when, "US") == day
        assert language.weekday(when, short=True) == short


@given(st.integers(-(10**15), 10**15), st.integers(0, 3))
def test_no_digit_of_a_number_is_lost_in_any_language(number: int, places: int) -> None:
    plain = f"{Decimal(number).scaleb(-places):.{places}f}"
    for name in LANGUAGES:
        with speaking(name):
            written = language.decimal(Decimal(plain), places)
        assert re.sub(r"\D", "", written) == re.sub(r"\D", "", plain)


def test_templates_translate_only_what_is_written_in_them() -> None:
    """`_` of a template takes its text for HTML with placeholders; what comes from elsewhere is `translated`."""
    templates = Path(rendering.__file__).parent / "templates"
    found = [each.name for each in templates.rglob("*.html") if re.search(r"\b_\([^\"']", each.read_text("utf-8"))]
    assert found == []


def test_a_text_within_an_f_string_is_found_too(tmp_path: Path) -> None:
    (tmp_path / "clock.py").write_text("said = f\"{hour} {_('am') if is_early else _('pm')}\"\n")
    found = template(tmp_path)
    assert [message.id for message in found if message.id] == ["am", "pm"]


def test_a_template_that_cannot_be_read_is_named_and_its_texts_do_not_go(tmp_path: Path) -> None:
    templates = tmp_path / "web" / "dashboard" / "templates"
    templates.mkdir(parents=True)
    (templates / "torn.html").write_text('<p>{{ _("Saved.") }}</p>\n{% if %}')
    with pytest.raises(SyntaxError, match=r"torn\.html, line 2"):
        template(tmp_path)


def test_an_arrow_points_to_what_is_read_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(language.PSEUDO, "ar", lambda _code: NullTranslations())
    for code, points in (("de", "→"), ("ar", "←")):
        with speaking(code):
            assert arrow() == points
