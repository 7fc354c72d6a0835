"""Every table, for both engines.

Each primary and foreign key begins with `company_id`, so that the schema distributes on PostgreSQL with
Citus unchanged. Columns ending in `_at` are milliseconds since the epoch (`swapboard.clock`); phone numbers
are E.164; identifiers are `swapboard.storage.ids`.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Json = JSON().with_variant(JSONB(), "postgresql")
Id = String(32)
E164 = String(20)


def _id(name: str, nullable: bool = False) -> Column[str]:
    return Column(name, Id, nullable=nullable)


def _at(name: str, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _text(name: str, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


def _belongs(column: str, table: str, key: str | None = None) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["company_id", column], [f"{table}.company_id", f"{table}.{key or column}"])


def _of_company() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["company_id"], ["companies.company_id"])


companies = Table(
    "companies",
    metadata,
    _id("company_id"),
    _id("account_id"),
    _text("name"),
    _text("time_zone"),
    Column("country", String(2), nullable=False),
    Column("default_destination", E164),
    Column("session_seconds", Integer, nullable=False),
    Column("ring_timeout_seconds", Integer, nullable=False),
    Column("look_back_days", Integer, nullable=False, server_default="90"),
    Column("currency", String(3), nullable=False, server_default="USD"),
    Column("colour", String(7)),
    Column("language", String(8)),
    Column("config_version", BigInteger, nullable=False),
    _at("created_at"),
    Column("visits_filed_until_at", BigInteger, nullable=False, server_default="0"),
    PrimaryKeyConstraint("company_id"),
)
"""No visit that begins before `visits_filed_until_at` may come in without its day being filed anew."""

users = Table(
    "users",
    metadata,
    _id("company_id"),
    _id("user_id"),
    _text("email"),
    _text("name"),
    _text("role"),
    _at("created_at"),
    PrimaryKeyConstraint("company_id", "user_id"),
    _of_company(),
    Index("ux_users_email", "company_id", "email", unique=True),
    Index("ix_users_email", "email"),
)

people = Table(
    "people",
    metadata,
    _id("company_id"),
    _id("person_id"),
    _text("email"),
    _at("created_at"),
    _text("password_hash", nullable=True),
    _at("verified_at", nullable=True),
    _text("totp", nullable=True),
    Column("totp_step", BigInteger),
    Column("recovery", Text, nullable=False, server_default=""),
    Column("language", String(8)),
    _text("subject", nullable=True),
    PrimaryKeyConstraint("company_id", "person_id"),
    _of_company(),
    Index("ix_people_email", "email"),
    Index("ix_people_subject", "subject"),
)
"""Who can log in; `company_id` says where the row lies, `users` what somebody is in which company.

No two have one address: `people.add_person` sees to it, for an index across companies could not be distributed.
"""

log_ins = Table(
    "log_ins",
    metadata,
    _id("company_id"),
    _id("person_id"),
    _id("log_in_id"),
    _text("address"),
    _text("user_agent"),
    _at("created_at"),
    _at("seen_at"),
    PrimaryKeyConstraint("company_id", "person_id", "log_in_id"),
    _belongs("person_id", "people"),
)
"""The browsers that people are logged in with; `company_id` is where the person's row lies."""

passkeys = Table(
    "passkeys",
    metadata,
    _id("company_id"),
    _id("person_id"),
    _id("passkey_id"),
    _text("credential_id"),
    _text("name"),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    _at("created_at"),
    _at("last_used_at", nullable=True),
    _at("asked_at", nullable=True),
    PrimaryKeyConstraint("company_id", "person_id", "passkey_id"),
    _belongs("person_id", "people"),
    Index("ix_passkeys_credential", "credential_id"),
)
"""What people log in with instead of a password; `asked_at` is when the last answered challenge was made."""

invitations = Table(
    "invitations",
    metadata,
    _id("company_id"),
    _id("invitation_id"),
    _text("email"),
    _text("role"),
    _text("secret_hash"),
    _text("invited_by"),
    _at("created_at"),
    _at("used_at", nullable=True),
    _at("withdrawn_at", nullable=True),
    PrimaryKeyConstraint("company_id", "invitation_id"),
    _of_company(),
)

logos = Table(
    "logos",
    metadata,
    _id("company_id"),
    _text("digest"),
    _text("media_type"),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("company_id"),
    _of_company(),
)

api_keys = Table(
    "api_keys",
    metadata,
    _id("company_id"),
    _id("key_id"),
    _text("name"),
    _text("secret_hash"),
    _text("role"),
    _at("created_at"),
    _at("last_used_at", nullable=True),
    _at("revoked_at", nullable=True),
    Column("scopes", Text, nullable=False, server_default=""),
    _at("expires_at", nullable=True),
    Column("made_by", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("company_id", "key_id"),
    _of_company(),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    _id("company_id"),
    _text("key"),
    _text("request_hash"),
    Column("status", Integer, nullable=False),
    _text("answer"),
    _at("created_at"),
    PrimaryKeyConstraint("company_id", "key"),
    _of_company(),
)

sites = Table(
    "sites",
    metadata,
    _id("company_id"),
    _id("site_id"),
    _text("site_key"),
    _text("name"),
    Column("hosts", Json, nullable=False),
    _text("consent"),
    Column("beat_seconds", Integer, nullable=False),
    _at("first_seen_at", nullable=True),
    _at("created_at"),
    Column("page", Json, nullable=False, server_default="{}"),
    PrimaryKeyConstraint("company_id", "site_id"),
    _of_company(),
    Index("ux_sites_site_key", "company_id", "site_key", unique=True),
)

swap_targets = Table(
    "swap_targets",
    metadata,
    _id("company_id"),
    _id("target_id"),
    Column("number", E164, nullable=False),
    Column("destination", E164, nullable=False),
    _text("name"),
    _at("created_at"),
    _id("shares_with", nullable=True),
    PrimaryKeyConstraint("company_id", "target_id"),
    _of_company(),
    Index("ux_swap_targets_number", "company_id", "number", unique=True),
)
"""A target that `shares_with` another shows whatever number the other one shows."""

pools = Table(
    "pools",
    metadata,
    _id("company_id"),
    _id("pool_id"),
    _id("target_id"),
    _text("name"),
    _text("overflow"),
    _id("fallback_number_id", nullable=True),
    _at("created_at"),
    PrimaryKeyConstraint("company_id", "pool_id"),
    _of_company(),
    _belongs("target_id", "swap_targets"),
)

pool_scaling = Table(
    "pool_scaling",
    metadata,
    _id("company_id"),
    _id("pool_id"),
    Column("is_on", Boolean, nullable=False),
    Column("floor", Integer, nullable=False),
    Column("ceiling", Integer, nullable=False),
    Column("budget_cents", Integer, nullable=False),
    Column("number_cents", Integer, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    _at("retry_at", nullable=True),
    _text("trouble", nullable=True),
    PrimaryKeyConstraint("company_id", "pool_id"),
    _of_company(),
    _belongs("pool_id", "pools"),
)
"""What auto-scale may do with a pool, and why it last failed: then it waits until `retry_at`."""

scaling_events = Table(
    "scaling_events",
    metadata,
    _id("company_id"),
    _id("event_id"),
    _id("pool_id"),
    _at("happened_at"),
    _text("kind"),
    _text("actor"),
    Column("detail", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "event_id"),
    _of_company(),
    Index("ix_scaling_events_pool", "company_id", "pool_id", "event_id"),
)
"""Who set a pool's auto-scale to what, and what it did and why; append-only, and kept when the pool is gone."""

pool_rhythms = Table(
    "pool_rhythms",
    metadata,
    _id("company_id"),
    _id("pool_id"),
    _at("made_at"),
    Column("rhythm", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "pool_id"),
    _of_company(),
    _belongs("pool_id", "pools"),
)
"""How many visits each hour of the week is expected to bring to a pool: what its alert goes by."""

carriers = Table(
    "carriers",
    metadata,
    _id("company_id"),
    _id("carrier_id"),
    _text("kind"),
    _text("name"),
    _text("credentials"),
    _at("created_at"),
    _at("listed_until_at", nullable=True),
    PrimaryKeyConstraint("company_id", "carrier_id"),
    _of_company(),
)

numbers = Table(
    "numbers",
    metadata,
    _id("company_id"),
    _id("number_id"),
    Column("number", E164, nullable=False),
    _text("kind"),
    _text("status"),
    _id("pool_id", nullable=True),
    _id("target_id", nullable=True),
    _id("carrier_id", nullable=True),
    _text("carrier_ref", nullable=True),
    _text("placement", nullable=True),
    _text("channel", nullable=True),
    _text("source", nullable=True),
    _text("medium", nullable=True),
    _text("campaign", nullable=True),
    _id("live_session_id", nullable=True),
    _at("left_at"),
    _at("created_at"),
    _at("released_at", nullable=True),
    Column("monthly_cents", Integer),
    Column("placement_cents", Integer),
    Column("starts_on", String(10)),
    Column("ends_on", String(10)),
    Column("short_code", String(16)),
    _text("short_url", nullable=True),
    _at("quarantined_at", nullable=True),
    Column("heat", Float, nullable=False, server_default="1"),
    Column("is_honeypot", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("company_id", "number_id"),
    _of_company(),
    _belongs("pool_id", "pools"),
    _belongs("target_id", "swap_targets"),
    Index(
        "ux_numbers_number",
        "company_id",
        "number",
        unique=True,
        sqlite_where=text("released_at IS NULL"),
        postgresql_where=text("released_at IS NULL"),
    ),
    Index(
        "ix_numbers_released",
        "company_id",
        "number",
        sqlite_where=text("released_at IS NOT NULL"),
        postgresql_where=text("released_at IS NOT NULL"),
    ),
    Index(
        "ix_numbers_short_code",
        "short_code",
        sqlite_where=text("short_code IS NOT NULL"),
        postgresql_where=text("short_code IS NOT NULL"),
    ),
    Index(
        "ix_numbers_free",
        "company_id",
        "pool_id",
        "left_at",
        "number_id",
        sqlite_where=text("live_session_id IS NULL AND status = 'active'"),
        postgresql_where=text("live_session_id IS NULL AND status = 'active'"),
    ),
)
"""`live_session_id` and `left_at` repeat what `leases` says, so that the longest-idle number is one index step
away. `left_at` is 0 for a number that was never shown; `heat` is what `attribution/pending.py` says of it. Each
lease changes a number twice, which in PostgreSQL writes to every index that the number is in: so a pool number is
in as few as can be."""

number_events = Table(
    "number_events",
    metadata,
    _id("company_id"),
    _id("event_id"),
    _id("number_id"),
    _at("happened_at"),
    _text("kind"),
    _text("actor"),
    Column("detail", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "event_id"),
    _belongs("number_id", "numbers"),
    Index("ix_number_events_number", "company_id", "number_id", "event_id"),
)
"""What was done with a number, and who did it; append-only."""

number_orders = Table(
    "number_orders",
    metadata,
    _id("company_id"),
    _text("order_key"),
    Column("number", E164, nullable=False),
    _id("carrier_id"),
    _text("state"),
    _text("actor"),
    Column("purpose", Json, nullable=False),
    _text("carrier_ref", nullable=True),
    _text("problem", nullable=True),
    _id("number_id", nullable=True),
    _at("created_at"),
    _at("finished_at", nullable=True),
    PrimaryKeyConstraint("company_id", "order_key"),
    _of_company(),
)
"""Numbers ordered at a carrier, which costs money; the key makes an order that is sent twice one order."""

number_returns = Table(
    "number_returns",
    metadata,
    _id("company_id"),
    _id("number_id"),
    Column("number", E164, nullable=False),
    _id("carrier_id"),
    _text("state"),
    _text("actor"),
    _at("asked_at"),
    _at("due_at"),
    Column("tries", Integer, nullable=False),
    Column("is_sure", Boolean, nullable=False),
    _text("problem", nullable=True),
    _at("finished_at", nullable=True),
    PrimaryKeyConstraint("company_id", "number_id"),
    _belongs("number_id", "numbers"),
    Index(
        "ix_number_returns_open",
        "company_id",
        "due_at",
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
)
"""Released numbers that are to be given back to their carrier, and what became of it."""

rules = Table(
    "rules",
    metadata,
    _id("company_id"),
    _id("rule_id"),
    Column("position", Integer, nullable=False),
    _text("name"),
    Column("conditions", Json, nullable=False),
    _text("outcome"),
    _id("pool_id", nullable=True),
    _id("number_id", nullable=True),
    _at("created_at"),
    PrimaryKeyConstraint("company_id", "rule_id"),
    _of_company(),
    _belongs("pool_id", "pools"),
    _belongs("number_id", "numbers"),
    Index("ix_rules_position", "company_id", "position"),
)

sessions = Table(
    "sessions",
    metadata,
    _id("company_id"),
    _id("session_id"),
    _id("visitor_id"),
    _id("site_id"),
    _at("started_at"),
    _at("last_seen_at"),
    _text("state"),
    _text("channel"),
    _text("source"),
    _text("medium"),
    _text("campaign", nullable=True),
    _text("campaign_id", nullable=True),
    _text("term", nullable=True),
    _text("content", nullable=True),
    Column("click_ids", Json, nullable=False),
    Column("value_track", Json, nullable=False),
    Column("cookies", Json, nullable=False),
    _text("referrer"),
    _text("landing_page"),
    _text("landing_title"),
    _text("user_agent"),
    _text("device"),
    _text("time_zone"),
    Column("opted_out", Boolean, nullable=False),
    Column("is_returning", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("company_id", "session_id"),
    Index("ix_sessions_visitor", "company_id", "visitor_id", "started_at"),
)
"""Visits; a visitor is what its sessions say of it. The landing page is a session's first page view."""


visit_days = Table(
    "visit_days",
    metadata,
    _id("company_id"),
    _at("day_at"),
    _at("until_at"),
    Column("visits", Integer, nullable=False),
    _text("layout"),
    Column("changes", Integer, nullable=False),
    PrimaryKeyConstraint("company_id", "day_at"),
    _of_company(),
)
"""Which visits of a day (UTC) are filed: all that began before `until_at`, in this layout. `changes` counts how
often that was thrown away, so that nobody files what they read before a change."""

visit_columns = Table(
    "visit_columns",
    metadata,
    _id("company_id"),
    _text("name"),
    _at("day_at"),
    _text("words"),
    Column("codes", LargeBinary, nullable=False),
    PrimaryKeyConstraint("company_id", "name", "day_at"),
    _of_company(),
)
"""One thing that is known of each filed visit of a day (`reports/visit_day.py`), as its place in the words."""

visit_events = Table(
    "visit_events",
    metadata,
    _id("company_id"),
    _id("event_id"),
    _id("session_id"),
    _at("happened_at"),
    _text("kind"),
    _text("url"),
    _text("title"),
    Column("properties", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "event_id"),
    Index("ix_visit_events_session", "company_id", "session_id"),
    sqlite_with_rowid=False,
)
"""What a session did after it landed, append-only."""

forms = Table(
    "forms",
    metadata,
    _id("company_id"),
    _id("form_id"),
    _id("session_id"),
    _id("visitor_id"),
    _id("site_id"),
    _at("sent_at"),
    _text("name"),
    _text("url"),
    Column("fields", Json, nullable=False),
    Column("begins_lead", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("company_id", "form_id"),
    _of_company(),
    Index("ix_forms_sent", "company_id", "sent_at", "form_id"),
    Index("ix_forms_session", "company_id", "session_id"),
)
"""Forms that visitors sent; `fields` holds only those that the site's owner allows."""

leases = Table(
    "leases",
    metadata,
    _id("company_id"),
    _id("session_id"),
    _id("target_id"),
    _at("from_at"),
    _id("number_id"),
    _id("pool_id"),
    _text("state"),
    _at("until_at", nullable=True),
    _at("expires_at"),
    PrimaryKeyConstraint("company_id", "session_id", "target_id", "from_at"),
    Index(
        "ux_leases_live_number",
        "company_id",
        "number_id",
        unique=True,
        sqlite_where=text("state = 'live'"),
        postgresql_where=text("state = 'live'"),
    ),
    Index("ix_leases_number", "company_id", "number_id", "from_at"),
    sqlite_with_rowid=False,
)
"""Who was shown which number, from when, until when; `state` is live or ended. The unique index is what makes
two live sessions on one number impossible, whatever the code does."""

exhaustions = Table(
    "exhaustions",
    metadata,
    _id("company_id"),
    _id("exhaustion_id"),
    _id("pool_id"),
    _id("target_id"),
    _id("session_id"),
    _id("number_id", nullable=True),
    _at("happened_at"),
    PrimaryKeyConstraint("company_id", "exhaustion_id"),
    Index("ix_exhaustions_session", "company_id", "session_id"),
    Index("ix_exhaustions_pool", "company_id", "pool_id", "happened_at"),
)
"""A visit that needed a number when every number was live, and the number it was shown instead, if any."""

carrier_events = Table(
    "carrier_events",
    metadata,
    _id("company_id"),
    _id("carrier_id"),
    _text("call_ref"),
    _text("leg_ref"),
    _text("kind"),
    Column("sequence", Integer, nullable=False),
    _at("happened_at"),
    _at("received_at"),
    Column("facts", Json, nullable=False),
    Column("raw", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "carrier_id", "call_ref", "leg_ref", "kind", "sequence"),
)
"""What carriers told us, append-only; the primary key makes a repeated event one row."""

calls = Table(
    "calls",
    metadata,
    _id("company_id"),
    _id("call_id"),
    _id("carrier_id"),
    _text("call_ref"),
    _id("number_id", nullable=True),
    Column("tracking_number", E164),
    Column("destination", E164),
    Column("caller_number", E164),
    Column("caller_withheld", Boolean, nullable=False),
    _text("caller_name", nullable=True),
    _text("caller_place", nullable=True),
    _text("status"),
    _at("started_at"),
    _at("answered_at", nullable=True),
    _at("ended_at", nullable=True),
    Column("ring_seconds", Integer),
    Column("talk_seconds", Integer),
    Column("first_time_caller", Boolean, nullable=False),
    Column("tags", Json, nullable=False),
    _text("attribution_kind"),
    Column("confidence", Float),
    _id("session_id", nullable=True),
    _id("visitor_id", nullable=True),
    _text("channel", nullable=True),
    _text("source", nullable=True),
    _text("medium", nullable=True),
    _text("campaign", nullable=True),
    _text("keyword", nullable=True),
    _text("landing_page", nullable=True),
    _text("referrer", nullable=True),
    Column("click_ids", Json, nullable=False),
    _text("search_text"),
    Column("value_cents", BigInteger),
    Column("qualified", Boolean),
    Column("greeting_seconds", Integer),
    Column("voicemail_seconds", Integer),
    _text("recording_ref", nullable=True),
    Column("flow_path", Json),
    Column("attestation", String(8)),
    Column("is_spam", Boolean, nullable=False, server_default=false()),
    Column("spam_score", Float),
    Column("spam_reasons", Json),
    Column("spam_said", Boolean),
    Column("begins_lead", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("company_id", "call_id"),
    _of_company(),
    Index("ux_calls_ref", "company_id", "carrier_id", "call_ref", unique=True),
    Index("ix_calls_started", "company_id", "started_at", "call_id"),
    Index("ix_calls_caller", "company_id", "caller_number", "started_at"),
    Index("ix_calls_session", "company_id", "session_id"),
)
"""Calls as folded from `carrier_events`; `search_text` is what the call list's search looks in. Spam counts
nowhere; `spam_said` is a person's word, which stands above the score (`calls/spam.py`). With one that
`begins_lead` somebody got in touch for the first time (`leads/beginning.py`)."""

spam_policies = Table(
    "spam_policies",
    metadata,
    _id("company_id"),
    Column("policy", Json, nullable=False),
    PrimaryKeyConstraint("company_id"),
    _of_company(),
)
"""What a company does about spam, where it is not the default (`calls/spam.py`)."""

caller_words = Table(
    "caller_words",
    metadata,
    _id("company_id"),
    _id("word_id"),
    Column("pattern", E164, nullable=False),
    _text("word"),
    _text("note"),
    _text("actor"),
    _at("created_at"),
    PrimaryKeyConstraint("company_id", "word_id"),
    _of_company(),
    Index("ux_caller_words_pattern", "company_id", "pattern", unique=True),
)
"""What people said of callers: `block` or `allow`, of a number or of all that begin so (`+1900*`)."""

call_judgements = Table(
    "call_judgements",
    metadata,
    _id("company_id"),
    _id("call_id"),
    Column("judgement", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "call_id"),
    _belongs("call_id", "calls"),
)
"""Who said what of a call, and why (`calls/judgement.py`); what holds of it stands on the call."""

lead_rules = Table(
    "lead_rules",
    metadata,
    _id("company_id"),
    _id("rule_id"),
    Column("position", Integer, nullable=False),
    _text("name"),
    Column("conditions", Json, nullable=False),
    Column("outcome", Json, nullable=False),
    Column("is_on", Boolean, nullable=False),
    _at("created_at"),
    PrimaryKeyConstraint("company_id", "rule_id"),
    _of_company(),
)
"""Which calls are good leads: `calls/lead_rules.py` as JSON, in the order of their positions."""

spoken_phrases = Table(
    "spoken_phrases",
    metadata,
    _id("company_id"),
    _id("phrase_id"),
    _text("phrase"),
    _text("said_by"),
    _text("meaning"),
    _text("tag"),
    _at("created_at"),
    PrimaryKeyConstraint("company_id", "phrase_id"),
    _of_company(),
    Index("ux_spoken_phrases_phrase", "company_id", "phrase", unique=True),
)
"""What a company listens for in its calls (`calls/phrases.py`)."""

word_settings = Table(
    "word_settings",
    metadata,
    _id("company_id"),
    Column("transcribes", Boolean, nullable=False),
    _text("language"),
    _at("phrases_changed_at"),
    PrimaryKeyConstraint("company_id"),
    _of_company(),
)
"""Whether what is said is written down, in which language, and since when we listen for the present phrases."""

flows = Table(
    "flows",
    metadata,
    _id("company_id"),
    _id("flow_id"),
    _text("name"),
    Column("document", Json, nullable=False),
    _at("created_at"),
    Column("turn", BigInteger, nullable=False, server_default="0"),
    PrimaryKeyConstraint("company_id", "flow_id"),
    _of_company(),
)
"""What happens to a call: `calls/nodes.py` as JSON; `turn` says how often its round robins have rung."""

flow_lines = Table(
    "flow_lines",
    metadata,
    _id("company_id"),
    Column("number", E164, nullable=False),
    _id("flow_id"),
    PrimaryKeyConstraint("company_id", "number"),
    _belongs("flow_id", "flows"),
)
"""Which flow a call takes: by the tracking number that was dialled, or the swap target that it stands for."""

call_legs = Table(
    "call_legs",
    metadata,
    _id("company_id"),
    _id("call_id"),
    _text("leg_ref"),
    Column("number", E164),
    _text("status"),
    _at("started_at"),
    _at("answered_at", nullable=True),
    _at("ended_at", nullable=True),
    PrimaryKeyConstraint("company_id", "call_id", "leg_ref"),
    _belongs("call_id", "calls"),
)

call_candidates = Table(
    "call_candidates",
    metadata,
    _id("company_id"),
    _id("call_id"),
    _id("session_id"),
    Column("rank", Integer, nullable=False),
    Column("probability", Float, nullable=False),
    _text("because"),
    PrimaryKeyConstraint("company_id", "call_id", "session_id"),
    _belongs("call_id", "calls"),
    Index("ix_call_candidates_session", "company_id", "session_id"),
)
"""The sessions that may have made a call, with how probable each is."""

leads = Table(
    "leads",
    metadata,
    _id("company_id"),
    _id("lead_id"),
    _text("began_as"),
    _at("created_at"),
    _at("last_at"),
    _at("qualified_at", nullable=True),
    PrimaryKeyConstraint("company_id", "lead_id"),
    _of_company(),
    Index("ix_leads_last", "company_id", "last_at", "lead_id"),
    Index("ix_leads_created", "company_id", "created_at", "lead_id"),
)
"""One person who got in touch."""

lead_keys = Table(
    "lead_keys",
    metadata,
    _id("company_id"),
    _text("kind"),
    _text("value"),
    _id("lead_id"),
    PrimaryKeyConstraint("company_id", "kind", "value"),
    _belongs("lead_id", "leads"),
    Index("ix_lead_keys_lead", "company_id", "lead_id"),
)
"""What a lead is recognised by: a phone number, an e-mail address, a visitor id."""

lead_contacts = Table(
    "lead_contacts",
    metadata,
    _id("company_id"),
    _text("kind"),
    _id("contact_id"),
    _id("lead_id"),
    _at("happened_at"),
    PrimaryKeyConstraint("company_id", "kind", "contact_id"),
    _belongs("lead_id", "leads"),
    Index("ix_lead_contacts_lead", "company_id", "lead_id", "happened_at", "contact_id"),
)
"""The calls and forms of each lead; `contact_id` is a call's or a form's id."""

lead_changes = Table(
    "lead_changes",
    metadata,
    _id("company_id"),
    _id("change_id"),
    _id("lead_id"),
    _id("other_id"),
    _at("happened_at"),
    _text("kind"),
    _text("actor"),
    Column("detail", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "change_id"),
    _of_company(),
    Index("ix_lead_changes_lead", "company_id", "lead_id", "change_id"),
    Index("ix_lead_changes_other", "company_id", "other_id"),
)
"""Leads that people joined or parted by hand; append-only, and kept when a lead is gone. `other_id` is the lead
that became part of `lead_id`, or that was taken out of it."""

shared_keys = Table(
    "shared_keys",
    metadata,
    _id("company_id"),
    _text("kind"),
    _text("value"),
    _at("happened_at"),
    PrimaryKeyConstraint("company_id", "kind", "value"),
    _of_company(),
)
"""Numbers, addresses and visitor ids that several people use: they say of nobody who it is."""

lead_partings = Table(
    "lead_partings",
    metadata,
    _id("company_id"),
    _id("lead_id"),
    _id("other_id"),
    PrimaryKeyConstraint("company_id", "lead_id", "other_id"),
    _belongs("lead_id", "leads"),
    Index("ix_lead_partings_other", "company_id", "other_id"),
)
"""Two leads that a person said are two people: nothing joins them again by itself."""

chores = Table(
    "chores",
    metadata,
    _id("company_id"),
    _text("name"),
    _at("due_at"),
    PrimaryKeyConstraint("company_id", "name"),
    _of_company(),
)
"""Work that comes due by itself; whoever moves `due_at` on does it."""

channel_worth = Table(
    "channel_worth",
    metadata,
    _id("company_id"),
    _text("channel"),
    Column("worth", Float, nullable=False),
    _at("learned_at"),
    PrimaryKeyConstraint("company_id", "channel"),
    _of_company(),
)
"""The share of the company's leads that would be lost without a channel (`attribution/markov.py`)."""

ad_accounts = Table(
    "ad_accounts",
    metadata,
    _id("company_id"),
    _text("platform"),
    _text("customer_id"),
    _text("credentials"),
    _at("created_at"),
    _at("asked_at", nullable=True),
    _text("trouble", nullable=True),
    _at("costs_asked_at", nullable=True),
    _text("costs_trouble", nullable=True),
    _id("grant_id", nullable=True),
    PrimaryKeyConstraint("company_id", "platform", "customer_id"),
    _of_company(),
)
"""Accounts at ad platforms; credentials are sealed. `trouble` is why the last question failed, if it did."""

curves = Table(
    "curves",
    metadata,
    _id("company_id"),
    Column("version", Integer, nullable=False),
    _at("learned_at"),
    Column("calls", Integer, nullable=False),
    Column("learned", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "version"),
    _of_company(),
)
"""What was learned of how often the company's visitors call; each night a new version."""

call_evidence = Table(
    "call_evidence",
    metadata,
    _id("company_id"),
    _id("call_id"),
    _at("happened_at"),
    Column("version", Integer, nullable=False),
    Column("evidence", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "call_id"),
    _belongs("call_id", "calls"),
    Index("ix_call_evidence_happened", "company_id", "happened_at"),
)
"""What was known of a call's candidates when it arrived, so that a recompute weighs the same facts; `version` is
the curve that weighed them last."""

attribution_changes = Table(
    "attribution_changes",
    metadata,
    _id("company_id"),
    _id("change_id"),
    _id("call_id"),
    _at("happened_at"),
    _text("actor"),
    Column("version", Integer, nullable=False),
    Column("was", Json, nullable=False),
    Column("became", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "change_id"),
    _belongs("call_id", "calls"),
    Index("ix_attribution_changes_call", "company_id", "call_id"),
)
"""Attributions of calls that had ended, which came out differently afterwards; append-only."""

match_verdicts = Table(
    "match_verdicts",
    metadata,
    _id("company_id"),
    _id("call_id"),
    _id("session_id"),
    Column("is_right", Boolean, nullable=False),
    Column("confidence", Float, nullable=False),
    _text("actor"),
    _at("happened_at"),
    Column("was_nobody", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("company_id", "call_id"),
    _belongs("call_id", "calls"),
)
"""A person's word on whether the visit that a call is credited to really made it, and how sure we were then. Where
the answer was that nobody from the site called, `session_id` is empty. `was_nobody`: the person says so."""

access_grants = Table(
    "access_grants",
    metadata,
    _id("company_id"),
    _id("grant_id"),
    _text("provider"),
    _text("name"),
    _text("client_id"),
    _text("credentials"),
    Column("scopes", Json, nullable=False),
    Column("granted", Json, nullable=False),
    Column("addresses", Json, nullable=False),
    Column("facts", Json, nullable=False),
    _at("created_at"),
    _at("signed_in_at", nullable=True),
    _at("checked_at", nullable=True),
    _text("trouble", nullable=True),
    PrimaryKeyConstraint("company_id", "grant_id"),
    _of_company(),
)
"""What somebody agreed to by signing in at a platform; credentials (the client's secret, the refresh token) are
sealed. `trouble` is why it did not hold when it was looked at last."""

token_loans = Table(
    "token_loans",
    metadata,
    _id("company_id"),
    _id("kept_by"),
    _at("until_at"),
    PrimaryKeyConstraint("company_id", "kept_by"),
    _of_company(),
)
"""Whose refresh token some process has to itself, and until when at most; `kept_by` is the ID of a grant or a
destination."""

destinations = Table(
    "destinations",
    metadata,
    _id("company_id"),
    _id("destination_id"),
    _text("kind"),
    _text("name"),
    Column("settings", Json, nullable=False),
    _text("credentials"),
    Column("rule", Json, nullable=False),
    Column("is_on", Boolean, nullable=False),
    _at("created_at"),
    Column("failures", Integer, nullable=False, server_default="0"),
    _at("closed_until", nullable=True),
    _text("trouble", nullable=True),
    _id("grant_id", nullable=True),
    _at("alerted_at", nullable=True),
    PrimaryKeyConstraint("company_id", "destination_id"),
    _of_company(),
)
"""Whom to tell of conversions; credentials are sealed. `failures` are in a row; `trouble` is the last's words.
`grant_id` says which grant fills its credentials, if one does. People were written to at `alerted_at` that it
fails; it is empty again when all is well."""

conversions = Table(
    "conversions",
    metadata,
    _id("company_id"),
    _id("destination_id"),
    _text("kind"),
    _id("contact_id"),
    _id("conversion_id"),
    Column("counts", Boolean, nullable=False),
    Column("value_cents", BigInteger),
    _at("said_at"),
    PrimaryKeyConstraint("company_id", "destination_id", "kind", "contact_id"),
    _belongs("destination_id", "destinations"),
    Index("ix_conversions_contact", "company_id", "kind", "contact_id"),
)
"""What was last put in the outbox for a destination about a contact: a call's or a form's id."""

deliveries = Table(
    "deliveries",
    metadata,
    _id("company_id"),
    _id("delivery_id"),
    _id("destination_id"),
    _text("order_key"),
    _text("saying"),
    _id("conversion_id"),
    _text("kind"),
    _id("contact_id"),
    Column("message", Json, nullable=False),
    _text("state"),
    _at("said_at"),
    _at("due_at"),
    _at("again_at", nullable=True),
    Column("attempts", Integer, nullable=False),
    _at("ended_at", nullable=True),
    _text("words", nullable=True),
    _text("receipt", nullable=True),
    _at("ask_at", nullable=True),
    PrimaryKeyConstraint("company_id", "delivery_id"),
    _belongs("destination_id", "destinations"),
    Index(
        "ix_deliveries_due",
        "company_id",
        "destination_id",
        "due_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_deliveries_order",
        "company_id",
        "destination_id",
        "order_key",
        "delivery_id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index("ix_deliveries_contact", "company_id", "kind", "contact_id"),
    Index(
        "ix_deliveries_ask",
        "company_id",
        "ask_at",
        sqlite_where=text("ask_at IS NOT NULL"),
        postgresql_where=text("ask_at IS NOT NULL"),
    ),
)
"""The outbox: what destinations are to be told, in the order of the ids for each `order_key` (a lead).

What somebody wanted sent once more was put in again at `again_at`.
What was taken with a `receipt` is asked after at `ask_at`."""

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    _id("company_id"),
    _id("delivery_id"),
    Column("attempt", Integer, nullable=False),
    _at("happened_at"),
    _text("outcome"),
    _text("words"),
    PrimaryKeyConstraint("company_id", "delivery_id", "attempt"),
    _belongs("delivery_id", "deliveries"),
)
"""Every try to tell, and what was answered; append-only."""

feeds = Table(
    "feeds",
    metadata,
    _id("company_id"),
    _id("destination_id"),
    _text("password_hash"),
    _at("made_at"),
    _at("fetched_at", nullable=True),
    PrimaryKeyConstraint("company_id", "destination_id"),
    _belongs("destination_id", "destinations"),
    Index("ix_feeds_destination", "destination_id"),
)
"""The passwords of destinations that come and fetch files, and when they last did."""

recording_policies = Table(
    "recording_policies",
    metadata,
    _id("company_id"),
    Column("number", E164, nullable=False),
    _text("mode"),
    _text("notice"),
    _text("question"),
    PrimaryKeyConstraint("company_id", "number"),
    _of_company(),
)
"""Whether calls to a number are recorded, and what is said first; an empty number stands for all others."""

recording_keeping = Table(
    "recording_keeping",
    metadata,
    _id("company_id"),
    Column("talk_days", Integer, nullable=False),
    Column("message_days", Integer, nullable=False),
    Column("transcript_days", Integer, nullable=False),
    Column("deletes_at_carrier", Boolean, nullable=False),
    PrimaryKeyConstraint("company_id"),
    _of_company(),
)
"""How long recordings of talks, messages and transcripts are kept, in days."""

recordings = Table(
    "recordings",
    metadata,
    _id("company_id"),
    _id("recording_id"),
    _id("call_id"),
    _id("carrier_id"),
    _text("recording_ref"),
    _text("kind"),
    _text("state"),
    _at("told_at"),
    _at("due_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _text("trouble", nullable=True),
    _at("kept_at", nullable=True),
    _text("file_key", nullable=True),
    _text("media_type", nullable=True),
    Column("size_bytes", BigInteger),
    Column("seconds", Float),
    Column("waveform", Json),
    Column("turns", Json),
    Column("silenced", Json),
    Column("at_carrier", Boolean, nullable=False),
    _at("gone_at", nullable=True),
    _text("gone_because", nullable=True),
    PrimaryKeyConstraint("company_id", "recording_id"),
    _belongs("call_id", "calls"),
    Index("ux_recordings_ref", "company_id", "carrier_id", "recording_ref", unique=True),
    Index("ix_recordings_call", "company_id", "call_id"),
    Index("ix_recordings_due", "company_id", "state", "due_at"),
)
"""What carriers recorded of talks and messages: still to be fetched (`due`), kept in a file that only `file_key`
(sealed) opens, not to be had (`failed`), or gone. `due_at` is also when a kept one is to be deleted."""

transcripts = Table(
    "transcripts",
    metadata,
    _id("company_id"),
    _id("recording_id"),
    _id("call_id"),
    _text("state"),
    _at("due_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _text("trouble", nullable=True),
    _at("made_at", nullable=True),
    _text("sealed", nullable=True),
    _at("spotted_at", nullable=True),
    PrimaryKeyConstraint("company_id", "recording_id"),
    _belongs("recording_id", "recordings"),
    Index("ix_transcripts_call", "company_id", "call_id"),
    Index("ix_transcripts_due", "company_id", "state", "due_at"),
)
"""What was said in recordings: to be written down (`due`, claimed by moving `due_at`), kept (only the
installation's key opens `sealed`), or not to be had. They go with their recording. At `spotted_at` phrases were
looked for."""

transcript_words = Table(
    "transcript_words",
    metadata,
    _id("company_id"),
    Column("token", BigInteger, nullable=False),
    _id("recording_id"),
    _id("call_id"),
    PrimaryKeyConstraint("company_id", "token", "recording_id"),
    _belongs("recording_id", "recordings"),
    Index("ix_transcript_words_recording", "company_id", "recording_id"),
)
"""Which words were said in which recording; a token is a keyed hash of the word, so that none can be read here."""

phrase_hits = Table(
    "phrase_hits",
    metadata,
    _id("company_id"),
    _id("recording_id"),
    _text("phrase"),
    _id("call_id"),
    Column("hit", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "recording_id", "phrase"),
    _belongs("recording_id", "recordings"),
    Index("ix_phrase_hits_call", "company_id", "call_id"),
    Index("ix_phrase_hits_phrase", "company_id", "phrase", "call_id"),
)
"""Which of the phrases were said in which recording, by whom and when (`calls/phrases.py`)."""

audit_entries = Table(
    "audit_entries",
    metadata,
    _id("company_id"),
    _id("entry_id"),
    _at("happened_at"),
    _text("actor"),
    _text("act"),
    _text("subject"),
    PrimaryKeyConstraint("company_id", "entry_id"),
    _of_company(),
    Index("ix_audit_entries_subject", "company_id", "subject", "entry_id"),
)
"""Who saw, heard or deleted what: `act` is a word such as `heard`, `subject` the id of what it was done to."""

message_mail = Table(
    "message_mail",
    metadata,
    _id("company_id"),
    Column("addresses", Json, nullable=False),
    Column("attaches", Boolean, nullable=False),
    PrimaryKeyConstraint("company_id"),
    _of_company(),
)
"""Who gets an e-mail of each message that a caller leaves, and whether the sound goes with it or a link does."""

emails = Table(
    "emails",
    metadata,
    _id("company_id"),
    _id("email_id"),
    _text("about"),
    _text("recipient"),
    _text("subject"),
    _text("plain"),
    _text("html"),
    _id("recording_id", nullable=True),
    _text("state"),
    _at("written_at"),
    _at("due_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _at("ended_at", nullable=True),
    _text("words", nullable=True),
    Column("attachment", LargeBinary),
    _text("attachment_name", nullable=True),
    _text("stop_address", nullable=True),
    _text("sealed", nullable=True),
    PrimaryKeyConstraint("company_id", "email_id"),
    _of_company(),
    Index("ux_emails_about", "company_id", "about", "recipient", unique=True),
    Index("ix_emails_due", "company_id", "state", "due_at"),
)
"""The outbox of e-mails, written with what caused them; `recording_id` is the sound to attach, `words` the mail
server's own. A letter is claimed by moving its `due_at`, and ends as sent or failed. `attachment` is a PDF
until it is sent, `stop_address` is where its recipient says that they want no more. What opens a door stands in
`sealed` instead of `plain` and `html`, until it is over."""

saved_views = Table(
    "saved_views",
    metadata,
    _id("company_id"),
    _id("view_id"),
    _id("user_id", nullable=True),
    _text("name"),
    _text("address"),
    Column("is_shared", Boolean, nullable=False),
    _at("created_at"),
    PrimaryKeyConstraint("company_id", "view_id"),
    _of_company(),
)
"""Reports that somebody gave a name: `address` is path and query, `user_id` whose they are; null for a key's."""

annotations = Table(
    "annotations",
    metadata,
    _id("company_id"),
    _id("annotation_id"),
    Column("day", String(10), nullable=False),
    _text("text"),
    _text("made_by"),
    _at("created_at"),
    PrimaryKeyConstraint("company_id", "annotation_id"),
    _of_company(),
    Index("ix_annotations_day", "company_id", "day"),
)
"""What happened on a day of the company's calendar (ISO 8601), for its reports."""

report_schedules = Table(
    "report_schedules",
    metadata,
    _id("company_id"),
    _id("schedule_id"),
    _id("view_id"),
    _text("cadence"),
    Column("hour", Integer, nullable=False),
    _at("due_at"),
    _text("made_by"),
    _at("created_at"),
    _text("trouble", nullable=True),
    PrimaryKeyConstraint("company_id", "schedule_id"),
    _belongs("view_id", "saved_views"),
    Index("ix_report_schedules_due", "company_id", "due_at"),
)
"""When saved reports are e-mailed: claimed by moving `due_at` from what it was found to be."""

report_recipients = Table(
    "report_recipients",
    metadata,
    _id("company_id"),
    _id("schedule_id"),
    _text("address"),
    _at("stopped_at", nullable=True),
    PrimaryKeyConstraint("company_id", "schedule_id", "address"),
    _belongs("schedule_id", "report_schedules"),
)
"""Who is sent them, until `stopped_at`, when they said that they want no more."""

report_shares = Table(
    "report_shares",
    metadata,
    _id("company_id"),
    _id("share_id"),
    _id("view_id"),
    _text("secret_hash"),
    _text("password_hash", nullable=True),
    _text("made_by"),
    _at("created_at"),
    _at("ends_at"),
    _at("revoked_at", nullable=True),
    _at("opened_at", nullable=True),
    PrimaryKeyConstraint("company_id", "share_id"),
    _belongs("view_id", "saved_views"),
    Index("ix_report_shares_secret", "secret_hash"),
)
"""Links with which somebody without a log-in sees one saved report; the secret itself is not kept."""

text_replies = Table(
    "text_replies",
    metadata,
    _id("company_id"),
    Column("number", E164, nullable=False),
    _text("text"),
    PrimaryKeyConstraint("company_id", "number"),
    _of_company(),
)
"""What callers whom nobody answered are written; an empty number stands for all others, no text for nothing."""

text_stops = Table(
    "text_stops",
    metadata,
    _id("company_id"),
    Column("number", E164, nullable=False),
    _at("stopped_at"),
    PrimaryKeyConstraint("company_id", "number"),
    _of_company(),
)
"""Who wants no text messages of the company's."""

text_messages = Table(
    "text_messages",
    metadata,
    _id("company_id"),
    _id("message_id"),
    _id("carrier_id"),
    _id("call_id", nullable=True),
    _text("about"),
    Column("sender", E164, nullable=False),
    Column("recipient", E164, nullable=False),
    _text("body"),
    _text("state"),
    _at("written_at"),
    _at("due_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _text("words", nullable=True),
    _text("carrier_ref", nullable=True),
    PrimaryKeyConstraint("company_id", "message_id"),
    _of_company(),
    Index("ix_text_messages_due", "company_id", "state", "due_at"),
    Index("ix_text_messages_recipient", "company_id", "recipient", "written_at"),
    Index("ux_text_messages_about", "company_id", "about", unique=True),
)
"""Text messages: ours, written with the end of the missed call that they answer, and those that come in.

`about` keeps one from being written twice: the call, or the carrier's own id. One that is being sent when the
process dies is not sent again, for nobody knows whether it went out."""

costs = Table(
    "costs",
    metadata,
    _id("company_id"),
    _text("feed"),
    Column("day", String(10), nullable=False),
    Column("line", Integer, nullable=False),
    _text("channel"),
    _text("source"),
    _text("medium"),
    _text("campaign"),
    _text("campaign_id"),
    _text("ad_group"),
    _text("keyword"),
    Column("micros", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("clicks", BigInteger, nullable=False),
    Column("impressions", BigInteger, nullable=False),
    _at("told_at"),
    PrimaryKeyConstraint("company_id", "feed", "day", "line"),
    _of_company(),
    Index("ix_costs_day", "company_id", "day"),
)
"""What advertising cost, a line for each thing that a day (ISO 8601, the account's own) was told apart by. A feed
replaces a day always whole, so that a file may come again."""

cost_layouts = Table(
    "cost_layouts",
    metadata,
    _id("company_id"),
    _text("signature"),
    Column("layout", Json, nullable=False),
    _at("kept_at"),
    PrimaryKeyConstraint("company_id", "signature"),
    _of_company(),
)
"""How a person said that files with these headings are read."""

cost_drafts = Table(
    "cost_drafts",
    metadata,
    _id("company_id"),
    _id("draft_id"),
    _text("name"),
    _text("content"),
    _at("sent_at"),
    PrimaryKeyConstraint("company_id", "draft_id"),
    _of_company(),
)
"""Files (base64) that somebody sent and still looks at before they count."""

cost_campaigns = Table(
    "cost_campaigns",
    metadata,
    _id("company_id"),
    _text("campaign"),
    _text("visited_as"),
    PrimaryKeyConstraint("company_id", "campaign"),
    _of_company(),
)
"""What visits call a campaign that the platform names otherwise."""

exchange_rates = Table(
    "exchange_rates",
    metadata,
    _id("company_id"),
    Column("day", String(10), nullable=False),
    Column("base", String(3), nullable=False),
    Column("quote", String(3), nullable=False),
    _text("worth"),
    PrimaryKeyConstraint("company_id", "base", "quote", "day"),
    _of_company(),
)
"""What one unit of `base` was worth in `quote` on a day, as a decimal text."""

sounds = Table(
    "sounds",
    metadata,
    _id("company_id"),
    _id("sound_id"),
    _text("name"),
    Column("content", LargeBinary, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("seconds", Float, nullable=False),
    _at("created_at"),
    _at("changed_at"),
    PrimaryKeyConstraint("company_id", "sound_id"),
    _of_company(),
    Index("ix_sounds_name", "company_id", "name", unique=True),
)
"""Sounds that flows play to callers: a WAV file for telephones each, under the name by which steps call it."""
