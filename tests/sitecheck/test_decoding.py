"""A page's text from its bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.sitecheck.decoding import decode


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("Ünï".encode(), "text/html", "Ünï"),
        ("Ünï".encode("cp1252"), "text/html; charset=ISO-8859-1", "Ünï"),
        (b"\x93x\x94", "text/html; charset=ascii", "\u201cx\u201d"),
        (b'<meta charset="windows-1252">\xfc', "text/html", '<meta charset="windows-1252">\xfc'),
        ("<meta charset=utf-16>ü".encode(), "text/html", "<meta charset=utf-16>ü"),
        (b"\xef\xbb\xbf\xc3\xbc", "text/html; charset=latin1", "ü"),
        ("ü".encode("utf-16"), "text/html", "ü"),
        (b"\xff", "text/html; charset=klingon", "\ufffd"),
        (b"\xff", "text/html; charset=hex", "\ufffd"),
        (b"\xff", "text/html; charset=idna", "\ufffd"),
        ("日本".encode("shift_jis"), 'text/html; charset="Shift_JIS"', "日本"),
        # What the labels mean is more than the encodings of that name (WHATWG Encoding, 4.2).
        ("①髙".encode("cp932"), "text/html; charset=Shift_JIS", "①髙"),
        ("镕€".encode("gb18030"), "text/html; charset=gb2312", "镕€"),
        ("镕".encode("gbk"), "text/html; charset=gbk", "镕"),
        ("똠".encode("cp949"), "text/html; charset=euc-kr", "똠"),
        ("嘅".encode("big5hkscs"), "text/html; charset=big5", "嘅"),
        (b"\x93\xfd\x94", "text/html; charset=iso-8859-9", "\u201c\u0131\u201d"),
        (b"\x93\xa1", "text/html; charset=tis-620", "\u201cก"),
    ],
)
def test_encodings(body: bytes, content_type: str, text: str) -> None:
    assert decode(body, content_type) == text


@given(st.binary(max_size=60), st.text(max_size=30))
def test_any_bytes_are_text(body: bytes, content_type: str) -> None:
    decode(body, content_type)
