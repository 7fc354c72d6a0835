"""A letter for a telephone's screen, as plain text and as HTML: a heading, some facts, and where to look."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from swapboard.language import current, direction

_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body style="margin:0;padding:16px;font:16px/1.5 sans-serif">
<div style="max-width:32em;margin:auto">
<h1 style="font-size:20px;margin:0 0 12px">{title}</h1>
{rows}
<!-- more -->
{link}</div></body></html>"""
_ROW = '<p style="margin:4px 0;overflow-wrap:anywhere"><b>{name}</b><br>{value}</p>'
_LINK = """<p style="margin:20px 0"><a href="{link}" style="display:inline-block;padding:12px 20px;\
border:2px solid;border-radius:8px;font-weight:bold;text-decoration:none">{button}</a></p>
"""
_LONGEST_SUBJECT = 200
_MORE = "<!-- more -->"
"""Where in the HTML more facts come, which are known only when the letter goes."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail's words."""

    subject: str
    plain: str
    html: str


@dataclass(frozen=True, slots=True)
class Link:
    """Where to look; the plain text says `words` before the address, the HTML shows a button."""

    address: str
    button: str
    words: str


def letter_of(heading: str, rows: Sequence[tuple[str, str]], link: Link | None) -> Letter:
    """The letter; the heading is its subject, of which no part may become another header."""
    subject = " ".join(heading.split())[:_LONGEST_SUBJECT]
    plain = [subject, "", *(f"{name}: {value}" for name, value in rows), ""]
    if link:
        plain += [f"{link.words}: {link.address}", ""]
    html = _PAGE.format(
        language=current(),
        direction=direction(),
        title=escape(subject),
        rows="\n".join(_ROW.format(name=escape(name), value=escape(value)) for name, value in rows),
        link=_LINK.format(link=escape(link.address), button=escape(link.button)) if link else "",
    )
    return Letter(subject, "\n".join(plain), html)


def with_more(written: Letter, name: str, value: str) -> Letter:
    """The letter with one more fact, of one or several lines."""
    said = "<br>".join(escape(line) for line in value.splitlines())
    return Letter(
        written.subject,
        f"{written.plain}\n{name}:\n{value}\n",
        written.html.replace(_MORE, _ROW.format(name=escape(name), value=said), 1),
    )
