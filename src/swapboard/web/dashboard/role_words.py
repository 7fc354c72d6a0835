"""What the dashboard calls roles, and what somebody or a key may do by one."""

from collections.abc import Mapping, Sequence

from swapboard.accounts.company import Role
from swapboard.accounts.scopes import READ, WRITE, Area
from swapboard.web.dashboard.translation import Words, _

ROLE: Mapping[Role, str] = Words(
    {
        Role.OWNER: _("Owner"),
        Role.ADMIN: _("Admin"),
        Role.ANALYST: _("Analyst"),
        Role.AGENT: _("Agent"),
        Role.READ_ONLY: _("Read only"),
        Role.SITE: _("Website"),
    }
)

ROLE_HELP: Mapping[Role, str] = Words(
    {
        Role.OWNER: _(
            "Everything, in this company and by the API in all of the account. For your own people only."
        ),
        Role.ADMIN: _("Changes everything here, and says who may come in."),
        Role.ANALYST: _("Sees everything, hears calls, says what they were worth; changes reports only."),
        Role.AGENT: _("Sees calls and who called, hears them, and says what they were worth."),
        Role.READ_ONLY: _("Sees everything; hears no recording and changes nothing."),
    }
)

KEY_ROLE_HELP: Mapping[Role, str] = Words(
    {
        Role.OWNER: _("Everything, in all companies of the account."),
        Role.ADMIN: _("Changes everything here, the team and keys, too."),
        Role.ANALYST: _("Sees everything, changes reports and says what calls were worth."),
        Role.AGENT: _("Sees calls and who called, and says what they were worth."),
        Role.READ_ONLY: _("Sees everything but what was said in calls, and changes nothing."),
        Role.SITE: _("For a website's own server: tells of visits and can do nothing else."),
    }
)

AREA: Mapping[Area, str] = Words(
    {
        Area.CALLS: _("Calls, who called, spam, texts, what was said"),
        Area.VISITS: _("Visits, forms, who is on the site now"),
        Area.REPORTS: _("Reports and costs"),
        Area.CONVERSIONS: _("Conversions and where they are sent"),
        Area.NUMBERS: _("Numbers, rules, call flows, carriers"),
        Area.SETUP: _("Sites and the company"),
        Area.PEOPLE: _("Team and keys"),
    }
)


def scopes(texts: Sequence[str]) -> str:
    """What a key is held to."""
    if not texts:
        return _("everything its role may")
    return "; ".join(_scope(each) for each in texts)


def _scope(text: str) -> str:
    deed, _colon, area = text.partition(":")
    said = {READ: _("reads"), WRITE: _("changes")}[deed]
    return f"{said}: {AREA[Area(area)] if area else _('everything')}"
