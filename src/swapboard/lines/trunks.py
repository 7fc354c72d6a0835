"""Which trunks there are, by the routes of the moment; and whose call it is that comes in."""

import asyncio
import logging
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from swapboard.calls.routes import CarrierAccount, Routes
from swapboard.carriers.lines.adapter import KIND
from swapboard.carriers.lines.trunk import Trunk, trunk_of
from swapboard.lines.sip.answers import Address
from swapboard.outward import are_public

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KnownTrunk:
    """A trunk whose server's name has been looked up."""

    account: CarrierAccount
    trunk: Trunk
    addresses: tuple[str, ...]

    @property
    def address(self) -> Address:
        """Where our calls go."""
        return self.addresses[0], self.trunk.port

    def may_speak(self, host: str) -> bool:
        """True for an address that its calls come from."""
        if host in self.addresses:
            return True
        return any(ip_address(host) in network for network in self.trunk.also_from)


class Trunks:
    """All companies' trunks."""

    def __init__(self, unseal: Callable[[str], Mapping[str, str]], *, private_addresses: bool = True) -> None:
        """`private_addresses` as in the settings."""
        self._unseal = unseal
        self._private_addresses = private_addresses
        self.known: Sequence[KnownTrunk] = ()

    async def refresh(self, routes: Routes) -> None:
        """Read the accounts anew and look their servers up; what cannot be looked up stays as it was."""
        accounts = [each for each in routes.carriers.values() if each.kind == KIND]
        before = {each.account: each for each in self.known}
        found = [await self._known(account, before.get(account)) for account in accounts]
        self.known = tuple(each for each in found if each is not None)

    def may_speak(self, host: str) -> bool:
        """True for whoever some trunk's calls come from."""
        return any(each.may_speak(host) for each in self.known)

    def of_call(self, routes: Routes, host: str, dialled: str | None) -> KnownTrunk | None:
        """The trunk that a call came by: of those that share the server, the one whose company has the number."""
        fitting = [each for each in self.known if each.may_speak(host)]
        for each in fitting:
            company = routes.companies.get(each.account.company_id)
            if company and dialled in company.destinations:
                return each
        return next((each for each in fitting if dialled in each.trunk.numbers), next(iter(fitting), None))

    def numbers_called(self, routes: Routes, host: str) -> frozenset[str]:
        """The numbers (E.164) that may be called from there: what the trunks list, and their companies' own."""
        fitting = [each for each in self.known if each.may_speak(host)]
        companies = [company for each in fitting if (company := routes.companies.get(each.account.company_id))]
        listed = (each.trunk.numbers for each in fitting)
        return frozenset().union(*listed, *((*each.destinations, *each.flow_of) for each in companies))

    async def _known(self, account: CarrierAccount, before: KnownTrunk | None) -> KnownTrunk | None:
        try:
            trunk = trunk_of(self._unseal(account.credentials))
        except ValueError as error:
            log.error("a trunk cannot be used: %s", error)
            return None
        try:
            addresses = await _addresses(trunk)
        except OSError as error:
            log.warning("the SIP server %s cannot be looked up: %s", trunk.host, error)
            return before
        if not (self._private_addresses or are_public(addresses)):
            log.error("the SIP server %s is in a private network, which this server does not ask", trunk.host)
            return None
        return KnownTrunk(account, trunk, _in_order(addresses, before))


def _in_order(addresses: tuple[str, ...], before: KnownTrunk | None) -> tuple[str, ...]:
    """Those that we spoke to before come first: names are answered in turning order, to spread who asks anew."""
    known = [each for each in before.addresses if each in addresses] if before else []
    return tuple(dict.fromkeys((*known, *addresses)))


async def _addresses(trunk: Trunk) -> tuple[str, ...]:
    """Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(trunk.host, trunk.port, type=socket.SOCK_DGRAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))
