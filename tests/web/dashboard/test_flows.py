"""The flows' pages: the tree, the dry run, and an editor whose every button works without script."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from httpx import Response

from swapboard.calls.flow_store import FLOW, FlowRecord, add_flow, list_flows
from swapboard.calls.nodes import BLANKS, MOST_STEPS, EndCall, Flow, Menu
from swapboard.calls.sound_store import list_sounds
from swapboard.recordings.wave import read_wave, wave_file
from swapboard.web.dashboard.flow_draft import FIELDS, KINDS, Draft, blank, draft_of, flow_of
from swapboard.web.dashboard.flow_tree import Tree, tree_of
from tests.calls.flows import EVERY_STEP, SHOP_FLOW
from tests.one_server import on_one_server
from tests.recordings.sounds import RATE, voice
from tests.web.dashboard.shop import ORIGIN, Browser, Shop

pytestmark = pytest.mark.anyio
FLOWS = "/numbers/flows"


class FormReader(HTMLParser):
    """The fields that a browser would send with a page's editor, but for its buttons."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._area: str | None = None
        self.feed(text[text.index("<main") :])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "input" and name and (given.get("type") != "checkbox" or "checked" in given):
            self.fields.setdefault(name, []).append(value)
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option":
            self._options.append((value, "selected" in given))
        elif tag == "textarea":
            self._area = name
            self.fields.setdefault(name or "", []).append("")

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][-1] += data
        elif self._select and self._options and not self._options[-1][0]:
            # An option without a value is its own words.
            self._options[-1] = ("" if data.startswith("(") or data == "Not said" else data, self._options[-1][1])

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        if tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected] or [self._options[0][0]]
            self.fields.setdefault(self._select, []).append(chosen[0])
            self._select = None


async def flows_of(shop: Shop) -> list[FlowRecord]:
    return list(await shop.exchange.read(lambda connection: list_flows(connection, shop.company_id).rows))


async def with_flow(shop: Shop, flow: Flow) -> str:
    def write(connection: object) -> None:
        add_flow(connection, shop.company_id, "f1", "Front desk", flow, (), 1)  # type: ignore[arg-type]

    await shop.exchange.configure(shop.company_id, write)
    return f"{FLOWS}/f1"


@pytest.mark.parametrize("flow", [SHOP_FLOW, EVERY_STEP])
async def test_the_editor_gives_back_what_it_shows(owner: Browser, shop: Shop, flow: Flow) -> None:
    address = await with_flow(shop, flow)
    fields = FormReader((await owner.get(f"{address}/edit")).text).fields
    saved = await owner.send_fields(f"{address}/edit", {**fields, "do": "save"})
    assert (saved.status_code, saved.headers["location"]) == (303, address)
    [record] = await flows_of(shop)
    assert FLOW.dump_python(record.flow, mode="json") == FLOW.dump_python(flow, mode="json")


async def test_who_saves_a_flow_second_is_asked_and_not_obeyed(owner: Browser, shop: Shop) -> None:
    address = f"{await with_flow(shop, SHOP_FLOW)}/edit"
    opened = FormReader((await owner.get(address)).text).fields
    mine, yours = {**opened, "name": "Mine", "do": "save"}, {**opened, "name": "Yours"}
    assert (await owner.send_fields(address, mine)).status_code == 303

    checked = await owner.send_fields(address, {**yours, "kind": "hang_up", "do": "add"})
    assert FormReader(checked.text).fields["stamp"] == opened["stamp"]
    late = await owner.send_fields(address, {**yours, "do": "save"})
    assert late.status_code == 409
    assert "Somebody changed this since you opened it." in late.text
    assert [each.name for each in await flows_of(shop)] == ["Mine"]
    again = await owner.send_fields(address, {**FormReader(late.text).fields, "do": "save"})
    assert again.status_code == 303
    assert [each.name for each in await flows_of(shop)] == ["Yours"]


async def test_the_largest_flow_can_be_edited(owner: Browser, shop: Shop) -> None:
    names = [f"Секретарь отдела под номером {number:03}" for number in range(MOST_STEPS)]
    menus = {
        name: Menu(text="Ждите. " * 80, keys={"1": following}, otherwise=following)
        for name, following in pairwise(names)
    }
    address = await with_flow(shop, Flow(names[0], {**menus, names[-1]: EndCall()}))
    fields = FormReader((await owner.get(f"{address}/edit")).text).fields
    checked = await owner.send_fields(f"{address}/edit", {**fields, "do": "check"})
    assert "It is not saved yet." in checked.text
    files = {f"{place}.upload": ("", b"") for place in fields["place"]}
    told = {**fields, "do": "save"}
    saved = await owner.post(f"{address}/edit", data=told, files=files, headers={"Origin": ORIGIN})
    assert saved.status_code == 303


async def test_a_flow_is_made_step_by_step(owner: Browser, shop: Shop) -> None:
    fields = FormReader((await owner.get(f"{FLOWS}/new")).text).fields
    more = await owner.send_fields(f"{FLOWS}/new", {**fields, "name": "Desk", "kind": "greeting", "do": "add"})
    fields = FormReader(more.text).fields
    place = next(p for p in fields["place"] if fields[f"{p}.kind"] == ["greeting"])
    fields |= {f"{place}.text": ["Hello."], f"{place}.name": ["Welcome"], f"{place}.then": ["Ring us"]}
    refused = await owner.send_fields(f"{FLOWS}/new", {**fields, "do": "save"})
    assert refused.status_code == 422
    assert "No call ever comes to “Welcome”." in refused.text
    fields["start"] = [fields[f"{place}.was"][0]]
    checked = await owner.send_fields(f"{FLOWS}/new", {**fields, "do": "check"})
    assert "It is not saved yet." in checked.text
    assert await flows_of(shop) == []
    saved = await owner.send_fields(f"{FLOWS}/new", {**fields, "do": "save"})
    assert saved.status_code == 303
    [record] = await flows_of(shop)
    assert (record.name, record.flow.start) == ("Desk", "Welcome")


async def test_a_step_that_is_renamed_keeps_the_ways_to_it(owner: Browser, shop: Shop) -> None:
    address = await with_flow(shop, SHOP_FLOW)
    fields = FormReader((await owner.get(f"{address}/edit")).text).fields
    place = next(p for p in fields["place"] if fields[f"{p}.was"] == ["mailbox"])
    await owner.send_fields(f"{address}/edit", {**fields, f"{place}.name": ["Answering machine"], "do": "save"})
    [record] = await flows_of(shop)
    assert "mailbox" not in record.flow.steps
    assert record.flow.steps["sales"].otherwise == "Answering machine"  # type: ignore[union-attr]


async def test_a_step_is_removed_and_what_led_to_it_is_told(owner: Browser, shop: Shop) -> None:
    address = await with_flow(shop, SHOP_FLOW)
    fields = FormReader((await owner.get(f"{address}/edit")).text).fields
    place = next(p for p in fields["place"] if fields[f"{p}.was"] == ["mailbox"])
    left = FormReader(
        (await owner.send_fields(f"{address}/edit", {**fields, "do": f"remove:{place}"})).text
    ).fields
    refused = await owner.send_fields(f"{address}/edit", {**left, "do": "save"})
    assert "goes on to “mailbox”, but there is no such step." in refused.text
    assert len((await flows_of(shop))[0].flow.steps) == len(SHOP_FLOW.steps)


async def test_the_dry_run_tells_the_path(owner: Browser, shop: Shop) -> None:
    address = await with_flow(shop, SHOP_FLOW)
    answer = await owner.get(address, params={"at": "2026-11-24T12:00", "keys": "2"})
    assert "hours → welcome → menu" in answer.text
    assert "The caller left a message." in answer.text
    for beyond in ("noon", "9999-12-31T23:59", "0001-01-01T00:00"):
        wrong = await owner.get(address, params={"at": beyond})
        assert "Write a day and a time" in wrong.text


async def test_a_form_that_is_none_of_ours_is_refused(owner: Browser) -> None:
    for form in ({"place": ""}, {"place": "0", "0.kind": "nothing"}, {"place": "7", "7.kind": "K" * 9_000}):
        answer = await owner.send_form("/numbers/flows/new", {"do": "check", **form})
        assert answer.status_code == 400
        assert "Load the page again" in answer.text


async def test_a_flow_is_removed(owner: Browser, shop: Shop) -> None:
    address = await with_flow(shop, SHOP_FLOW)
    assert (await owner.send_fields(f"{address}/remove", {})).status_code == 303
    assert await flows_of(shop) == []
    assert (await owner.get(address)).status_code == 404


async def test_who_may_only_look_sees_and_changes_nothing(browser: Browser, shop: Shop) -> None:
    await browser.log_in("reader@example.com")
    reader = browser
    address = await with_flow(shop, SHOP_FLOW)
    shown = await reader.get(address)
    assert shown.status_code == 200
    assert "/edit" not in shown.text
    assert (await reader.get(f"{address}/edit")).status_code == 403
    assert (await reader.send_fields(f"{address}/edit", {"do": "save"})).status_code == 403
    assert (await reader.send_fields(f"{address}/remove", {})).status_code == 403
    assert len(await flows_of(shop)) == 1


HELLO = wave_file(RATE, [voice(1)])


async def send_files(
    owner: Browser, path: str, fields: dict[str, list[str]], files: dict[str, tuple[str, bytes]]
) -> Response:
    """A form with files, as browsers send it."""
    return await owner.post(path, data=fields, files=files, headers={"Origin": ORIGIN})


async def sounds_of(shop: Shop) -> dict[str, str]:
    found = await shop.exchange.read(lambda connection: list_sounds(connection, shop.company_id))
    return {each.name: each.sound_id for each in found}


async def edited(owner: Browser, address: str) -> tuple[dict[str, list[str]], str]:
    """The editor's fields, and the place of the greeting."""
    fields = FormReader((await owner.get(f"{address}/edit")).text).fields
    return fields, next(place for place in fields["place"] if fields[f"{place}.was"] == ["welcome"])


async def test_a_greeting_is_sent_with_the_editors_form_and_heard_there(owner: Browser, shop: Shop) -> None:
    address = await with_flow(shop, SHOP_FLOW)
    fields, place = await edited(owner, address)
    file = {f"{place}.upload": ("../Spring greeting.wav", HELLO)}
    checked = await send_files(owner, f"{address}/edit", {**fields, "do": ["check"]}, file)
    fields = FormReader(checked.text).fields
    assert fields[f"{place}.sound"] == ["Spring greeting"]
    sound_id = (await sounds_of(shop))["Spring greeting"]
    audio = await owner.get(f"{FLOWS}/sounds/{sound_id}/audio")
    assert f"/sounds/{sound_id}/audio" in checked.text
    assert read_wave(audio.content).rate == RATE
    part = await owner.get(f"{FLOWS}/sounds/{sound_id}/audio", headers={"Range": "bytes=0-99"})
    assert (part.status_code, part.content) == (206, audio.content[:100])
    assert part.headers["content-range"] == f"bytes 0-99/{len(audio.content)}"
    saved = await owner.send_fields(f"{address}/edit", {**fields, "do": "save"})
    assert saved.status_code == 303
    [record] = await flows_of(shop)
    assert record.flow.steps["welcome"].file == "sound:Spring greeting"  # type: ignore[union-attr]
    assert "♪ Spring greeting" in (await owner.get(address)).text


async def test_a_file_that_cannot_be_heard_is_told_and_nothing_is_lost(owner: Browser, shop: Shop) -> None:
    address = await with_flow(shop, SHOP_FLOW)
    fields, place = await edited(owner, address)
    typed = {**fields, f"{place}.text": ["Typed just now."], "do": ["save"]}
    song = {f"{place}.upload": ("song.m4a", b"\0\0\0 ftypM4A ")}
    refused = await send_files(owner, f"{address}/edit", typed, song)
    assert refused.status_code == 422
    assert "“welcome”, song.m4a: This is an M4A" in refused.text
    assert "Typed just now." in refused.text
    assert await sounds_of(shop) == {}


async def test_sounds_are_sent_replaced_and_removed_below_the_flows(owner: Browser, shop: Shop) -> None:
    sent = await send_files(owner, f"{FLOWS}/sounds", {"name": ["Hello"]}, {"file": ("a.wav", HELLO)})
    assert sent.status_code == 303
    sound_id = (await sounds_of(shop))["Hello"]
    bad = await send_files(owner, f"{FLOWS}/sounds", {"name": ["x"]}, {"file": ("a.txt", b"words")})
    assert (bad.status_code, "WAV, MP3 or FLAC" in bad.text) == (422, True)
    longer = {"file": ("b.wav", wave_file(RATE, [voice(2)]))}
    assert (await send_files(owner, f"{FLOWS}/sounds/{sound_id}/replace", {}, longer)).status_code == 303
    assert read_wave((await owner.get(f"{FLOWS}/sounds/{sound_id}/audio")).content).seconds > 1.9
    await with_flow(shop, Flow("bye", {"bye": EndCall(file="sound:Hello")}))
    kept = await owner.send_fields(f"{FLOWS}/sounds/{sound_id}/remove", {})
    assert "played by “Front desk”" in kept.text
    await owner.send_fields(f"{FLOWS}/f1/remove", {})
    recorded = {"do": ["policy"], "line": [""], "mode": ["notice"], "notice": ["We record."]}
    page = await owner.get("/numbers/recording")
    assert '<option value="sound:Hello">Hello</option>' in page.text
    await owner.send_fields("/numbers/recording", recorded | {"notice_file": ["sound:Hello"]})
    assert '<option value="sound:Hello" selected>' in (await owner.get("/numbers/recording")).text
    kept = await owner.send_fields(f"{FLOWS}/sounds/{sound_id}/remove", {})
    assert "played by “the notice of recording”" in kept.text
    await owner.send_fields("/numbers/recording", recorded)
    assert (await owner.send_fields(f"{FLOWS}/sounds/{sound_id}/remove", {})).status_code == 303
    assert await sounds_of(shop) == {}
    assert (await owner.get(f"{FLOWS}/sounds/{sound_id}/audio")).status_code == 404


async def test_a_new_flow_speaks_the_language_that_its_words_are_in(owner: Browser) -> None:
    for wanted, spoken, says in (("en", "en-US", "Please leave"), ("de", "de-DE", "Bitte")):
        page = (await owner.get(f"{FLOWS}/new", headers={"Accept-Language": wanted})).text
        fields = FormReader(page).fields
        assert fields["language"] == [spoken]
        assert fields["1.text"][0].startswith(says)


async def test_who_may_only_look_sends_no_sound(browser: Browser, shop: Shop) -> None:
    await browser.log_in("reader@example.com")
    assert "Send the sound" not in (await browser.get(FLOWS)).text
    sent = await send_files(browser, f"{FLOWS}/sounds", {}, {"file": ("a.wav", HELLO)})
    assert sent.status_code == 403
    assert await sounds_of(shop) == {}


@on_one_server("kind", KINDS)
async def test_every_kind_of_step_has_a_form(owner: Browser, kind: str) -> None:
    fields = FormReader((await owner.get(f"{FLOWS}/new")).text).fields
    more = await owner.send_fields(f"{FLOWS}/new", {**fields, "kind": kind, "do": "add"})
    assert more.status_code == 200
    assert FormReader(more.text).fields["2.kind"] == [kind]
    assert re.findall(r'name="([^"]+)"[^>]* autofocus', more.text) == ["2.name"]


def test_the_kinds_are_the_flows_own() -> None:
    assert set(KINDS) == set(FIELDS) == set(BLANKS)
    for kind in KINDS:
        assert set(blank(kind, "x", "UTC")) == {"name", "kind", *FIELDS[kind]}


def test_a_draft_that_is_no_flow_yet_says_why() -> None:
    record = FlowRecord("f1", "c1", "Desk", SHOP_FLOW, (), 1)
    draft = draft_of(record)
    assert flow_of(draft) == (SHOP_FLOW, [])
    broken = Draft("", "a", steps=({**blank("menu", "a", "UTC"), "plays": "often"}, blank("record", "a", "UTC")))
    flow, faults = flow_of(broken)
    assert flow is None
    said = " ".join(fault.detail for fault in faults)
    assert "Give the flow a name" in said
    assert "Two steps are called “a”" in said


def test_each_step_stands_in_the_tree_once() -> None:
    def names(tree: Tree) -> list[str]:
        return [tree.name, *(name for branch in tree.branches if branch.tree for name in names(branch.tree))]

    tree = tree_of(EVERY_STEP, "US")
    assert tree
    assert sorted(names(tree)) == sorted(EVERY_STEP.steps)
