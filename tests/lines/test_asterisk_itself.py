"""A real Asterisk with the files that we write: it starts, answers ARI, and has our dialplan."""

import asyncio
import shutil
from pathlib import Path

import pytest

from swapboard.carriers.asterisk.config import Destination, files
from swapboard.carriers.asterisk.pbx import Pbx
from swapboard.lines.ari.client import AriClient, AriError
from tests.building import BILLBOARD, DESTINATION, run

NOT_HERE = "Asterisk is not installed (Debian 12 has no package: docs/asterisk.md says how to get it)"

pytestmark = pytest.mark.skipif(shutil.which("asterisk") is None, reason=NOT_HERE)

PBX = Pbx("http://127.0.0.1:8088", "swapboard", "open sesame", "PJSIP/{number}@trunk", (BILLBOARD,))


def test_it_starts_with_our_files_and_knows_our_numbers(tmp_path: Path) -> None:
    for name, content in files(PBX, {BILLBOARD: Destination(DESTINATION, 25)}, None).items():
        (tmp_path / name).write_text(content)
    folders = "".join(
        f"{name} => {tmp_path}\n"
        for name in ("astetcdir", "astvarlibdir", "astrundir", "astlogdir", "astspooldir")
    )
    (tmp_path / "asterisk.conf").write_text(f"[directories]\n{folders}")
    (tmp_path / "modules.conf").write_text("[modules]\nautoload=yes\n")

    async def use() -> None:
        command = ("asterisk", "-f", "-C", str(tmp_path / "asterisk.conf"))
        running = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
        client = AriClient(PBX)
        try:
            async with asyncio.timeout(40):
                while not await answers(client):
                    await asyncio.sleep(0.2)
            asked = await asyncio.create_subprocess_exec(
                *("asterisk", "-C", str(tmp_path / "asterisk.conf"), "-rx", "dialplan show from-trunk"),
                stdout=asyncio.subprocess.PIPE,
            )
            shown, _ = await asked.communicate()
            assert f"Stasis(swapboard,in,{BILLBOARD})" in shown.decode()
        finally:
            running.terminate()
            await running.wait()
            await client.close()

    run(use())


async def answers(client: AriClient) -> bool:
    try:
        await client.ask("GET", "asterisk", "info")
    except AriError:
        return False
    return True
