"""The script that a site's page loads: the built tracker with the site's configuration in it, and its parts."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import brotli
from pydantic_core import to_json
from starlette.responses import Response

from swapboard.settings import Settings
from swapboard.switchboard.directory import SiteEntry
from swapboard.web.script_config import configuration, is_first_party

_PLACE = "__SWAPBOARD_CONFIG__"
_CACHE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class _Script:
    etag: str
    bodies: Mapping[str, bytes]
    """By content encoding; `identity` is plain."""


class Scripts:
    """Each site's script, made when it is first asked for and again when the site's set-up changed."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, bool], tuple[SiteEntry, _Script]] = {}

    def answer(self, entry: SiteEntry, host: str, headers: Mapping[str, str]) -> Response:
        """The script for a page that asked `host` for it, or 304 when the browser has it already."""
        key = entry.site.site_key, is_first_party(entry.site, host)
        made = self._made.get(key)
        if made is None or made[0] is not entry:
            made = self._made[key] = entry, _packed(_written(entry, host))
        return _answer(made[1], headers)


def script_address(settings: Settings, site_key: str) -> str:
    """Where a site's pages load the script from."""
    return f"{settings.public_url}{settings.path_prefix}/{site_key}.js"


def line_to_paste(settings: Settings, site_key: str) -> str:
    """The one line that makes a page's numbers swap."""
    return f'<script async src="{script_address(settings, site_key)}"></script>'


def part_answer(name: str, headers: Mapping[str, str]) -> Response | None:
    """A part of the script, which pages load where they need it; None where there is none of this name."""
    part = _parts().get(name)
    return _answer(part, headers) if part else None


@cache
def tracker_source() -> str:
    """The built tracker, with a place for the configuration."""
    return (files("swapboard.web") / "static" / "tracker.js").read_text("utf-8")


@cache
def _parts() -> Mapping[str, _Script]:
    folder = files("swapboard.web") / "static" / "parts"
    return {file.name.removesuffix(".js"): _packed(file.read_bytes()) for file in folder.iterdir()}


def _written(entry: SiteEntry, host: str) -> bytes:
    return tracker_source().replace(_PLACE, to_json(configuration(entry, host)).decode()).encode()


def _packed(plain: bytes) -> _Script:
    bodies = {"identity": plain, "gzip": gzip.compress(plain, mtime=0), "br": brotli.compress(plain)}
    return _Script(f'W/"{hashlib.sha256(plain).hexdigest()[:32]}"', bodies)


def _answer(script: _Script, headers: Mapping[str, str]) -> Response:
    """The script in the smallest encoding that the browser takes, or 304 when it has it already."""
    encoding = _encoding(headers.get("accept-encoding", ""))
    sent = {
        "ETag": script.etag,
        "Cache-Control": f"public, max-age={_CACHE_SECONDS}",
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
    known = headers.get("if-none-match", "")
    if script.etag in known or known.strip() == "*":
        return Response(status_code=304, headers=sent)
    if encoding != "identity":
        sent["Content-Encoding"] = encoding
    return Response(script.bodies[encoding], headers=sent, media_type="text/javascript")


def _encoding(accepted: str) -> str:
    """The best encoding that is accepted with a weight above nought (RFC 9110, 12.5.3)."""
    offered = {name for name, weight in map(_weighed, accepted.lower().split(",")) if weight.strip("q=0. ")}
    return next((encoding for encoding in ("br", "gzip") if encoding in offered), "identity")


def _weighed(part: str) -> tuple[str, str]:
    name, _, weight = part.partition(";")
    return name.strip(), weight or "q=1"
