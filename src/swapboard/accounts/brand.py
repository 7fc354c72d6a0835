"""How a company looks: its name, its colour and its logo."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, insert, select

from swapboard.accounts.company import Company
from swapboard.language import _
from swapboard.storage.schema import logos

MOST_LOGO_BYTES = 200 * 1024
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_BEGINNINGS: Mapping[bytes, str] = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


class NoLogo(ValueError):
    """A file that cannot be a logo; the message says what can."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture of a kind that carries no script."""

    media_type: str
    content: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """Names the content, so that its address can be kept for ever."""
        return hashlib.sha256(self.content).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Brand:
    """What stands above a company's pages and reports."""

    name: str
    colour: str | None
    """As `#rrggbb`."""
    logo: str | None
    """Its path on this server, open to everybody who knows it."""


def read_colour(text: str) -> str | None:
    """A colour as a form writes it; None for an empty text. Raises ValueError."""
    colour = text.strip().lower()
    if colour and not _COLOUR.fullmatch(colour):
        raise ValueError(_("Write the colour like #0b5f54: a # and six digits or letters from a to f."))
    return colour or None


def read_logo(content: bytes) -> Logo:
    """The picture that these bytes are, by their beginning and not by a name. Raises NoLogo.

    SVG is not taken, because it can hold scripts.
    """
    if len(content) > MOST_LOGO_BYTES:
        raise NoLogo(_("The logo is larger than 200 KB. Save it smaller: 400 dots across are plenty."))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Logo("image/webp", content)
    for beginning, media_type in _BEGINNINGS.items():
        if content.startswith(beginning):
            return Logo(media_type, content)
    raise NoLogo(_("The logo must be a picture in PNG, JPEG, GIF or WebP."))


def brand_of(connection: Connection, company: Company) -> Brand:
    """How the company looks now."""
    digest = connection.scalar(select(logos.c.digest).where(logos.c.company_id == company.company_id))
    return Brand(company.name, company.colour, f"/logos/{company.company_id}/{digest}" if digest else None)


def logo_of(connection: Connection, company_id: str) -> Logo | None:
    """The company's logo, or None."""
    row = connection.execute(select(logos).where(logos.c.company_id == company_id)).one_or_none()
    return Logo(row.media_type, row.content) if row else None


def keep_logo(connection: Connection, company_id: str, logo: Logo | None) -> None:
    """Keep another logo, or none."""
    connection.execute(delete(logos).where(logos.c.company_id == company_id))
    if logo:
        row = {"digest": logo.digest, "media_type": logo.media_type, "content": logo.content}
        connection.execute(insert(logos).values(company_id=company_id, **row))
