"""The embedded engine: SIP and sound in this process, for whoever has a trunk and no carrier's service."""

import asyncio
import logging
import socket
from collections import Counter
from enum import StrEnum
from functools import partial

from aiosipua import SipDigestAuth
from aiosipua.utils import generate_tag

from swapboard.calls.routes import Routes
from swapboard.carriers.lines.recordings import Recordings
from swapboard.lines.bridge import join
from swapboard.lines.conversation import Conversation
from swapboard.lines.desk import Desk
from swapboard.lines.ending import ended
from swapboard.lines.leftovers import end_leftovers
from swapboard.lines.media.speech import Voice
from swapboard.lines.media.terms import NoCommonCodec, Terms, read_terms
from swapboard.lines.side import Arrival, CallerSide, LegSide, Talk
from swapboard.lines.sip.answers import Address, answer_to
from swapboard.lines.sip.caller import SipCaller, arrival_of
from swapboard.lines.sip.endpoint import Endpoint
from swapboard.lines.sip.leg import Dialled, SipLeg
from swapboard.lines.sip.line import Means, SipLine
from swapboard.lines.sip.ports import Ports
from swapboard.lines.sip.registration import Registration
from swapboard.lines.sip.transactions import ServerTransaction
from swapboard.lines.trunks import KnownTrunk, Trunks
from swapboard.lines.words import words_of_all
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.guidance import Guide
from swapboard.switchboard.keeping import Keeper

log = logging.getLogger(__name__)

REFRESH_SECONDS = 2.0
LOOK_UP_SECONDS = 60.0


class Turned(StrEnum):
    """Why a call was turned away, counted."""

    TOO_MANY = "too_many"
    NO_CODEC = "no_codec"
    SENSELESS = "senseless"
    NO_PORT = "no_port"


class SipEngine:
    """All calls on the lines of one process."""

    def __init__(self, exchange: Exchange) -> None:
        settings = exchange.settings
        host, _, port = settings.lines_listen.rpartition(":")
        self._exchange = exchange
        self._listen = host.strip("[]"), int(port)
        self._ports = Ports(self._listen[0], *settings.lines_ports)
        self._endpoint = Endpoint(self._may_speak, self._invited)
        self.recorders = exchange.recorders
        self.recordings = Recordings(settings.lines_dir / "recordings", exchange.vault)
        self._voice = Voice(
            settings.lines_dir / "speech", exchange.sounds.own, private_addresses=settings.private_addresses
        )
        self._guide = Guide(exchange)
        self._keeper = Keeper(exchange)
        self.trunks = Trunks(exchange.vault.unseal, private_addresses=settings.private_addresses)
        self._calls: set[asyncio.Task[None]] = set()
        self._refreshing: asyncio.Task[None] | None = None
        self._registering: dict[KnownTrunk, asyncio.Task[None]] = {}
        self.turned: Counter[Turned] = Counter()

    @property
    def address(self) -> Address:
        """Where it listens."""
        return self._endpoint.address

    @property
    def calls(self) -> int:
        """How many go on."""
        return len(self._calls)

    async def start(self) -> None:
        """Listen. Raises OSError when the address cannot be had."""
        await self.trunks.refresh(self._exchange.directory.routes)
        loop, before = asyncio.get_running_loop(), self._exchange.clock()
        await loop.create_datagram_endpoint(lambda: self._endpoint, local_addr=self._listen)
        await end_leftovers(self._exchange, [each.account for each in self.trunks.known], before)
        self._refreshing = asyncio.create_task(self._refresh())
        log.info("own lines listen for SIP on %s, port %d", *self.address)

    async def stop(self) -> None:
        """End all calls, and listen no more."""
        if self._refreshing is not None:
            await ended(self._refreshing)
        await ended(*self._registering.values())
        await ended(*self._calls)
        await self._keeper.finish()
        await self._voice.close()
        self._endpoint.close()

    async def _refresh(self) -> None:
        """Follow the set-up, and now and then the providers' names."""
        seen: Routes | None = None
        looked_up_at = 0.0
        while True:
            routes, now = self._exchange.directory.routes, asyncio.get_running_loop().time()
            if routes is not seen or now - looked_up_at > LOOK_UP_SECONDS:
                seen, looked_up_at = routes, now
                try:
                    await self.trunks.refresh(routes)
                    await self._register()
                    await self._prepare(routes)
                except Exception:
                    log.exception("the trunks cannot be read anew; they stay as they were")
            await asyncio.sleep(REFRESH_SECONDS)

    async def _register(self) -> None:
        """Tell each provider that wants it where we are; no more those that are gone or changed."""
        wanted = {each for each in self.trunks.known if each.trunk.registers}
        for gone in set(self._registering) - wanted:
            await ended(self._registering.pop(gone))
        for trunk in wanted - set(self._registering):
            registration = Registration(trunk.trunk, partial(self._means, trunk.address), trunk.address)
            self._registering[trunk] = asyncio.create_task(registration.run())

    async def _prepare(self, routes: Routes) -> None:
        """Have the words of all ways spoken before anybody calls."""
        for company_id in {each.account.company_id for each in self.trunks.known}:
            await self._voice.prepare(words_of_all(routes.companies[company_id], self._exchange.sounds.begin))

    def _may_speak(self, host: str) -> bool:
        return self.trunks.may_speak(host)

    def _invited(self, invite: ServerTransaction, source: Address) -> None:
        """A new call. Whatever is wrong with it, it has an answer."""
        if len(self._calls) >= self._exchange.settings.lines_calls:
            self._turn_away(invite, 503, Turned.TOO_MANY)
            return
        try:
            terms = read_terms(invite.request.text) if invite.request.body else None
            routes = self._exchange.directory.routes
            arrival = arrival_of(invite.request, self.trunks.numbers_called(routes, source[0]))
        except NoCommonCodec:
            self._turn_away(invite, 488, Turned.NO_CODEC)
            return
        except Exception:
            self._turn_away(invite, 400, Turned.SENSELESS)
            return
        trunk = self.trunks.of_call(routes, source[0], arrival.dialled)
        assert trunk is not None, "only trunks may speak"
        task = asyncio.create_task(self._converse(invite, arrival, source, trunk, terms))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    def _turn_away(self, invite: ServerTransaction, status: int, why: Turned) -> None:
        self.turned[why] += 1
        log.warning("a call was turned away: %s", why)
        invite.answer(answer_to(invite.request, status, generate_tag()))

    async def _converse(
        self, invite: ServerTransaction, arrival: Arrival, source: Address, trunk: KnownTrunk, terms: Terms | None
    ) -> None:
        line = _Line()
        try:
            means = self._means(source)
            port = await self._ports.open(line.press)
        except OSError as error:
            log.error("a call cannot be taken: %s", error)
            self._turn_away(invite, 503, Turned.NO_PORT)
            return
        caller = SipCaller(invite, arrival, source, means, port, terms, self.recordings)
        line.side = caller
        desk = Desk(self._exchange, trunk.account, self._guide, self._keeper)
        await Conversation(caller, _Switch(self, trunk), desk).run()

    def _means(self, peer: Address) -> Means:
        """Raises OSError where no way leads to the peer."""
        own = self._exchange.settings.lines_address or own_host_towards(peer, self._listen[0])
        return Means(self._endpoint, own, self._voice)

    async def call(self, trunk: KnownTrunk, number: str, arrival: Arrival) -> SipLeg:
        """Ring a number by this trunk. Raises OSError."""
        line, means = _Line(), self._means(trunk.address)
        domain = trunk.trunk.domain
        auth = None
        if trunk.trunk.username and trunk.trunk.password:
            auth = SipDigestAuth(trunk.trunk.username, trunk.trunk.password)
        dialled = Dialled(f"sip:{number}@{domain}", arrival.caller, arrival.dialled, domain, auth)
        # Last, for nobody gives back the port of a leg that never was.
        port = await self._ports.open(line.press)
        line.side = leg = SipLeg(dialled, means, port, trunk.address)
        return leg


class _Line:
    """Takes a port's keys to the side that the port is opened for."""

    side: SipLine | None = None

    def press(self, key: str) -> None:
        if self.side is not None:
            self.side.press(key)


class _Switch:
    """What a conversation may do: its own trunk's calls, and nobody else's."""

    def __init__(self, engine: SipEngine, trunk: KnownTrunk) -> None:
        self._engine = engine
        self._trunk = trunk

    async def call(self, number: str, arrival: Arrival) -> LegSide:
        """Raises OSError."""
        return await self._engine.call(self._trunk, number, arrival)

    async def join(self, caller: CallerSide, leg: LegSide, *, records: bool) -> Talk:
        """Until one of them is gone."""
        assert isinstance(caller, SipCaller)
        assert isinstance(leg, SipLine)
        account = self._trunk.account
        known = partial(
            self._engine.recorders.during, account.company_id, account.carrier_id, caller.arrival.call_ref
        )
        return await join(caller, leg, self._engine.recordings if records else None, known)


def own_host_towards(peer: Address, listens_on: str) -> str:
    """The address of this machine from which packets to the peer leave."""
    if listens_on not in {"0.0.0.0", "::"}:  # noqa: S104 compared with, not bound to
        return listens_on
    family = socket.AF_INET6 if ":" in peer[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect(peer)
        host: str = probe.getsockname()[0]
    return host
