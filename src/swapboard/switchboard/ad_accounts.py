"""The company's accounts at ad platforms: each is opened, and asked, in its platform's own way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import NamedTuple

from swapboard.accounts.secrets import Vault
from swapboard.clock import HOUR, Millis
from swapboard.conversions.destinations.request import Post
from swapboard.keywords.google_ads import AdsAccount, AdsError, GoogleAds
from swapboard.keywords.store import GOOGLE_ADS, MICROSOFT, KeptAccount
from swapboard.outward import open_http
from swapboard.reports.meta_insights import URL as META_URL
from swapboard.reports.meta_insights import MetaAccount
from swapboard.reports.microsoft_reports import MicrosoftAccount
from swapboard.switchboard.telling import post

TIMEOUT_SECONDS = 60.0
AGAIN_AFTER: Millis = HOUR // 2
"""What did not answer, and may soon, is asked again after so long."""
OpenGoogle = Callable[[AdsAccount], GoogleAds]


class Ways(NamedTuple):
    """How accounts are opened and asked."""

    vault: Vault
    open_google: OpenGoogle
    send: Post
    pause: Callable[[float], None]

    def opened(self, platform: str, account: KeptAccount) -> GoogleAds | MicrosoftAccount | MetaAccount:
        """The account, ready to be asked. Raises ValueError and KeyError for credentials that cannot be."""
        told = self.vault.unseal(account.credentials)
        if platform == GOOGLE_ADS:
            return self.open_google(AdsAccount.of(told))
        if platform == MICROSOFT:
            return MicrosoftAccount.of(told)
        return MetaAccount(account.customer_id, told["access_token"], told.get("url") or META_URL)


@contextmanager
def open_ways(
    vault: Vault, open_google: OpenGoogle, pause: Callable[[float], None], *, private_addresses: bool
) -> Iterator[Ways]:
    """For one round of questions."""
    with open_http(TIMEOUT_SECONDS, private_addresses=private_addresses) as client:
        yield Ways(vault, open_google, lambda request: post(client, request), pause)


def is_passing(error: Exception) -> bool:
    """True where the account may answer soon, as it is."""
    return isinstance(error, AdsError) and not error.permanent


def pause(stopping: Event, seconds: float) -> None:
    """Wait so long for a platform. Raises AdsError as soon as this server stops: it is asked anew then."""
    if stopping.wait(seconds):
        raise AdsError("This server was stopped meanwhile.", permanent=False)
