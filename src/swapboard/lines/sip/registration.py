"""Tells a provider where we are, and keeps telling (RFC 3261, 10)."""

import asyncio
import logging
from collections.abc import Callable

from aiosipua import Dialog, SipDigestAuth, SipRequest, SipResponse
from aiosipua.auth import answer_challenge
from aiosipua.utils import generate_call_id, generate_tag

from swapboard.carriers.lines.trunk import Trunk
from swapboard.lines.sip.answers import Address
from swapboard.lines.sip.line import Means

log = logging.getLogger(__name__)

ASKED_SECONDS = 600
SHORTEST_SECONDS = 30.0
AGAIN_SECONDS = 60.0
MOST_SECONDS = 24 * 3_600
TOO_BRIEF = 423
"""RFC 3261, 10.3: with `Min-Expires`."""
_ASKS_FOR_PASSWORD = frozenset((401, 407))


class Registration:
    """Of one trunk."""

    def __init__(self, trunk: Trunk, means: Callable[[], Means], peer: Address) -> None:
        """`means` is asked each time: after the network was down our own address may be another."""
        assert trunk.username is not None
        assert trunk.password is not None
        self._auth = SipDigestAuth(trunk.username, trunk.password)
        self._find_means = means
        self._peer = peer
        self._asked_seconds = ASKED_SECONDS
        who = f"sip:{trunk.username}@{trunk.domain}"
        self._dialog = Dialog(
            call_id=generate_call_id(trunk.domain),
            local_tag=generate_tag(),
            local_uri=who,
            remote_uri=who,
            remote_target=f"sip:{trunk.domain}",
        )

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                seconds = await self._once(self._find_means())
            except OSError as error:
                log.error("the trunk %s cannot be told where we are: %s", self._dialog.remote_target, error)
                seconds = AGAIN_SECONDS
            except Exception:
                # Whatever this answer is like, the next may be better: who is told nothing sends no calls.
                log.exception("what the trunk %s answered cannot be read", self._dialog.remote_target)
                seconds = AGAIN_SECONDS
            await asyncio.sleep(seconds)

    async def _once(self, means: Means) -> float:
        """Tell it once; how long until it has to be told again."""
        response = await self._ask(means)
        if response is not None and response.status_code in _ASKS_FOR_PASSWORD:
            uri = self._dialog.remote_target
            shown = answer_challenge(self._auth, response, response.status_code, "REGISTER", uri)
            response = await self._ask(means, *((shown,) if shown else ()))
        if response is not None and response.status_code == TOO_BRIEF and self._asks_for_longer(response):
            return 0.0
        if response is None or response.status_code >= 300:
            why = f"{response.status_code} {response.reason_phrase}" if response else "no answer"
            log.error("the trunk %s does not register us: %s", self._dialog.remote_target, why)
            return AGAIN_SECONDS
        return max(SHORTEST_SECONDS, 0.8 * _seconds(response, self._asked_seconds))

    def _asks_for_longer(self, response: SipResponse) -> bool:
        """True when the provider's least time is longer than what we asked for, and is asked for from now on."""
        least = _count(response.get_header("Min-Expires"))
        if least is None or not self._asked_seconds < least <= MOST_SECONDS:
            return False
        self._asked_seconds = least
        return True

    async def _ask(self, means: Means, *more: tuple[str, str]) -> SipResponse | None:
        answered: asyncio.Future[SipResponse | None] = asyncio.get_running_loop().create_future()

        def hear(response: SipResponse | None) -> None:
            if not answered.done() and (response is None or response.status_code >= 200):
                answered.set_result(response)

        means.endpoint.ask(self._request(means, more), self._peer, hear)
        return await answered

    def _request(self, means: Means, more: tuple[tuple[str, str], ...]) -> SipRequest:
        host, port = means.own_host, means.endpoint.address[1]
        request = self._dialog.create_request("REGISTER", via_host=host, via_port=port)
        request.headers.set_single("Contact", means.contact)
        request.headers.set_single("Expires", str(self._asked_seconds))
        for name, value in more:
            request.headers.set_single(name, value)
        return request


def _seconds(response: SipResponse, asked_seconds: int) -> float:
    """How long the provider will remember it: in our contact, or for all.

    It lists all contacts of the account (RFC 3261, 10.3), maybe under other addresses than they have told: ours is
    not forgotten before the first of them.
    """
    told = [_count(each.params.get("expires")) for each in response.contact]
    known = [each for each in told if each is not None]
    of_all = _count(response.get_header("Expires"))
    return float(min(known) if known else asked_seconds if of_all is None else of_all)


def _count(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else None
