"""What the doctor has to say of one thing, and the judgements that need no look at anything."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from swapboard.clock import MINUTE, SECOND, Millis

ENOUGH_FREE_BYTES = 1_000_000_000
LEAST_FREE_BYTES = 100_000_000
CLOCK_MAY_DIFFER: Millis = 5 * SECOND
CLOCK_IS_WRONG: Millis = MINUTE
OLDEST_POSTGRESQL = 15


class State(StrEnum):
    """How bad it is."""

    OK = "ok"
    SKIPPED = "skipped"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the doctor's."""

    check: str
    state: State
    says: str
    what_to_do: str = ""


def ok(check: str, says: str) -> Verdict:
    """Nothing to do."""
    return Verdict(check, State.OK, says)


def skipped(check: str, why: str) -> Verdict:
    """Could not be looked at."""
    return Verdict(check, State.SKIPPED, why)


def warning(check: str, says: str, what_to_do: str) -> Verdict:
    """Will be trouble, or may be."""
    return Verdict(check, State.WARNING, says, what_to_do)


def problem(check: str, says: str, what_to_do: str) -> Verdict:
    """Loses visits or calls now."""
    return Verdict(check, State.PROBLEM, says, what_to_do)


def of_disk(free_bytes: int, folder: str) -> Verdict:
    """A database that cannot write turns visits away."""
    says = f"{free_bytes / 1e9:,.1f} GB free for {folder}"
    what_to_do = "Make room, or move the data folder to a larger disk (SWAPBOARD_DATA_DIR)."
    if free_bytes < LEAST_FREE_BYTES:
        return problem("disk", says, what_to_do)
    return ok("disk", says) if free_bytes >= ENOUGH_FREE_BYTES else warning("disk", says, what_to_do)


def of_clock(ours: Millis, theirs: Millis, whose: str) -> Verdict:
    """Which visit made a call is told by times; `theirs` is exact to a second."""
    apart = abs(ours - theirs)
    says = f"differs by {apart / SECOND:,.0f} s from the clock of {whose}"
    what_to_do = "Let the machine keep its time by NTP: `timedatectl set-ntp true`."
    if apart >= CLOCK_IS_WRONG:
        return problem("clock", says, what_to_do)
    return warning("clock", says, what_to_do) if apart >= CLOCK_MAY_DIFFER else ok("clock", says)


def of_public_address(url: str) -> Verdict:
    """Whether visitors and carriers can use it at all, by its look."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return problem("public address", f"{url!r} is none", "Set SWAPBOARD_PUBLIC_URL=https://calls.example.com.")
    if parts.hostname in {"localhost", "127.0.0.1", "::1"}:
        return warning(
            "public address",
            f"{url} is for this machine only",
            "Before visitors and carriers come, set SWAPBOARD_PUBLIC_URL to the address that they reach.",
        )
    if parts.scheme == "http":
        return problem(
            "public address",
            f"{url} has no HTTPS: browsers load no such script on a page that has",
            "Put HTTPS in front of the server, and write https:// in SWAPBOARD_PUBLIC_URL.",
        )
    if path_fault := fault_of_path(url):
        return warning("public address", *path_fault)
    return ok("public address", url)


def fault_of_path(url: str) -> tuple[str, str] | None:
    """What does not work below a path, and what to do; None without one."""
    if not urlsplit(url).path.strip("/"):
        return None
    return (
        f"{url} has a path: visits and calls come in where the proxy takes it off, but the dashboard "
        "does not work",
        "Give the server a name of its own, such as https://calls.example.com.",
    )
