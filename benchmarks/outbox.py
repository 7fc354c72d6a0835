"""How fast the outbox empties.

    .venv/bin/python -m benchmarks.outbox [--events 10000] [--postgresql]

Prints deliveries a second by the clock and by the processor time of the process that delivers, to a webhook in a
process of its own on this machine.
"""

import argparse
import asyncio
import base64
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from rich.console import Console
from sqlalchemy import Connection

from swapboard.bench.postgresql import throwaway_server
from swapboard.clock import system_clock
from swapboard.conversions.contact import Contact, Origin
from swapboard.conversions.conversion import Rule
from swapboard.conversions.deliveries import put_in
from swapboard.conversions.message import Message, Said, Saying
from swapboard.conversions.store import DestinationRecord, add_destination, keep_said
from swapboard.leads.lead import ContactKind
from swapboard.settings import read_settings
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.ids import new_id
from swapboard.storage.migrate import migrate
from swapboard.switchboard.exchange import Exchange
from tests.building import Business, open_business

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
_BATCH = 1000


def main() -> None:
    """Fill the outbox, then empty it."""
    asked = argparse.ArgumentParser(description="How fast the outbox empties.")
    asked.add_argument("--events", type=int, default=10_000)
    asked.add_argument("--postgresql", action="store_true")
    told = asked.parse_args()
    with ExitStack() as stack:
        folder, url = stack.enter_context(tempfile.TemporaryDirectory()), stack.enter_context(receiving())
        at_server = stack.enter_context(throwaway_server()) if told.postgresql else ""
        settings = read_settings({"SWAPBOARD_DATA_DIR": folder})
        settings = replace(settings, database_url=at_server or f"sqlite:///{Path(folder) / 'swapboard.db'}")
        migrate(settings.database_url)
        engine = open_engine(settings.database_url)
        with writing(engine) as connection:
            business, destination_id = destination(connection, url)
        for first in range(0, told.events, _BATCH):
            with writing(engine) as connection:
                for place in range(first, min(first + _BATCH, told.events)):
                    say(connection, business.company_id, destination_id, a_message(place))
        engine.dispose()
        wall, busy = asyncio.run(empty(Exchange(settings)))
    by_clock, by_processor = told.events / wall, told.events / busy
    Console().print(
        f"{told.events} delivered: {by_clock:.0f}/s by the clock, {by_processor:.0f}/s by processor time"
    )


async def empty(exchange: Exchange) -> tuple[float, float]:
    """Seconds by the clock and of processor time that it took."""
    exchange.writer.start()
    wall, busy = time.perf_counter(), time.process_time()
    await exchange.deliverer.look()
    spent = time.perf_counter() - wall, time.process_time() - busy
    await exchange.stop()
    return spent


def destination(connection: Connection, url: str) -> tuple[Business, str]:
    """A business, and the id of its destination."""
    business, now = open_business(connection, numbers=1), system_clock()
    company_id = business.company_id
    settings = {"url": url, "secret": SECRET}
    record = DestinationRecord(new_id(now), company_id, "webhook", "Bench", settings, "", Rule(), True, now)
    add_destination(connection, record)
    return business, record.destination_id


def say(connection: Connection, company_id: str, destination_id: str, message: Message) -> None:
    """Put it in the outbox, and write beside its call that it was, as the server does."""
    put_in(connection, company_id, destination_id, message)
    about = message.contact.kind, message.contact.contact_id
    said = Said(message.conversion_id, True, message.value_cents)
    keep_said(connection, company_id, destination_id, about, said, message.said_at)


def a_message(place: int) -> Message:
    """A message of a lead of its own."""
    now = system_clock()
    origin = Origin(
        "s" * 32, "v" * 32, now, "Paid Search", "google", "cpc", "spring", "plumber", "https://example.com"
    )
    contact = Contact(ContactKind.CALL, new_id(now), f"{place:032x}", now, "+12125550111", None, origin, 0.97)
    return Message(Saying.CONVERT, new_id(now), 12_300, "USD", contact, now)


@contextmanager
def receiving() -> Iterator[str]:
    """A receiver that says 204 to everything, in a process of its own; its address."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_receive, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/"
    finally:
        process.terminate()
        process.join()


def _receive(pipe: Pipe) -> None:
    asyncio.run(_serve(pipe))


async def _serve(pipe: Pipe) -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            await reader.readexactly(int(head.partition("content-length:")[2].partition("\r\n")[0]))
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
    except asyncio.IncompleteReadError:
        writer.close()


if __name__ == "__main__":
    main()
