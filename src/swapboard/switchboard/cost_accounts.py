"""Which account at an ad platform is asked for costs, and by which access: what is typed becomes what is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from swapboard.access.grant import Grant
from swapboard.access.provider import COSTS as READ_COSTS
from swapboard.access.provider import GOOGLE, PROVIDERS
from swapboard.access.provider import MICROSOFT as AT_MICROSOFT
from swapboard.access.store import grant_by_id, grants_of
from swapboard.accounts.secrets import Vault
from swapboard.clock import Millis
from swapboard.keywords.google_ads import AdsAccount
from swapboard.keywords.store import GOOGLE_ADS, META, MICROSOFT, keep_account
from swapboard.language import _
from swapboard.reports.microsoft_reports import MicrosoftAccount
from swapboard.switchboard.claiming import Due, put_off
from swapboard.switchboard.platform_sign_in import account_secrets

_ASKED = ("costs", "counts")
"""The chores that ask it."""
_SIGNED_IN_AT = {GOOGLE_ADS: GOOGLE, MICROSOFT: AT_MICROSOFT}


class BadAccount(ValueError):
    """It cannot be asked; the message says what to write instead."""


class BadAccess(BadAccount):
    """It is the access that will not do."""


@dataclass(frozen=True, slots=True)
class CostAccount:
    """An account as it is typed."""

    platform: str
    grant_id: str = ""
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)


def keep_cost_account(
    connection: Connection, company_id: str, account: CostAccount, vault: Vault, now: Millis
) -> str:
    """Its id there; it is asked within a minute or two, then once a day. Raises BadAccount."""
    if account.platform == META:
        account_id, secrets, grant_id = *_of_meta(account.typed), None
    else:
        grant = _chosen(connection, company_id, account.platform, account.grant_id)
        of = _of_microsoft if account.platform == MICROSOFT else _of_google
        account_id, secrets = of(account.typed, grant, account_secrets(grant, vault))
        grant_id = grant.grant_id
    keep_account(connection, company_id, account_id, vault.seal(secrets), now, account.platform, grant_id)
    for chore in _ASKED:
        put_off(connection, Due(company_id, chore), now)
    return account_id


def cost_grants(connection: Connection, company_id: str) -> Mapping[str, Sequence[Grant]]:
    """What one signed in for that may read costs, by where."""
    grants = [each for each in grants_of(connection, company_id) if each.signed_in_at is not None]
    return {
        provider: [each for each in grants if each.provider == provider and _wanted(provider) <= set(each.granted)]
        for provider in _SIGNED_IN_AT.values()
    }


def _wanted(provider: str) -> set[str]:
    return {scope for use in PROVIDERS[provider].uses if use.name == READ_COSTS for scope in use.scopes}


def _chosen(connection: Connection, company_id: str, platform: str, grant_id: str) -> Grant:
    if platform not in _SIGNED_IN_AT:
        raise BadAccount(_("Costs come from Google Ads, Microsoft Advertising or Meta."))
    grant = grant_by_id(connection, company_id, grant_id)
    if grant is None or grant not in cost_grants(connection, company_id)[_SIGNED_IN_AT[platform]]:
        raise BadAccess(_("Choose an access that may read costs there."))
    return grant


def _of_google(typed: Mapping[str, str], _grant: Grant, lent: dict[str, str]) -> tuple[str, dict[str, str]]:
    names = ("customer_id", "login_customer_id", "developer_token")
    secrets = {name: typed.get(name, "") for name in names} | lent
    try:
        return AdsAccount.of(secrets).customer_id, secrets
    except ValueError as error:
        raise BadAccount(str(error)) from None


def _of_microsoft(typed: Mapping[str, str], grant: Grant, lent: dict[str, str]) -> tuple[str, dict[str, str]]:
    secrets = {name: typed.get(name, "") for name in ("customer_id", "account_id", "developer_token")} | lent
    if grant.addresses.get("token"):
        secrets["token_url"] = grant.addresses["token"]
    try:
        return MicrosoftAccount.of(secrets).account_id, secrets
    except ValueError as error:
        raise BadAccount(str(error)) from None


def _of_meta(typed: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    account_id, token = typed.get("account_id", "").removeprefix("act_"), typed.get("access_token", "")
    if not (account_id.isascii() and account_id.isdigit() and len(account_id) <= 20 and token):
        raise BadAccount(_("Write the ad account's ID (digits, as act_1234567890) and an access token."))
    return account_id, {"access_token": token}
