"""Where one signs in, and in what each platform differs from the others: one table.

The addresses and scopes are those of the platforms' own pages, named beside each row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where people agree, where tokens are given, and where they are given back ("" where that cannot be)."""

    authorize: str
    token: str
    revoke: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """One thing to ask leave for; `scopes` are the least that will do."""

    name: str
    label: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provider:
    """A platform that people sign in at."""

    name: str
    addresses: Addresses
    advice: str
    """Where the client ID and the secret come from."""
    uses: Sequence[Use] = ()
    """What is asked for beside what the installed destinations ask for."""
    always: tuple[str, ...] = ()
    """Scopes without which there is no refresh token."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """What the first address is asked beside what the standard names."""
    proves_client_by: str = "client_secret_post"
    has_pkce: bool = True
    kept_facts: tuple[str, ...] = ()
    """What else of the answer is kept: the address of the customer's own server."""


GOOGLE, MICROSOFT, LINKEDIN = "google", "microsoft", "linkedin"
HUBSPOT, SALESFORCE, PIPEDRIVE = "hubspot", "salesforce", "pipedrive"
COSTS = "costs"

PROVIDERS: Mapping[str, Provider] = {
    # https://developers.google.com/identity/protocols/oauth2/web-server: only who is asked anew gets a refresh
    # token.
    GOOGLE: Provider(
        "Google",
        Addresses(
            "https://accounts.google.com/o/oauth2/v2/auth",
            "https://oauth2.googleapis.com/token",
            "https://oauth2.googleapis.com/revoke",
        ),
        "In Google Cloud, open APIs and services, Credentials: make an OAuth client ID for a web application.",
        (Use(COSTS, "Read costs and keywords from Google Ads", ("https://www.googleapis.com/auth/adwords",)),),
        extra={"access_type": "offline", "prompt": "consent"},
    ),
    # https://learn.microsoft.com/advertising/guides/authentication-oauth: there is no door to give tokens back.
    MICROSOFT: Provider(
        "Microsoft",
        Addresses(
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
            "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        ),
        "In the Azure portal, open App registrations: register a web app, then add a secret to it.",
        (Use(COSTS, "Read costs from Microsoft Advertising", ("https://ads.microsoft.com/msads.manage",)),),
        always=("offline_access",),
    ),
    # https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow: a client with a secret
    # that also proves itself by PKCE is refused there (401 invalid_client).
    LINKEDIN: Provider(
        "LinkedIn",
        Addresses(
            "https://www.linkedin.com/oauth/v2/authorization",
            "https://www.linkedin.com/oauth/v2/accessToken",
            "https://www.linkedin.com/oauth/v2/revoke",
        ),
        "In LinkedIn's developer portal, make an app with the Advertising API, then open its tab Auth.",
        has_pkce=False,
    ),
    # https://developers.hubspot.com/docs/api-reference/latest/authentication/manage-oauth-tokens
    HUBSPOT: Provider(
        "HubSpot",
        Addresses(
            "https://app.hubspot.com/oauth/authorize",
            "https://api.hubapi.com/oauth/2026-03/token",
            "https://api.hubapi.com/oauth/2026-03/token/revoke",
        ),
        "In HubSpot's developer account, make an app, then open its tab Auth.",
        always=("oauth",),
    ),
    # https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm
    SALESFORCE: Provider(
        "Salesforce",
        Addresses(
            "https://login.salesforce.com/services/oauth2/authorize",
            "https://login.salesforce.com/services/oauth2/token",
            "https://login.salesforce.com/services/oauth2/revoke",
        ),
        "In Salesforce's set-up, make an external client app with OAuth on.",
        always=("refresh_token",),
        kept_facts=("instance_url",),
    ),
    # https://pipedrive.readme.io/docs/marketplace-oauth-authorization: what an app may do is set in the app.
    PIPEDRIVE: Provider(
        "Pipedrive",
        Addresses(
            "https://oauth.pipedrive.com/oauth/authorize",
            "https://oauth.pipedrive.com/oauth/token",
            "https://oauth.pipedrive.com/oauth/revoke",
        ),
        "In Pipedrive's developer hub, make a private app, and tick what it may do there.",
        proves_client_by="client_secret_basic",
        kept_facts=("api_domain",),
    ),
}
