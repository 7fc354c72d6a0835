"""What many who look at the live page cost, beside the visits.

    .venv/bin/python -m benchmarks.live [--viewers 1000] [--changes 10] [--leases 4000]

A server of its own process with one company, and so many open streams of the live page held by this process. Then
something changes, several times: how long until all have it, and what the server's processor spends on it. Then
visits come one after another in batches, without and with the viewers, in turns: what the viewers cost the leases.
"""

import argparse
import asyncio
import multiprocessing
import resource
import tempfile
import time
from contextlib import suppress
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from statistics import median

import httpx
import uvicorn
from rich.console import Console

from swapboard.accounts.company import Role
from swapboard.clock import system_clock
from swapboard.storage.migrate import migrate
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard import dashboard
from tests.web.dashboard.shop import BILLBOARD, PASSWORD, Clock, Shop, settings_for

BATCH = 24
ROUNDS = 6


def main() -> None:
    """Start the server, look, change, and print."""
    asked = argparse.ArgumentParser(description="What many viewers of the live page cost.")
    asked.add_argument("--viewers", type=int, default=1_000)
    asked.add_argument("--changes", type=int, default=10)
    asked.add_argument("--leases", type=int, default=4_000)
    told = asked.parse_args()
    needed = told.viewers * 2 + 200
    allow_files(needed)
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, needed))
    server.start()
    try:
        asyncio.run(measure(ours, told.viewers, told.changes, told.leases))
    finally:
        with suppress(BrokenPipeError):
            ours.send(("stop", 0))
        server.join(20)


def allow_files(needed: int) -> None:
    """So many sockets may this process hold."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, max(needed, most)))


class Now(Clock):
    """The system's clock, for a shop that is told the time."""

    def __call__(self) -> int:
        return system_clock()


async def measure(pipe: Pipe, viewers: int, changes: int, leases: int) -> None:
    """Hold the streams and ask the server to do things."""
    address = await asyncio.to_thread(pipe.recv)
    say = Console().print
    alone = [await ask(pipe, "lease", leases // ROUNDS) for _ in range(ROUNDS)]
    arrivals: asyncio.Queue[float] = asyncio.Queue()
    async with httpx.AsyncClient(
        base_url=address, timeout=60, limits=httpx.Limits(max_connections=None)
    ) as client:
        form = {"email": "owner@example.com", "password": PASSWORD, "next": "/"}
        assert (await client.post("/login", data=form, headers={"Origin": address})).status_code == 303
        cookie = f"swapboard={client.cookies['swapboard']}"
        looking = [asyncio.create_task(look(address, cookie, arrivals)) for _ in range(viewers)]
        try:
            for _ in range(viewers):
                await asyncio.wait_for(arrivals.get(), 60)
            spent, waited, rendered = await change(pipe, arrivals, viewers, changes)
            beside = [await ask(pipe, "lease", leases // ROUNDS) for _ in range(ROUNDS)]
        finally:
            for task in looking:
                task.cancel()
            await asyncio.gather(*looking, return_exceptions=True)
    say(f"{viewers:,} viewers, {changes} changes, each a call that rings")
    say(f"  until all have it     {median(waited) * 1000:,.0f} ms (longest {max(waited) * 1000:,.0f})")
    say(f"  the server's processor {median(spent) * 1000:,.0f} ms a change, {median(rendered):.0f} renderings")
    say(f"  a batch of {BATCH} leases: {median(alone):.2f} ms alone, {median(beside):.2f} ms beside")
    say(f"  ratio {median(alone) / median(beside):.2f}")


async def change(
    pipe: Pipe, arrivals: "asyncio.Queue[float]", viewers: int, changes: int
) -> tuple[list[float], list[float], list[float]]:
    """(processor seconds, seconds until the last viewer has it, renderings), of each change."""
    spent, waited, rendered = [], [], []
    for _ in range(changes):
        await asyncio.sleep(2)  # What the change before led to has passed.
        while not arrivals.empty():
            arrivals.get_nowait()
        began_cpu, began_renderings = await ask(pipe, "cpu", 0), await ask(pipe, "renderings", 0)
        began = time.perf_counter()
        await ask(pipe, "ring", 0)
        for _ in range(viewers):
            last = await asyncio.wait_for(arrivals.get(), 30)
        waited.append(last - began)
        spent.append(await ask(pipe, "cpu", 0) - began_cpu)
        rendered.append(await ask(pipe, "renderings", 0) - began_renderings)
    return spent, waited, rendered


async def look(address: str, cookie: str, arrivals: "asyncio.Queue[float]") -> None:
    """One browser, by its bare bytes: this process must not be what is slow."""
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=2**20)
    try:
        lines = (
            "GET /live/events HTTP/1.1",
            f"Host: {host}:{port}",
            f"Cookie: {cookie}",
            "Accept: text/event-stream",
        )
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        while chunk := await reader.read(2**18):
            if b"hx-partial hx-target" in chunk:
                arrivals.put_nowait(time.perf_counter())
    finally:
        writer.close()


async def ask(pipe: Pipe, what: str, count: int) -> float:
    """Something of the server."""
    pipe.send((what, count))
    answer: float = await asyncio.to_thread(pipe.recv)
    return answer


def serve(pipe: Pipe, files: int) -> None:
    """The server's process."""
    allow_files(files)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_serve(pipe, Path(folder)))


async def _serve(pipe: Pipe, folder: Path) -> None:
    url = f"sqlite:///{folder / 'swapboard.db'}"
    migrate(url)
    exchange = Exchange(settings_for(url, folder), system_clock)
    await exchange.start()
    shop = await Shop(exchange, Now()).open([("owner@example.com", Role.OWNER)])
    app = dashboard(exchange)
    renderings = [0]
    feeds = app.state.live_feeds
    plain = feeds._render

    def counted(*given: object) -> object:
        renderings[0] += 1
        return plain(*given)

    feeds._render = counted
    config = uvicorn.Config(app, port=0, lifespan="off", log_level="warning", loop="uvloop", http="httptools")
    config.backlog = 4096
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()
    pipe.send(f"http://{host}:{port}")
    calls = 0
    while True:
        what, count = await asyncio.to_thread(pipe.recv)
        if what == "stop":
            break
        if what == "ring":
            calls += 1
            await shop.ring(BILLBOARD, ref=f"CA{calls}")
        told = {"cpu": time.process_time, "renderings": lambda: float(renderings[0])}.get(what, lambda: 0.0)
        pipe.send(await _lease(shop, count) if what == "lease" else told())
    server.should_exit = True
    await serving
    await exchange.stop()


async def _lease(shop: Shop, count: int) -> float:
    """Milliseconds of a batch of visits, in the mean; each wakes the live page, as a real one does."""
    began = time.perf_counter()
    for _ in range(max(1, count // BATCH)):
        await asyncio.gather(*(shop.visit() for _ in range(BATCH)))
    return (time.perf_counter() - began) * 1000 / max(1, count // BATCH)


if __name__ == "__main__":
    main()
