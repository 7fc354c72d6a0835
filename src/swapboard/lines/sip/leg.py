"""A leg: an INVITE of ours to the trunk, to ring somebody for a caller."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from aiosipua import Dialog, SipDigestAuth, SipRequest, SipResponse
from aiosipua.auth import answer_challenge
from aiosipua.utils import generate_call_id, generate_tag

from swapboard.calls.call import Outcome
from swapboard.lines.media.port import AudioPort
from swapboard.lines.media.terms import read_terms
from swapboard.lines.sip.answers import Address
from swapboard.lines.sip.line import Means, SipLine, remote_target
from swapboard.lines.sip.transactions import GIVE_UP_SECONDS, ClientTransaction, ServerTransaction

ANONYMOUS = "sip:anonymous@anonymous.invalid"
UNANSWERED_SECONDS = 6
"""A trunk that has said nothing at all by then is not there: the next number, or the mailbox, is better."""

_OUTCOMES = {
    486: Outcome.BUSY,
    600: Outcome.BUSY,
    408: Outcome.NO_ANSWER,
    480: Outcome.NO_ANSWER,
    487: Outcome.CANCELED,
    603: Outcome.NO_ANSWER,
}
_ASKS_FOR_PASSWORD = frozenset((401, 407))
_NOT_THAT_CALLER = frozenset((403, 606))


@dataclass(frozen=True, slots=True)
class Dialled:
    """Whom to call, and in whose name."""

    uri: str
    caller: str | None
    """E.164; None when withheld."""
    own_number: str | None
    """The number of ours that was called, E.164."""
    domain: str
    auth: SipDigestAuth | None


class SipLeg(SipLine):
    """Whoever is rung, from the first INVITE on."""

    def __init__(self, dialled: Dialled, means: Means, port: AudioPort, peer: Address) -> None:
        from_uri = ANONYMOUS if dialled.caller is None else f"sip:{dialled.caller}@{dialled.domain}"
        dialog = Dialog(
            call_id=generate_call_id(means.own_host),
            local_tag=generate_tag(),
            local_uri=from_uri,
            remote_uri=dialled.uri,
            remote_target=dialled.uri,
        )
        super().__init__(secrets.token_hex(16), means, port, dialog, peer)
        self.outcome: Outcome | None = None
        self.decided = asyncio.Event()
        self.on_ringing: Callable[[], None] | None = None
        self._dialled = dialled
        self._has_shown_password = self._is_canceled = self._has_changed_caller = False
        self._invite = self._send_invite()
        self._silence = asyncio.get_running_loop().call_later(UNANSWERED_SECONDS, self._has_heard_nothing)

    async def hang_up(self) -> None:
        """Stop the ringing, or end the talk."""
        if self.gone.is_set() or self._is_canceled:
            return
        if self.outcome is Outcome.ANSWERED:
            self._say_goodbye()
            return
        self._is_canceled = True
        self._invite.stop()
        # A CANCEL may not overtake its INVITE (9.1); a first answer, if one comes, is answered with it.
        if self._invite.is_answered:
            self._cancel()
        self._is_decided(Outcome.CANCELED)
        # Should the answer to it be lost, the port is free again all the same.
        asyncio.get_running_loop().call_later(GIVE_UP_SECONDS, self._leave)

    def hears(self, transaction: ServerTransaction) -> None:
        """A request of theirs within the call; they may hang up before we have their 200."""
        super().hears(transaction)
        if self.gone.is_set():
            self._is_decided(Outcome.FAILED)

    def _send_invite(self, *more: tuple[str, str]) -> ClientTransaction:
        request = self._request("INVITE")
        if self._dialled.caller is None:
            request.headers.set_single("From", f'"Anonymous" <{ANONYMOUS}>;tag={self._dialog.local_tag}')
            request.headers.set_single("Privacy", "id")
        if self._dialled.own_number:
            own = f"<sip:{self._dialled.own_number}@{self._dialled.domain}>"
            request.headers.set_single("P-Asserted-Identity" if self._dialled.caller is None else "Diversion", own)
        for name, value in more:
            request.headers.set_single(name, value)
        request.text = self._description(self._terms)
        request.headers.set_single("Content-Type", "application/sdp")
        return self._means.endpoint.ask(request, self._peer, self._hears_answer)

    def _hears_answer(self, response: SipResponse | None) -> None:
        if response is None:
            self._is_decided(Outcome.FAILED)
            self._leave()
        elif response.status_code < 200:
            self._hears_progress(response)
        elif response.status_code < 300:
            self._is_taken(response)
        else:
            self._is_refused(response)

    def _hears_progress(self, response: SipResponse) -> None:
        self._silence.cancel()
        if self._is_canceled:
            self._cancel()
        elif response.status_code in {180, 183} and self.on_ringing is not None and self.outcome is None:
            self.on_ringing()

    def _is_taken(self, response: SipResponse) -> None:
        if (
            self.outcome is Outcome.ANSWERED
            and response.to_addr
            and response.to_addr.tag != self._dialog.remote_tag
        ):
            self._turn_away(response)
            return
        self._confirm(response)
        self._acknowledge(response, is_taken=True)
        if self._is_canceled or self.gone.is_set():
            # It was picked up as we hung up.
            self._means.endpoint.ask(self._request("BYE"), self._peer, lambda _response: None)
            self._leave()
            return
        if self.outcome is not None:
            return
        try:
            self._agree(read_terms(response.text))
        except ValueError:
            self._say_goodbye()
            self._is_decided(Outcome.FAILED)
            return
        self._is_decided(Outcome.ANSWERED)

    def _turn_away(self, response: SipResponse) -> None:
        """A second phone has picked up, where the trunk rings several: a dialog of its own (13.2.2.4)."""
        ours, self._dialog = self._dialog, replace(self._dialog)
        try:
            self._confirm(response)
            self._acknowledge(response, is_taken=True)
            self._means.endpoint.ask(self._request("BYE"), self._peer, lambda _response: None)
        finally:
            self._dialog = ours

    def _is_refused(self, response: SipResponse) -> None:
        self._acknowledge(response, is_taken=False)
        status = response.status_code
        again = self._again(response, status)
        if again is not None and not self._is_canceled:
            self._invite = self._send_invite(*again)
            return
        self._is_decided(_OUTCOMES.get(status, Outcome.FAILED))
        self._leave()

    def _again(self, response: SipResponse, status: int) -> tuple[tuple[str, str], ...] | None:
        """What to add so that it works the second time: our password, or a caller's number that is ours."""
        auth, dialled = self._dialled.auth, self._dialled
        if status in _ASKS_FOR_PASSWORD and auth is not None and not self._has_shown_password:
            self._has_shown_password = True
            shown = answer_challenge(auth, response, status, "INVITE", dialled.uri)
            return None if shown is None else (shown,)
        if status in _NOT_THAT_CALLER and dialled.own_number and not self._has_changed_caller:
            # Many providers let nobody show a number that is not theirs: better that one than no call.
            self._has_changed_caller = True
            self._dialog.local_uri = f"sip:{dialled.own_number}@{dialled.domain}"
            self._has_shown_password = False
            return ()
        return None

    def _confirm(self, response: SipResponse) -> None:
        to = response.to_addr
        self._dialog.remote_tag = (to.tag if to else None) or ""
        self._dialog.remote_target = remote_target(response) or self._dialog.remote_target
        self._dialog.route_set = list(reversed(response.headers.get("Record-Route")))
        self._dialog.confirm()

    def _acknowledge(self, response: SipResponse, *, is_taken: bool) -> None:
        """A 200's ACK is a request of its own; a refusal's has the branch of its INVITE (13.2.2.4, 17.1.1.3)."""
        invite = self._invite.request
        ack = self._request("ACK")
        cseq = invite.cseq
        assert cseq is not None
        self._dialog.local_cseq -= 1
        ack.headers.set_single("CSeq", f"{cseq.seq} ACK")
        ack.headers.set_single("To", response.headers.get_first("To") or "")
        if not is_taken:
            ack.uri = invite.uri
            ack.headers.set_single("Via", invite.headers.get("Via")[0])
        self._means.endpoint.send(bytes(ack), self._peer)

    def _cancel(self) -> None:
        invite = self._invite.request
        cancel = SipRequest(method="CANCEL", uri=invite.uri)
        for name in ("Via", "From", "To", "Call-ID", "Max-Forwards"):
            cancel.headers.set_single(name, invite.headers.get(name)[0])
        cseq = invite.cseq
        assert cseq is not None
        cancel.headers.set_single("CSeq", f"{cseq.seq} CANCEL")
        self._means.endpoint.ask(cancel, self._peer, lambda _response: None)

    def _has_heard_nothing(self) -> None:
        self._is_canceled = True
        self._invite.stop()
        self._is_decided(Outcome.FAILED)
        self._leave()

    def _is_decided(self, outcome: Outcome) -> None:
        self._silence.cancel()
        if self.outcome is None:
            self.outcome = outcome
            self.decided.set()
