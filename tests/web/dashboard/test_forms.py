"""Forms with files, before anything of them is read."""

import asyncio

import pytest
from starlette.requests import Request
from starlette.types import Message

from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import read_with_files
from tests.building import ON_SQLITE
from tests.web.dashboard.shop import ORIGIN, Browser

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


@ON_SQLITE
@pytest.mark.anyio
async def test_no_door_takes_a_form_of_unknown_length(owner: Browser) -> None:
    headers = {"Origin": ORIGIN, "Content-Type": "multipart/form-data; boundary=x", "Transfer-Encoding": "chunked"}
    for path in ("/company", "/costs/files", "/costs/rates", "/destinations/none/compare"):
        answer = await owner.post(path, content=b"--x--", headers={**headers, "Content-Length": "5"})
        assert answer.status_code == 411, path
