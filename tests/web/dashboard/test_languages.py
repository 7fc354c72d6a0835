"""The dashboard in other languages: whose, how it is chosen, and that no English is left on its pages."""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from urllib.parse import urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select, update

from integrations.translate_dashboard import catalogues, read
from swapboard.storage.schema import carriers, emails
from swapboard.switchboard.exchange import Exchange
from tests.building import ON_SQLITE
from tests.web.dashboard.shop import AD, BILLBOARD, PASSWORD, Browser, Shop

pytestmark = [pytest.mark.anyio, ON_SQLITE]

SAID_AS_IT_IS = ("script", "style", "code", "bdi", "option[lang]", "textarea")
"""What of a page is no text of ours: code, what people wrote, and each language's own name."""
NOT_WALKED = re.compile(r"^/(static|logos|brand|logout|push-worker|reference)|\.(csv|pdf|zip|svg|png)$|/events$")


def only_english(language: str) -> set[str]:
    """Our texts that read otherwise in the language."""
    catalogue = read(catalogues()[language], language)
    return {
        str(message.id)
        for message in catalogue
        if isinstance(message.id, str) and message.id and message.string != message.id and "%" not in message.id
    } - {str(message.string) for message in catalogue}


def texts_of(html: str, said_as_it_is: Sequence[str] = SAID_AS_IT_IS) -> Iterator[str]:
    """Every text of a page, and what screen readers and empty fields say."""
    page = LexborHTMLParser(html)
    for each in page.css(", ".join(said_as_it_is)):
        each.decompose()
    for each in page.css("*"):
        yield from (
            said or "" for name, said in each.attributes.items() if name in {"aria-label", "placeholder", "alt"}
        )
        yield from (text.strip() for text in each.text(deep=False, separator="\n").split("\n"))


async def test_a_browser_is_answered_in_its_language(browser: Browser, shop: Shop) -> None:
    login = await browser.get("/login", headers={"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"})
    assert '<html lang="de" dir="ltr">' in login.text
    assert "Anmelden" in login.text
    plain = await browser.get("/login")
    assert '<html lang="en" dir="ltr">' in plain.text
    lost = await browser.get("/nowhere", headers={"Accept-Language": "es"})
    assert (lost.status_code, "No encontrado" in lost.text) == (404, True)


async def test_who_is_logged_in_chooses_for_themselves(owner: Browser) -> None:
    in_spanish = {"Accept-Language": "es"}
    assert 'lang="es"' in (await owner.get("/", headers=in_spanish)).text
    assert (await owner.send_form("/me/language", {"language": "fr"})).status_code == 303
    assert 'lang="fr"' in (await owner.get("/", headers=in_spanish)).text
    refused = await owner.send_form("/me/language", {"language": "xx"})
    assert (refused.status_code, "Choisissez une des langues" in refused.text) == (422, True)
    assert (await owner.send_form("/me/language", {"language": ""})).status_code == 303
    assert 'lang="es"' in (await owner.get("/", headers=in_spanish)).text


async def test_a_refusal_from_within_a_change_is_in_their_language(owner: Browser) -> None:
    answer = await owner.send_form("/me/password", {"now": "no", "password": "x", "again": "x"})
    assert "That is not your current password." in answer.text
    await owner.send_form("/me/language", {"language": "de"})
    answer = await owner.send_form("/me/password", {"now": PASSWORD, "password": "a" * 12, "again": "b" * 12})
    assert "Die beiden Passwörter sind nicht gleich." in answer.text


@pytest.mark.parametrize("language", ["de"])
async def test_no_page_has_english_left(owner: Browser, shop: Shop, language: str) -> None:
    await shop.visit()
    await shop.ring(BILLBOARD)
    await shop.answer()
    await shop.hang_up(talk_seconds=90)
    # What somebody named themselves stays as it is, also where a page calls something so.
    await shop.exchange.change(lambda connection: connection.execute(update(carriers).values(name="Acme")))
    english = only_english(language)
    await owner.send_form("/me/language", {"language": language})
    left, seen = dict[str, set[str]](), 0
    async for path, html in walked(owner, ["/", "/people", "/company", "/journal", "/me", "/companies"]):
        assert f'<html lang="{language}"' in html, path
        seen += 1
        if found := english.intersection(texts_of(html)):
            left[path] = found
    assert left == {}
    assert seen > 40


async def walked(browser: Browser, begin: Sequence[str]) -> AsyncIterator[tuple[str, str]]:
    """One page of each kind with its address, by their links."""
    waiting, seen = list(begin), set[str]()
    while waiting:
        path = waiting.pop()
        shape = re.sub(r"[0-9a-f]{32}", "ID", urlsplit(path).path)
        if shape in seen or NOT_WALKED.search(shape):
            continue
        seen.add(shape)
        answer = await browser.get(path)
        if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
            continue
        yield path, answer.text
        links = (each.attributes.get("href") or "" for each in LexborHTMLParser(answer.text).css("a[href^='/']"))
        waiting.extend(link for link in links if not link.startswith("//"))


async def test_what_a_visit_says_of_itself_is_no_text_of_ours(owner: Browser, shop: Shop) -> None:
    """It neither passes as HTML nor as a pattern for `%`."""
    admitted = await shop.visit(AD.replace("Emergency", "%3Cb%3E50%25+off%3C%2Fb%3E"))
    await shop.ring(admitted.swaps[0].number)
    await shop.answer()
    await shop.hang_up(talk_seconds=90)
    answer = await owner.get("/reports/models?by=campaign")
    assert (answer.status_code, "&lt;b&gt;50% off&lt;/b&gt;" in answer.text) == (200, True)


async def test_letters_to_a_person_are_in_their_language(
    owner: Browser, browser: Browser, exchange: Exchange, mailing: None
) -> None:
    await owner.send_form("/me/language", {"language": "es"})
    await browser.send_form("/forgotten", {"email": "owner@example.com"})
    [letter] = await exchange.read(lambda connection: connection.execute(select(emails)).all())
    assert "Elegirla: " in exchange.vault.unseal(letter.sealed)["plain"]
    assert 'lang="es"' in exchange.vault.unseal(letter.sealed)["html"]


async def test_who_never_chose_gets_letters_in_the_language_of_their_browser(
    owner: Browser, browser: Browser, exchange: Exchange, mailing: None
) -> None:
    browser.headers["Accept-Language"] = "fr-CA,fr;q=0.9"
    await browser.send_form("/forgotten", {"email": "owner@example.com"})
    [letter] = await exchange.read(lambda connection: connection.execute(select(emails)).all())
    assert 'lang="fr"' in exchange.vault.unseal(letter.sealed)["html"]
