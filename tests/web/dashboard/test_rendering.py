"""What templates do by themselves."""

import re

import pytest

from swapboard.language import speaking
from swapboard.web.dashboard import urls, written
from swapboard.web.dashboard.live import PARTS
from swapboard.web.dashboard.rendering import STATIC, environment


def test_numbers_in_sentences_are_written_as_each_language_writes_them() -> None:
    counted = environment().from_string(
        "{% trans count=n, who='<b>' %}{{ count }} number{% pluralize %}{{ count }} numbers{{ who }}{% endtrans %}"
    )
    with speaking("en"):
        assert counted.render(n=1) == "1 number"
        assert counted.render(n=12_345) == "12,345 numbers&lt;b&gt;"
    with speaking("de"):
        assert counted.render(n=12_345).startswith("12.345 ")


def test_pages_that_ask_for_parts_of_themselves_can() -> None:
    loader = environment().loader
    assert loader is not None
    sources = {name: loader.get_source(environment(), name)[0] for name in loader.list_templates()}
    asking = {name for name, source in sources.items() if re.search(r"hx-(get|post|put|delete)=|live\.js", source)}
    able = {name for name, source in sources.items() if '{% include "htmx.html" %}' in source}
    able |= {name for name, source in sources.items() if any(f'extends "{each}"' in source for each in able)}
    assert asking
    assert asking <= able


ASKED_OTHERWISE = {
    "inventory.html": "the button is the second press",
    "person_remove.html": "the page is the second press",
    "recording.html": "the number is typed",
    "log_ins.html": "they log in again",
    "spam.html": "the row says what to type to have it back",
    "words.html": "the row says what to type to have it back",
}


def test_what_is_gone_for_good_is_asked_twice() -> None:
    folder = STATIC.parent / "templates"
    at_one_press = set()
    for each in folder.rglob("*.html"):
        parts = each.read_text("utf-8").split("button-bad")
        above = ["".join(parts[:place]) for place in range(1, len(parts))]
        if any(text.count("{% call m.sure(") <= text.count("{% endcall %}") for text in above):
            at_one_press.add(each.name)
    assert at_one_press == set(ASKED_OTHERWISE)


def test_a_page_loads_the_style_sheet_of_every_class_that_it_names() -> None:
    folder = STATIC.parent / "templates"
    pages = {each.relative_to(folder).as_posix(): each.read_text("utf-8") for each in folder.rglob("*.html")}
    rules = {
        each.name: set(re.findall(r"\.([a-z][\w-]*)", each.read_text("utf-8"))) for each in STATIC.glob("*.css")
    }
    missing = {}
    for name, source in pages.items():
        above = re.match(r'{% extends "(.+?)"', source)
        if above:
            loaded = {"app.css", *re.findall(r"(\w+\.css)", source + pages[above[1]])}
            named = set(re.sub(r"{{.*?}}|{%.*?%}", " ", " ".join(re.findall(r'class="([^"]*)"', source))).split())
            unstyled = named & set().union(*rules.values()) - set().union(*(rules[each] for each in loaded))
            missing |= {name: unstyled} if unstyled else {}
    assert not missing


def test_every_class_of_the_style_sheets_stands_on_some_page() -> None:
    sources = " ".join(each.read_text(encoding="utf-8") for each in (STATIC.parent / "templates").rglob("*.html"))
    scripts = " ".join(each.read_text(encoding="utf-8") for each in STATIC.glob("*.js"))
    said = " ".join(re.findall(r'class="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)"', sources, re.DOTALL))
    known = {"htmx-request"} | set(re.findall(r"[a-zA-Z][\w-]*", said + scripts))
    made = tuple(re.findall(r"([a-z][\w-]*-)\{\{", said))
    for sheet in STATIC.glob("*.css"):
        rules = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        classes = set(re.findall(r"\.([a-zA-Z][\w-]*)", rules))
        assert not {each for each in classes - known if not each.startswith(made)}, sheet.name


def test_a_column_of_calls_that_a_narrow_window_hides_goes_with_its_heading() -> None:
    """By its class: lists of calls have different columns, and the third was another one of missed calls."""
    loader = environment().loader
    assert loader is not None
    rows = loader.get_source(environment(), "macros.html")[0].partition("macro call_rows")[2]
    assert re.findall(r'<(t[hd]) [^>]*class="c-dialled"', rows) == ["th", "td"]
    css = (STATIC / "app.css").read_text(encoding="utf-8")
    assert not re.findall(r"^.*\.rows-calls[^{]*nth-.*$", css, re.MULTILINE)


@pytest.mark.parametrize("sheet", ["app.css", "wall.css"])
def test_the_live_page_s_parts_come_in_the_order_in_which_a_phone_shows_them(sheet: str) -> None:
    """Or what is there already would move when the rest of the page arrives."""
    css = (STATIC / sheet).read_text(encoding="utf-8")
    (narrow,) = re.findall(r"grid-template-columns: minmax\(0, 1fr\); grid-template-areas: ([^;]+);", css)
    assert narrow.replace('"', "").split() == list(PARTS)


def test_an_address_ends_a_line_after_a_slash_or_a_point_and_nothing_else_is_broken() -> None:
    assert urls.address("www.example.com/a-b") == "www.<wbr>example.<wbr>com/<wbr>a-b"
    assert urls.address("a/<b>") == "a/<wbr>&lt;b&gt;"
    assert urls.address("Washington D.C.") == "Washington D.C."


def test_what_speaks_against_something_has_a_minus_not_a_hyphen() -> None:
    assert [written.points(each) for each in (0.5, -1.2)] == ["+0.5", "\N{MINUS SIGN}1.2"]


def test_a_heading_that_is_a_link_stands_on_paper() -> None:
    paper = (STATIC / "app.css").read_text(encoding="utf-8").partition("on paper")[2]
    hidden = paper.partition("{ display: none !important; }")[0]
    assert ".card-head > a," in hidden, "the links beside a heading"
    assert ".card-head a," not in hidden, "nor those within it: the report's name would be missing"


def test_the_days_and_sizes_below_a_plot_are_where_a_telephone_moves_them_down() -> None:
    loader = environment().loader
    assert loader is not None
    plots = [loader.get_source(environment(), f"{name}.html")[0] for name in ("sizing", "rehearsal", "trust")]
    assert all('y="278"' in plot for plot in plots)
    assert '.plot > text[y="278"]' in (STATIC / "numbers.css").read_text(encoding="utf-8")
