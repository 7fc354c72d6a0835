"""Which browser somebody logged in with, from its user agent (ua-parser), in words a person understands."""

from functools import lru_cache

from ua_parser import parse


@lru_cache(maxsize=1024)
def browser_of(user_agent: str) -> tuple[str, str]:
    """`("Safari", "iOS")`, either of them "" where it is not known; never raises."""
    found = parse(user_agent)
    return (found.user_agent.family if found.user_agent else ""), (found.os.family if found.os else "")
