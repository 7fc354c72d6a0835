"""How the settings of a company's single sign-on are written."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from swapboard.setting_values import SettingsError, is_web_address, listed

ROLES = ("owner", "admin", "analyst", "agent", "read_only")
"""What people can be in a company (`accounts.membership.GIVEN`), from all to least."""


def checked_issuer(environment: Mapping[str, str]) -> str:
    """Checked together with what it needs, so that nobody opens the door further than they know."""
    issuer = environment.get("SWAPBOARD_OIDC_ISSUER", "")
    named = {name for name in environment if name.startswith("SWAPBOARD_OIDC_")} - {"SWAPBOARD_OIDC_TRUST_EMAIL"}
    if named and not (is_web_address(issuer) and (issuer.startswith("https:") or _is_here(issuer))):
        raise SettingsError(
            f"SWAPBOARD_OIDC_ISSUER is {issuer!r}; write your provider's issuer, like https://accounts.google.com."
        )
    if issuer and not environment.get("SWAPBOARD_OIDC_CLIENT_ID"):
        raise SettingsError("SWAPBOARD_OIDC_CLIENT_ID is missing; your provider shows it with the application.")
    joins = environment.get("SWAPBOARD_OIDC_JOIN"), environment.get("SWAPBOARD_OIDC_ROLES")
    if any(joins) and not environment.get("SWAPBOARD_OIDC_COMPANY"):
        raise SettingsError("SWAPBOARD_OIDC_COMPANY is missing; write the name of the company that people join.")
    if joins[0] and not (joins[1] or environment.get("SWAPBOARD_OIDC_DOMAINS")):
        raise SettingsError(
            "SWAPBOARD_OIDC_JOIN alone lets everybody in who has an account at the provider; write in "
            "SWAPBOARD_OIDC_DOMAINS whose addresses may, like example.com."
        )
    return issuer


def _is_here(url: str) -> bool:
    return urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}


def roles_by_claim(environment: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    pairs = [each.rpartition("=") for each in listed(environment, "OIDC_ROLES")]
    if not all(value.strip() for value, _equals, _role_name in pairs):
        raise SettingsError("SWAPBOARD_OIDC_ROLES is not of pairs; write it like staff=analyst,it=admin.")
    return tuple(
        (value.strip(), known_role("SWAPBOARD_OIDC_ROLES", role.strip())) for value, _equals, role in pairs
    )


def known_role(setting: str, text: str) -> str:
    if text and text not in ROLES:
        raise SettingsError(f"{setting} names the role {text!r}; there are: {', '.join(ROLES)}.")
    return text
