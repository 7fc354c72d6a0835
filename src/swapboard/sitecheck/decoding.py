"""A page's text from its bytes: mark, header, `<meta>`, then UTF-8 (WHATWG encoding sniffing, the plain cases)."""

import codecs
import re

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_META = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_SNIFFED_BYTES = 1024
# What the standard's labels mean is more than their names say: pages use the letters that Windows added.
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}


def decode(body: bytes, content_type: str) -> str:
    """The text; bytes that make no sense become U+FFFD, as in a browser."""
    for mark, encoding in _MARKS.items():
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    told = re.search(r"charset\s*=\s*[\"']?([\w:.-]+)", content_type, re.IGNORECASE)
    meta = _META.search(body[:_SNIFFED_BYTES])
    for label in (told and told[1], meta and meta[1].decode("ascii", "replace")):
        encoding_name = _known(label) if label else None
        if encoding_name:
            try:
                return body.decode(encoding_name, "replace")
            except (LookupError, ValueError):
                # Python has codecs that are for no text at all.
                continue
    return body.decode("utf-8", "replace")


def _known(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    # In a <meta>, UTF-16 cannot be true: it was read as ASCII.
    return "utf-8" if name.startswith("utf-16") else _MEANT.get(name, name)
