"""Forms with files, before anything of them is read."""

import asyncio

import pytest
from starlette.requests import Request
from starlette.types import Message

from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import read_with_files

MULTIPART = (b"content-type", b"multipart/form-data; boundary=x")


async def _never() -> Message:
    raise AssertionError("nothing of it is read")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([], 411),
        ([(b"content-length", b"-1")], 411),
        ([(b"content-length", b"10"), (b"transfer-encoding", b"chunked")], 411),
        ([(b"content-length", b"1001")], 413),
    ],
)
def test_a_form_that_may_be_too_long_is_refused_unread(headers: list[tuple[bytes, bytes]], status: int) -> None:
    request = Request({"type": "http", "method": "POST", "headers": [MULTIPART, *headers]}, _never)
    with pytest.raises(Refused) as refused:
        asyncio.run(read_with_files(request, 1_000))
    assert refused.value.status == status
