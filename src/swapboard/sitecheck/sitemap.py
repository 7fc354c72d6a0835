"""The addresses that a sitemap lists (https://www.sitemaps.org/protocol.html)."""

import zlib
from dataclasses import dataclass
from xml.etree import ElementTree

MOST_SITEMAPS = 5
LONGEST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one file lists."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_sitemap(content: bytes) -> Sitemap:
    """A sitemap, an index of them, or a plain list, gzipped or not. What cannot be read is empty."""
    # Plugins for WordPress leave blank lines on top, where XML allows none.
    plain = _unpacked(content).lstrip()
    if b"<" not in plain[:200]:
        listed = plain.decode("utf-8", "replace").split()
        return Sitemap(tuple(line for line in listed if line.startswith(("http://", "https://"))))
    # A document type could define entities that unfold to gigabytes; a sitemap has none.
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        return Sitemap()
    try:
        root = _parsed(plain)
    except ElementTree.ParseError:
        return Sitemap()
    places = tuple(
        (each.text or "").strip()
        for entry in root
        for each in entry
        if each.tag.rpartition("}")[2] == "loc" and (each.text or "").strip()
    )
    is_index = root.tag.rpartition("}")[2] == "sitemapindex"
    return Sitemap(sitemaps=places) if is_index else Sitemap(pages=places)


def _parsed(plain: bytes) -> ElementTree.Element:
    """Raises ElementTree.ParseError."""
    try:
        return ElementTree.fromstring(plain)  # noqa: S314
    except (ValueError, LookupError):
        # It is said to be in letters that expat does not know, as Shift_JIS; addresses are the same in most.
        return ElementTree.fromstring(plain.decode("utf-8", "replace"))  # noqa: S314


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return zlib.decompressobj(wbits=31).decompress(content, LONGEST_BYTES)
    except zlib.error:
        return b""
