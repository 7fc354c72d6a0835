"""Carriers, what they tell of calls, and what happens when it rings."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    false,
    literal_column,
)

from swapboard.storage.tables.columns import (
    E164,
    Json,
    at_column,
    belongs,
    id_column,
    metadata,
    of_company,
    text_column,
)

carriers = Table(
    "carriers",
    metadata,
    id_column("company_id"),
    id_column("carrier_id"),
    text_column("kind"),
    text_column("name"),
    text_column("credentials"),
    at_column("created_at"),
    at_column("listed_until_at", nullable=True),
    PrimaryKeyConstraint("company_id", "carrier_id"),
    of_company(),
)

carrier_events = Table(
    "carrier_events",
    metadata,
    id_column("company_id"),
    id_column("carrier_id"),
    text_column("call_ref"),
    text_column("leg_ref"),
    text_column("kind"),
    Column("sequence", Integer, nullable=False),
    at_column("happened_at"),
    at_column("received_at"),
    Column("facts", Json, nullable=False),
    Column("raw", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "carrier_id", "call_ref", "leg_ref", "kind", "sequence"),
)
"""What carriers told us, append-only; the primary key makes a repeated event one row."""

calls = Table(
    "calls",
    metadata,
    id_column("company_id"),
    id_column("call_id"),
    id_column("carrier_id"),
    text_column("call_ref"),
    id_column("number_id", nullable=True),
    Column("tracking_number", E164),
    Column("destination", E164),
    Column("caller_number", E164),
    Column("caller_withheld", Boolean, nullable=False),
    text_column("caller_name", nullable=True),
    text_column("caller_place", nullable=True),
    text_column("status"),
    at_column("started_at"),
    at_column("answered_at", nullable=True),
    at_column("ended_at", nullable=True),
    Column("ring_seconds", Integer),
    Column("talk_seconds", Integer),
    Column("first_time_caller", Boolean, nullable=False),
    Column("tags", Json, nullable=False),
    text_column("attribution_kind"),
    Column("confidence", Float),
    id_column("session_id", nullable=True),
    id_column("visitor_id", nullable=True),
    text_column("channel", nullable=True),
    text_column("source", nullable=True),
    text_column("medium", nullable=True),
    text_column("campaign", nullable=True),
    text_column("keyword", nullable=True),
    text_column("landing_page", nullable=True),
    text_column("referrer", nullable=True),
    text_column("ad_group", nullable=True),
    text_column("ad", nullable=True),
    text_column("device", nullable=True),
    Column("own_millionths", Integer, nullable=False, server_default="1000000"),
    Column("nobodys_millionths", Integer, nullable=False, server_default="0"),
    Column("click_ids", Json, nullable=False),
    text_column("search_text"),
    Column("value_cents", BigInteger),
    Column("qualified", Boolean),
    Column("greeting_seconds", Integer),
    Column("voicemail_seconds", Integer),
    text_column("recording_ref", nullable=True),
    Column("flow_path", Json),
    Column("attestation", String(8)),
    Column("is_spam", Boolean, nullable=False, server_default=false()),
    Column("spam_score", Float),
    Column("spam_reasons", Json),
    Column("spam_said", Boolean),
    Column("begins_lead", Boolean, nullable=False, server_default=false()),
    Column("changes", Integer, nullable=False, server_default="0", onupdate=literal_column("calls.changes + 1")),
    PrimaryKeyConstraint("company_id", "call_id"),
    of_company(),
    Index("ux_calls_ref", "company_id", "carrier_id", "call_ref", unique=True),
    Index("ix_calls_started", "company_id", "started_at", "call_id", "changes"),
    Index("ix_calls_caller", "company_id", "caller_number", "started_at"),
    Index("ix_calls_session", "company_id", "session_id"),
    Index("ix_calls_visitor", "company_id", "visitor_id"),
)
"""Calls as folded from `carrier_events`; `search_text` is what the call list's search looks in. Spam counts
nowhere; `spam_said` is a person's word, which stands above the score (`calls/spam.py`). With one that
`begins_lead` somebody got in touch for the first time (`leads/beginning.py`). Counted by probability, so much of a
call is what stands here, and so much nobody's from the site (`attribution/call_shares.py`). `changes` grows with
each change of a call or of its candidates, so that who has counted some calls knows whether that still holds
(`reports/call_sums.py`)."""

spam_policies = Table(
    "spam_policies",
    metadata,
    id_column("company_id"),
    Column("policy", Json, nullable=False),
    PrimaryKeyConstraint("company_id"),
    of_company(),
)
"""What a company does about spam, where it is not the default (`calls/spam.py`)."""

caller_words = Table(
    "caller_words",
    metadata,
    id_column("company_id"),
    id_column("word_id"),
    Column("pattern", E164, nullable=False),
    text_column("word"),
    text_column("note"),
    text_column("actor"),
    at_column("created_at"),
    PrimaryKeyConstraint("company_id", "word_id"),
    of_company(),
    Index("ux_caller_words_pattern", "company_id", "pattern", unique=True),
)
"""What people said of callers: `block` or `allow`, of a number or of all that begin so (`+1900*`)."""

call_judgements = Table(
    "call_judgements",
    metadata,
    id_column("company_id"),
    id_column("call_id"),
    Column("judgement", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "call_id"),
    belongs("call_id", "calls"),
)
"""Who said what of a call, and why (`calls/judgement.py`); what holds of it stands on the call."""

lead_rules = Table(
    "lead_rules",
    metadata,
    id_column("company_id"),
    id_column("rule_id"),
    Column("position", Integer, nullable=False),
    text_column("name"),
    Column("conditions", Json, nullable=False),
    Column("outcome", Json, nullable=False),
    Column("is_on", Boolean, nullable=False),
    at_column("created_at"),
    PrimaryKeyConstraint("company_id", "rule_id"),
    of_company(),
)
"""Which calls are good leads: `calls/lead_rules.py` as JSON, in the order of their positions."""

flows = Table(
    "flows",
    metadata,
    id_column("company_id"),
    id_column("flow_id"),
    text_column("name"),
    Column("document", Json, nullable=False),
    at_column("created_at"),
    Column("turn", BigInteger, nullable=False, server_default="0"),
    PrimaryKeyConstraint("company_id", "flow_id"),
    of_company(),
)
"""What happens to a call: `calls/nodes.py` as JSON; `turn` says how often its round robins have rung."""

flow_lines = Table(
    "flow_lines",
    metadata,
    id_column("company_id"),
    Column("number", E164, nullable=False),
    id_column("flow_id"),
    PrimaryKeyConstraint("company_id", "number"),
    belongs("flow_id", "flows"),
)
"""Which flow a call takes: by the tracking number that was dialled, or the swap target that it stands for."""

call_legs = Table(
    "call_legs",
    metadata,
    id_column("company_id"),
    id_column("call_id"),
    text_column("leg_ref"),
    Column("number", E164),
    text_column("status"),
    at_column("started_at"),
    at_column("answered_at", nullable=True),
    at_column("ended_at", nullable=True),
    PrimaryKeyConstraint("company_id", "call_id", "leg_ref"),
    belongs("call_id", "calls"),
)

sounds = Table(
    "sounds",
    metadata,
    id_column("company_id"),
    id_column("sound_id"),
    text_column("name"),
    Column("content", LargeBinary, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("seconds", Float, nullable=False),
    at_column("created_at"),
    at_column("changed_at"),
    PrimaryKeyConstraint("company_id", "sound_id"),
    of_company(),
    Index("ix_sounds_name", "company_id", "name", unique=True),
)
"""Sounds that flows play to callers: a WAV file for telephones each, under the name by which steps call it."""
