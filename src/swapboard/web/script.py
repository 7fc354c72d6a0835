"""The script that a site's page loads: the built tracker with the site's configuration written into it."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import brotli
from pydantic_core import to_json
from starlette.responses import Response

from swapboard.switchboard.directory import SiteEntry

_PLACE = "__SWAPBOARD_CONFIG__"
_CACHE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class _Script:
    entry: SiteEntry
    etag: str
    bodies: Mapping[str, bytes]
    """By content encoding; `identity` is plain."""


class Scripts:
    """Each site's script, made when it is first asked for and again when the site's set-up changed."""

    def __init__(self) -> None:
        self._made: dict[str, _Script] = {}

    def answer(self, entry: SiteEntry, headers: Mapping[str, str]) -> Response:
        """The script in the smallest encoding that the browser takes, or 304 when it has it already."""
        script = self._made.get(entry.site.site_key)
        if script is None or script.entry is not entry:
            script = self._made[entry.site.site_key] = _make(entry)
        encoding = _encoding(headers.get("accept-encoding", ""))
        sent = {
            "ETag": script.etag,
            "Cache-Control": f"public, max-age={_CACHE_SECONDS}",
            "Vary": "Accept-Encoding",
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
        }
        if script.etag in headers.get("if-none-match", ""):
            return Response(status_code=304, headers=sent)
        if encoding != "identity":
            sent["Content-Encoding"] = encoding
        return Response(script.bodies[encoding], headers=sent, media_type="text/javascript")


@cache
def tracker_source() -> str:
    """The built tracker, with a place for the configuration."""
    return (files("swapboard.web") / "static" / "tracker.js").read_text("utf-8")


def _make(entry: SiteEntry) -> _Script:
    configuration = {
        "key": entry.site.site_key,
        "targets": list(entry.plan.targets),
        "beat": entry.site.beat_seconds,
        "session": entry.session_seconds,
        "consent": entry.site.consent,
    }
    plain = tracker_source().replace(_PLACE, to_json(configuration).decode()).encode()
    bodies = {"identity": plain, "gzip": gzip.compress(plain, mtime=0), "br": brotli.compress(plain)}
    return _Script(entry, f'W/"{hashlib.sha256(plain).hexdigest()[:32]}"', bodies)


def _encoding(accepted: str) -> str:
    offered = {
        part.split(";")[0].strip() for part in accepted.lower().split(",") if "q=0" not in part.split(";")[1:]
    }
    return next((encoding for encoding in ("br", "gzip") if encoding in offered), "identity")
