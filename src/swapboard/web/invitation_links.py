"""The link of an invitation, and the letter that brings it: for the dashboard and the API alike."""

import hmac

from sqlalchemy import Connection

from swapboard.accounts.company import Company
from swapboard.accounts.invitations import Invitation, invitation_letter
from swapboard.clock import Millis
from swapboard.mail.outbox import put_out
from swapboard.switchboard.exchange import Exchange


def link_of(exchange: Exchange, token: str) -> str:
    """Where it leads."""
    return f"{exchange.settings.public_url}/join/{token}"


def mail_proof(exchange: Exchange, token: str) -> str:
    """What stands in the link that was e-mailed, and in no other: who has it reads that mailbox."""
    key = exchange.vault.signing_key("mailed invitation").encode()
    return hmac.new(key, token.encode(), "sha256").hexdigest()


def about(invitation_id: str) -> str:
    """What its letters are known by in the outbox."""
    return f"invitation {invitation_id}"


def write_letter(
    connection: Connection,
    exchange: Exchange,
    company: Company,
    made: tuple[Invitation, str],
    role: str,
    now: Millis,
) -> None:
    """Put the letter of an invitation with this token out; `role` is what people call it."""
    invitation, token = made
    link = f"{link_of(exchange, token)}?mail={mail_proof(exchange, token)}"
    letter = invitation_letter(company.name, invitation.invited_by, role, link)
    topic = about(invitation.invitation_id)
    put_out(connection, company.company_id, topic, [invitation.email], letter, now, vault=exchange.vault)
