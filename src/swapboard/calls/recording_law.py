"""Where callers must only be told that they are recorded, and where they must agree (recording_law.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources


class Consent(StrEnum):
    """Whose consent the law of a place asks for."""

    ONE = "one"
    """Who was told and stays on the line has agreed."""
    ALL = "all"
    """Everybody must agree by a deed of their own."""


@dataclass(frozen=True, slots=True)
class Law:
    """What a place asks for, and where that is written."""

    area: str
    """`US-CA`, or `GB`."""
    name: str
    consent: Consent
    source: str


def _read(toml: str) -> Mapping[str, Law]:
    return {
        area: Law(area, said["name"], Consent(said["consent"]), said["source"])
        for area, said in tomllib.loads(toml).items()
    }


LAWS = _read(resources.files(__package__).joinpath("recording_law.toml").read_text(encoding="utf-8"))


def consent_in(region: str | None) -> Consent:
    """What the law asks for where this caller is from (`US-CA`, `GB`); all parties where we do not know."""
    country = (region or "").partition("-")[0]
    law = LAWS.get(region or "") or LAWS.get(country)
    return law.consent if law else Consent.ALL
