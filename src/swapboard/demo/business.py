"""The invented business: its company, site, numbers, rules, and who may look."""

from dataclasses import dataclass

from sqlalchemy import Connection

from swapboard.accounts import store as account_store
from swapboard.accounts.company import ApiKey, Company, Consent, Role, Site, User
from swapboard.accounts.keys import add_key
from swapboard.accounts.people import add_user
from swapboard.accounts.secrets import Vault, hash_password, new_api_key
from swapboard.calls.flow_store import add_flow
from swapboard.calls.nodes import Dial, Flow, Greeting, Menu, Target, Voicemail
from swapboard.calls.store import add_carrier
from swapboard.clock import Millis
from swapboard.numbers import inventory, rule_store
from swapboard.numbers.conditions import Field
from swapboard.numbers.inventory import NewNumber, NumberKind
from swapboard.numbers.rules import Outcome, Overflow, Pool, Rule, SwapTarget
from swapboard.numbers.sizing import DEFAULT_NUMBER_CENTS
from swapboard.storage.ids import new_id

COMPANY = "Brightwater Plumbing"
EMAIL = "demo@example.com"
PASSWORD = "ring ring ring"  # noqa: S105 the demo's own, printed when it starts
TARGET = "+12025550100"
DESTINATION = "+12025550101"
BILLBOARD = "+12025550120"
FLYER = "+12025550121"
LISTING = "+12025550122"
SOCIAL = "+12025550123"
FALLBACK = "+12025550124"
DESK_AT_HOME = "+12025550102"
FRONT_DESK = Flow(
    "Welcome",
    {
        "Welcome": Greeting(text="Thank you for calling Brightwater Plumbing.", then="What is it about?"),
        "What is it about?": Menu(
            text="For an emergency or a visit, press 1. To leave a message, press 2.",
            keys={"1": "Ring the desk", "2": "Take a message"},
            otherwise="Ring the desk",
        ),
        "Ring the desk": Dial(
            targets=(Target(ring_seconds=20), Target(DESK_AT_HOME, 20)),
            whisper="Call from {source}.",
            otherwise="Take a message",
        ),
        "Take a message": Voicemail(text="Please leave a message after the tone."),
    },
)
POOL = tuple(f"+1202555{number:04d}" for number in range(130, 160))


@dataclass(frozen=True, slots=True)
class Opened:
    """What the demo tells whoever started it."""

    company_id: str
    site_key: str
    api_key: str


@dataclass(frozen=True, slots=True)
class Ids:
    """The rows that the history and the network refer to."""

    company_id: str
    site_id: str
    carrier_id: str


def open_business(
    connection: Connection, vault: Vault, credentials: dict[str, str], now: Millis
) -> tuple[Opened, Ids]:
    """Set the whole business up in an empty database."""
    company_id, carrier_id = new_id(now), new_id(now)
    account_store.add_company(connection, _company(company_id, now))
    user = User(new_id(now), company_id, EMAIL, "Demo", Role.OWNER, now)
    add_user(connection, user, hash_password(PASSWORD))
    key_id = new_id(now)
    api_key, secret_hash = new_api_key(company_id, key_id)
    key = ApiKey(key_id, company_id, "The demo's own key", Role.OWNER, now, None, None)
    add_key(connection, key, secret_hash)
    site = _site(company_id, now)
    account_store.add_site(connection, site)
    add_carrier(
        connection, company_id, carrier_id, "sandbox", "The demo's phone network", vault.seal(credentials), now
    )
    _add_numbers(connection, company_id, carrier_id, now)
    add_flow(connection, company_id, new_id(now), "Front desk", FRONT_DESK, [LISTING], now)
    return Opened(company_id, site.site_key, api_key), Ids(company_id, site.site_id, carrier_id)


def _company(company_id: str, now: Millis) -> Company:
    return Company(
        company_id=company_id,
        account_id=new_id(now),
        name=COMPANY,
        time_zone="America/New_York",
        country="US",
        default_destination=DESTINATION,
        session_seconds=30 * 60,
        ring_timeout_seconds=25,
        created_at=now,
    )


def _site(company_id: str, now: Millis) -> Site:
    return Site(
        site_id=new_id(now),
        company_id=company_id,
        site_key=new_id(now)[-12:],
        name="brightwater.example.com",
        hosts=("127.0.0.1", "localhost", "brightwater.example.com"),
        consent=Consent.ALWAYS,
        beat_seconds=20,
        first_seen_at=now,
        created_at=now,
    )


def _add_numbers(connection: Connection, company_id: str, carrier_id: str, now: Millis) -> None:
    target = SwapTarget(new_id(now), TARGET, DESTINATION)
    inventory.add_target(connection, company_id, target, "Main line", now)
    fallback_id = new_id(now)
    pool = Pool(new_id(now), target.target_id, Overflow.CHANNEL_STATIC, fallback_id)
    inventory.add_pool(connection, company_id, pool, "Website visitors", now)

    def static(
        number: str, placement: str, number_id: str | None = None, *, channel: str, source: str, medium: str
    ) -> NewNumber:
        return NewNumber(
            number_id=number_id or new_id(now),
            number=number,
            kind=NumberKind.STATIC,
            created_at=now,
            target_id=target.target_id,
            carrier_id=carrier_id,
            placement=placement,
            channel=channel,
            source=source,
            medium=medium,
            monthly_cents=DEFAULT_NUMBER_CENTS,
        )

    social_id = new_id(now)
    statics = [
        static(BILLBOARD, "Billboard, Route 9", channel="Offline", source="billboard", medium="outdoor"),
        static(FLYER, "Flyer, spring round", channel="Offline", source="flyer", medium="print"),
        static(LISTING, "Map listing", channel="Organic Search", source="map listing", medium="organic"),
        static(SOCIAL, "Social profiles", social_id, channel="Organic Social", source="social", medium="social"),
        static(
            FALLBACK, "When the pool is empty", fallback_id, channel="Website", source="website", medium="overflow"
        ),
    ]
    leased = [
        NewNumber(
            new_id(now),
            number,
            NumberKind.POOL,
            now,
            pool_id=pool.pool_id,
            carrier_id=carrier_id,
            monthly_cents=DEFAULT_NUMBER_CENTS,
        )
        for number in POOL
    ]
    inventory.add_numbers(connection, company_id, [*statics, *leased])
    social = Rule(
        new_id(now),
        "Social visits see the social number",
        Outcome.STATIC,
        {Field.CHANNEL: ("Organic Social",)},
        number_id=social_id,
    )
    everyone = Rule(
        new_id(now), "Everybody else gets a number of their own", Outcome.POOL, {}, pool_id=pool.pool_id
    )
    for position, rule in enumerate([social, everyone], 1):
        rule_store.add_rule(connection, company_id, rule, position, now)
