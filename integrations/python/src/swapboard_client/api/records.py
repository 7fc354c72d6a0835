"""What the API takes and gives, as it stands in JSON."""

# Written by `make clients` from the API's OpenAPI document; do not change it by hand.

from typing import Any, Literal, NotRequired, TypedDict, Union

Act = Literal[
    "heard",
    "read",
    "deleted",
    "exported",
    "forgot_caller",
    "paused",
    "resumed",
    "signed_in",
    "signed_out",
    "shared",
    "revoked_link",
    "opened_link",
    "invited",
    "withdrew",
    "joined",
    "role_changed",
    "removed",
    "left",
    "changed",
    "made_key",
    "revoked_key",
    "ended_log_ins",
    "made_passkey",
    "removed_passkey",
    "second_step_on",
    "second_step_off",
    "changed_password",
]
Action = Literal["activate", "pause", "quarantine", "release", "assign"]


class ActionMessage(TypedDict):
    """What to do with numbers: with all, or with none. `assign` takes pool_id or target_id."""

    action: "Action"
    number_ids: list[str]
    pool_id: NotRequired[str | None]
    target_id: NotRequired[str | None]


class AdAccountDocument(TypedDict):
    """An account, without what opens it."""

    platform: str
    account: str
    grant: str | None
    asked_at: str | None
    trouble: str | None


class AdAccountPage(TypedDict):
    """AdAccountPage."""

    data: list["AdAccountDocument"]
    next_cursor: str | None


class AdviceDocument(TypedDict):
    """What the visits of the last four weeks advise."""

    recommended: int
    visits: int
    visits_per_hour: float
    live_minutes: float
    sizes: list["PoolSizeDocument"]


class AgentDocument(TypedDict):
    """A phone (empty where it is not known), and the calls that rang it."""

    number: str
    rang: int
    answered: int
    ring_seconds: int
    talk_seconds: int
    before: dict[str, int]


class AgentsDocument(TypedDict):
    """A call that rang several phones counts at each."""

    days: "DaysDocument"
    agents: list["AgentDocument"]


class AgreementDocument(TypedDict):
    """Day by day, the latest first; days with nothing on either side are left out."""

    destination_id: str
    by_click: bool
    heading: str | None
    can_be_asked: bool
    asked_at: str | None
    trouble: str | None
    days: list["ComparedDocument"]


class AnnotationChange(TypedDict):
    """What to change; a field that is left out stays."""

    day: NotRequired[str]
    text: NotRequired[str]


class AnnotationDocument(TypedDict):
    """A note on a day."""

    id: str
    company_id: str
    day: str
    text: str
    made_by: str
    created_at: str


class AnnotationPage(TypedDict):
    """AnnotationPage."""

    data: list["AnnotationDocument"]
    next_cursor: str | None


class Answer(TypedDict):
    """What a key in a survey means."""

    tag: NotRequired[str]
    qualified: NotRequired[bool | None]


Answered = Literal["first", "second", "none"]
Asked = Literal["channel", "source", "medium", "campaign", "keyword"]


class AttemptDocument(TypedDict):
    """One try."""

    attempt: int
    happened_at: str
    outcome: str
    words: str


class AttributionDocument(TypedDict):
    """What the call is credited to, with how sure that is."""

    kind: str
    confidence: float | None
    session_id: str | None
    visitor_id: str | None
    channel: str | None
    source: str | None
    medium: str | None
    campaign: str | None
    keyword: str | None
    landing_page: str | None
    referrer: str | None
    click_ids: dict[str, str]
    candidates: list["CandidateDocument"]


class AutoScaleChange(TypedDict):
    """What auto-scale may do with a pool; what is left out stays. The first time all limits are needed."""

    on: NotRequired[bool]
    floor: NotRequired[int]
    ceiling: NotRequired[int]
    budget_cents: NotRequired[int]
    number_cents: NotRequired[int]


class AutoScaleDocument(TypedDict):
    """A pool's auto-scale; the limits are null until they are set."""

    on: bool
    floor: int | None
    ceiling: int | None
    budget_cents: int | None
    number_cents: int | None
    committed_cents: int
    needed: int | None
    held_by: Union["Limit", None]
    trouble: str | None
    retry_at: str | None
    days: list["DayDocument"]


Because = Literal["retention", "forgotten", "deleted"]


class BecauseDocument(TypedDict):
    """The rule that decided, and why it fits."""

    rule: str
    reasons: list["JudgementsReasonDocument"]


class BinDocument(TypedDict):
    """The calls of one tenth of confidence."""

    calls: int
    confidence: float
    right: float


class Branch(TypedDict):
    """Go by the visit that made the call: the first case that fits, else `otherwise`."""

    kind: Literal["branch"]
    cases: NotRequired[list["Case"]]
    otherwise: NotRequired[str]


class BreakdownDocument(TypedDict):
    """All combinations that occur, those with most calls first."""

    days: "DaysDocument"
    counts_visits: bool
    lines: list["LineDocument"]
    total: "LineDocument"


By = Literal["person", "survey", "rules"]
Cadence = Literal["daily", "weekly", "monthly"]


class CalibrationDocument(TypedDict):
    """What tells afterwards who called, and what it says of our answers."""

    days: int
    proofs: list["ProvenDocument"]


class CallChange(TypedDict):
    """What a person says of a call; null takes it back."""

    tags: NotRequired[list[str] | None]
    value: NotRequired[float | None]
    qualified: NotRequired[bool | None]
    spam: NotRequired[bool | None]


class CallDocument(TypedDict):
    """A call."""

    id: str
    company_id: str
    started_at: str
    tracking_number: str | None
    destination: str | None
    caller: "CallerDocument"
    status: "Status"
    ring_seconds: int | None
    talk_seconds: int | None
    greeting_seconds: int | None
    voicemail_seconds: int | None
    flow_path: list[str]
    first_time_caller: bool
    recording: Union["RecordingDocument", None]
    recording_gone_because: Union["Because", None]
    tags: list[str]
    value: float | None
    qualified: bool | None
    judgement: "JudgementDocument"
    spam: "SpamDocument"
    attribution: "AttributionDocument"


class CallPage(TypedDict):
    """CallPage."""

    data: list["CallDocument"]
    next_cursor: str | None


class CallerDocument(TypedDict):
    """Who rang; a withheld number is null."""

    number: str | None
    withheld: bool
    name: str | None
    place: str | None


class CallerWordDocument(TypedDict):
    """What was said of a number, or of all that begin so."""

    id: str
    company_id: str
    pattern: str
    word: "Word"
    note: str
    by: str
    created_at: str


class CallerWordPage(TypedDict):
    """CallerWordPage."""

    data: list["CallerWordDocument"]
    next_cursor: str | None


class CampaignName(TypedDict):
    """What visits call a campaign."""

    campaign: str
    visited_as: str


class CandidateDocument(TypedDict):
    """A session that may have made the call."""

    session_id: str
    probability: float


class CarrierChange(TypedDict):
    """What to change; a secret that is left out of `credentials` stays as it is."""

    name: NotRequired[str]
    credentials: NotRequired[dict[str, str]]


class CarrierDocument(TypedDict):
    """An account at a carrier."""

    id: str
    company_id: str
    kind: str
    name: str
    credentials: dict[str, str]
    voice_url: str | None
    status_url: str | None
    created_at: str


class CarrierKindDocument(TypedDict):
    """A carrier that can be connected."""

    kind: str
    name: str
    credentials: list["CredentialDocument"]


class CarrierKindPage(TypedDict):
    """CarrierKindPage."""

    data: list["CarrierKindDocument"]
    next_cursor: str | None


class CarrierPage(TypedDict):
    """CarrierPage."""

    data: list["CarrierDocument"]
    next_cursor: str | None


class Case(TypedDict):
    """When the fact is this text, or begins or ends as `*` says, in capitals or not."""

    asked: NotRequired["Asked"]
    value: NotRequired[str]
    then: NotRequired[str]


class ChangeDocument(TypedDict):
    """A call that was credited differently after it had ended."""

    id: str
    call_id: str
    at: str
    by: str
    version: int
    was: "RecomputesCreditDocument"
    became: "RecomputesCreditDocument"


class ChangePage(TypedDict):
    """ChangePage."""

    data: list["ChangeDocument"]
    next_cursor: str | None


class ChannelDocument(TypedDict):
    """A channel's leads, by each way of counting."""

    channel: str
    credit: dict[str, float]


class ChannelsDocument(TypedDict):
    """Every lead given away once in each column."""

    leads: int
    by: "CountedBy"
    channels: list["ChannelDocument"]


Column = Literal[
    "day",
    "last_day",
    "cost",
    "currency",
    "campaign",
    "campaign_id",
    "ad_group",
    "keyword",
    "channel",
    "source",
    "medium",
    "clicks",
    "impressions",
]


class CompanyChange(TypedDict):
    """What to change; a field that is left out stays."""

    name: NotRequired[str]
    time_zone: NotRequired[str]
    country: NotRequired[str]
    default_destination: NotRequired[str | None]
    session_seconds: NotRequired[int]
    ring_timeout_seconds: NotRequired[int]
    look_back_days: NotRequired[int]
    quarantine_days: NotRequired[int]
    currency: NotRequired[str]
    colour: NotRequired[str | None]
    language: NotRequired[str | None]
    journal_days: NotRequired[int]
    visits_kept_days: NotRequired[int | None]
    contacts_kept_days: NotRequired[int | None]


class CompanyDocument(TypedDict):
    """A company."""

    id: str
    account_id: str
    name: str
    time_zone: str
    country: str
    default_destination: str | None
    session_seconds: int
    ring_timeout_seconds: int
    look_back_days: int
    quarantine_days: int
    currency: str
    colour: str | None
    language: str | None
    journal_days: int
    visits_kept_days: int | None
    contacts_kept_days: int | None
    created_at: str


class CompanyPage(TypedDict):
    """CompanyPage."""

    data: list["CompanyDocument"]
    next_cursor: str | None


class ComparedDocument(TypedDict):
    """One day."""

    day: str
    made: int
    told: int
    theirs: float | None
    difference: float | None
    reasons: list["DifferenceDocument"]


class Conditions(TypedDict):
    """What a call must be like; what is None or empty asks for nothing."""

    talk_seconds: NotRequired[int | None]
    talk_seconds_below: NotRequired[int | None]
    says: NotRequired[list[str]]
    never_says: NotRequired[list[str]]
    said_by: NotRequired["SaidBy"]
    first_time_caller: NotRequired[bool | None]
    outcomes: NotRequired[list["Status"]]
    channels: NotRequired[list[str]]
    campaigns: NotRequired[list[str]]
    numbers: NotRequired[list[str]]
    caller_share: NotRequired[float | None]
    score: NotRequired[int | None]


Consent = Literal["always", "wait", "cookieless"]


class ConsentNotice(TypedDict):
    """Tell the caller that the call is recorded; with `agree_key` they must press it, or go to `declined`."""

    kind: Literal["consent"]
    text: NotRequired[str]
    file: NotRequired[str]
    agree_key: NotRequired[str | None]
    then: NotRequired[str]
    declined: NotRequired[str]


class ContactDocument(TypedDict):
    """A call or a form of the lead."""

    kind: "ContactKind"
    id: str
    at: str


ContactKind = Literal["call", "form"]


class ContactRef(TypedDict):
    """A call or a form."""

    kind: "ContactKind"
    id: str


class CookieDocument(TypedDict):
    """Set it for the path `/`, readable by scripts: then the script on the page goes on with the session."""

    name: str
    value: str
    max_age: int
    domain: str | None


class CostDocument(TypedDict):
    """What one day of one campaign cost."""

    day: str
    micros: int
    currency: str
    campaign: NotRequired[str]
    campaign_id: NotRequired[str]
    ad_group: NotRequired[str]
    keyword: NotRequired[str]
    channel: NotRequired[str]
    source: NotRequired[str]
    medium: NotRequired[str]
    clicks: NotRequired[int]
    impressions: NotRequired[int]


class CostFileDocument(TypedDict):
    """How a file was read, and what it says."""

    feed: str
    headings: list[str]
    layout: "ReadLayoutDocument"
    was_known: bool
    lines: int
    totals: int
    faults: list[str]
    first_day: str | None
    last_day: str | None
    sums: list["SumDocument"]
    taken: bool
    replaced: int


class CostFilesFeedDocument(TypedDict):
    """What a feed has told so far."""

    feed: str
    first_day: str
    last_day: str
    days: int
    told_at: str


CountedBy = Literal["best_match", "probability"]


class CountedCallDocument(TypedDict):
    """A call, and how much of it counts there: less than 1 where calls are counted by probability."""

    call_id: str
    started_at: str
    share: int | float


class CountedCallsDocument(TypedDict):
    """The shares of all of them sum to the figure; of new people those who sent a form come to it."""

    days: "DaysDocument"
    calls: list["CountedCallDocument"]
    people_by_form: int | float


class CredentialDocument(TypedDict):
    """One thing that a carrier's account needs."""

    name: str
    label: str
    hint: str
    secret: bool
    required: bool
    choices: list[str]


Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class DayDocument(TypedDict):
    """A coming day: the visits expected, and the numbers that keep the promise on it."""

    starts_at: str
    visits: float
    numbers: int


DayKind = Literal["weekday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DaysDocument = TypedDict("DaysDocument", {"from": str, "to": str, "before_from": str, "before_to": str})
Declined = Literal["original", "channel_static"]


class DeedDocument(TypedDict):
    """What somebody did."""

    id: str
    company_id: str
    happened_at: str
    actor: str
    act: "Act"
    subject: str


class DeedPage(TypedDict):
    """DeedPage."""

    data: list["DeedDocument"]
    next_cursor: str | None


class DeliveredDocument(TypedDict):
    """A destination's messages of these days, and what counts there."""

    destination_id: str
    name: str
    sent: int
    waiting: int
    failed: int
    withheld: int
    conversions: int
    value_cents: int
    before: dict[str, int]


class DeliveriesDocument(TypedDict):
    """Each destination, by name."""

    days: "DaysDocument"
    destinations: list["DeliveredDocument"]


class DeliveryDocument(TypedDict):
    """One thing that a destination was told, or is to be told, of a call or a form."""

    id: str
    destination_id: str
    conversion_id: str
    says: str
    contact_kind: "ContactKind"
    contact_id: str
    value_cents: int | None
    currency: str
    state: "OutboxState"
    said_at: str
    due_at: str | None
    attempts: int
    ended_at: str | None
    words: str | None


class DeliveryPage(TypedDict):
    """DeliveryPage."""

    data: list["DeliveryDocument"]
    next_cursor: str | None


class DestinationChange(TypedDict):
    """What to change; a field that is left out stays, and so does a secret that is left out of `settings`."""

    name: NotRequired[str]
    settings: NotRequired[dict[str, str]]
    rule: NotRequired["RuleDocumentInput"]
    is_on: NotRequired[bool]
    grant_id: NotRequired[str | None]


class DestinationDocument(TypedDict):
    """A destination, and how it has been lately."""

    id: str
    company_id: str
    kind: str
    name: str
    settings: dict[str, str]
    rule: "DestinationDocumentsRuleDocument"
    is_on: bool
    grant_id: str | None
    created_at: str
    failures: int
    left_alone_until: str | None
    trouble: str | None
    alerted_at: str | None
    made: NotRequired[dict[str, str]]


class DestinationDocumentsRuleDocument(TypedDict):
    """What counts: every condition must be met."""

    calls: NotRequired[bool]
    forms: NotRequired[bool]
    answered: NotRequired[bool]
    least_talk_seconds: NotRequired[int]
    first_time_only: NotRequired[bool]
    qualified_only: NotRequired[bool]
    tags: NotRequired[list[str]]
    least_confidence: NotRequired[float]
    value_cents: NotRequired[int | None]
    tag_cents: NotRequired[dict[str, int]]
    events: NotRequired[list["Event"]]
    is_dry_run: NotRequired[bool]


class DestinationPage(TypedDict):
    """DestinationPage."""

    data: list["DestinationDocument"]
    next_cursor: str | None


class DestinationSecretsFeedDocument(TypedDict):
    """What opens the files, with a password that is shown this once."""

    user: str
    password: str
    files: list["FileDocument"]


class Dial(TypedDict):
    """Ring numbers, one after the other or all at once; `otherwise` when nobody takes the call."""

    kind: Literal["dial"]
    targets: NotRequired[list["Target"]]
    at_once: NotRequired[bool]
    whisper: NotRequired[str]
    press_1: NotRequired[bool]
    survey: NotRequired[str]
    then: NotRequired[str]
    otherwise: NotRequired[str]


class DifferenceDocument(TypedDict):
    """So many conversions, and why they are not there, or not on this day."""

    count: int
    words: str


Dimension = Literal[
    "channel",
    "source",
    "medium",
    "campaign",
    "keyword",
    "adgroup",
    "ad",
    "page",
    "referrer",
    "device",
    "place",
    "region",
    "number",
    "placement",
    "pool",
    "phone",
    "outcome",
]


class DryRunDocument(TypedDict):
    """The whole path, and how it ended."""

    flow_id: str
    moments: list["MomentDocument"]
    ending: "Ending"
    fault: str
    text: str


class EndCall(TypedDict):
    """Say good-bye, if there is anything to say, and hang up."""

    kind: Literal["hang_up"]
    text: NotRequired[str]
    file: NotRequired[str]


Ending = Literal["person", "voicemail", "hung_up", "rejected", "default"]
Event = Literal[
    "call.before_answer",
    "call.answered",
    "call.ended",
    "call.missed",
    "call.recording_ready",
    "call.transcript_ready",
    "call.attribution_changed",
    "call.changed",
    "call.forgotten",
]


class EventDocument(TypedDict):
    """Something the visitor did."""

    id: str | None
    at: str
    kind: "EventKind"
    url: str
    title: str
    properties: dict[str, Any]


EventKind = Literal["page", "tap", "copy", "form", "custom"]


class ExplainExplanationDocument(TypedDict):
    """What the visit would see in place of the target."""

    target: str
    outcome: "RulesOutcome"
    pool_id: str | None
    number: str | None
    rule_id: str | None
    because: str
    source: "SourceDocument"
    steps: list["StepDocument"]


class ExplanationPage(TypedDict):
    """ExplanationPage."""

    data: list["WhyExplanationDocument"]
    next_cursor: str | None


class FaultDocument(TypedDict):
    """One thing that is wrong: at `pointer` in the body, or at `parameter` of the address or the headers."""

    pointer: NotRequired[str | None]
    parameter: NotRequired[str | None]
    detail: str


class FeedPage(TypedDict):
    """FeedPage."""

    data: list["CostFilesFeedDocument"]
    next_cursor: str | None


Field = Literal[
    "channel",
    "source",
    "medium",
    "campaign",
    "keyword",
    "landing_page",
    "referrer",
    "click_id",
    "country",
    "region",
    "device",
    "visitor",
    "hour",
]


class FieldDocument(TypedDict):
    """One thing that a destination needs to know."""

    name: str
    label: str
    hint: str
    secret: bool
    required: bool
    choices: list[str]
    many: bool
    default: str


class FiguresDocument(TypedDict):
    """Spam counts in none of them."""

    calls: int | float
    first_time: int | float
    answered: int | float
    voicemail: int | float
    missed: int | float
    talk_seconds: int | float
    qualified: int | float
    value_cents: int | float
    leads: int | float
    forms: int | float
    visits: int | float


class FileDocument(TypedDict):
    """A file that is fetched."""

    label: str
    url: str


class FlowChange(TypedDict):
    """What to change; a field that is left out stays. Steps are given all together."""

    name: NotRequired[str]
    start: NotRequired[str]
    steps: NotRequired[
        dict[
            str,
            Union[
                "Greeting",
                "ConsentNotice",
                "Record",
                "Menu",
                "Gate",
                "Schedule",
                "Dial",
                "RoundRobin",
                "GeoRoute",
                "Branch",
                "Voicemail",
                "TagCall",
                "Survey",
                "EndCall",
                "Refuse",
            ],
        ]
    ]
    language: NotRequired[str]
    missed_text: NotRequired[str]
    numbers: NotRequired[list[str]]


class FlowDocument(TypedDict):
    """A flow."""

    id: str
    company_id: str
    name: str
    start: str
    steps: dict[
        str,
        Union[
            "Greeting",
            "ConsentNotice",
            "Record",
            "Menu",
            "Gate",
            "Schedule",
            "Dial",
            "RoundRobin",
            "GeoRoute",
            "Branch",
            "Voicemail",
            "TagCall",
            "Survey",
            "EndCall",
            "Refuse",
        ],
    ]
    language: str
    missed_text: str
    numbers: list[str]
    created_at: str


class FlowPage(TypedDict):
    """FlowPage."""

    data: list["FlowDocument"]
    next_cursor: str | None


class Forgotten(TypedDict):
    """What was forgotten."""

    calls: int
    texts: int


class ForgottenCaller(TypedDict):
    """Whoever called or wrote with this number."""

    number: str


class FormDocument(TypedDict):
    """A form as it was sent; only fields that the site allows are kept."""

    id: str
    company_id: str
    site_id: str
    session_id: str
    visitor_id: str
    sent_at: str
    name: str
    url: str
    fields: dict[str, str]


class FormPage(TypedDict):
    """FormPage."""

    data: list["FormDocument"]
    next_cursor: str | None


class Gate(TypedDict):
    """Let on only who presses 1, which machines do not; with `from_percent`, others than suspects are not asked."""

    kind: Literal["gate"]
    text: NotRequired[str]
    file: NotRequired[str]
    from_percent: NotRequired[int]
    wait_seconds: NotRequired[int]
    then: NotRequired[str]
    otherwise: NotRequired[str]


class GeoRoute(TypedDict):
    """Go by where the caller's number is from: a country (`GB`), a state (`US-NY`) or a beginning (`+1212`)."""

    kind: Literal["geo_route"]
    areas: NotRequired[dict[str, str]]
    otherwise: NotRequired[str]


class GrantChange(TypedDict):
    """What to change; another app or address takes signing in anew."""

    name: NotRequired[str]
    client_id: NotRequired[str]
    client_secret: NotRequired[str]
    uses: NotRequired[list[str]]
    addresses: NotRequired[dict[str, str]]


class GrantDocument(TypedDict):
    """An access, without its secrets."""

    id: str
    company_id: str
    provider: str
    name: str
    client_id: str
    uses: list[str]
    may_be_used_for: list[str]
    scopes: list[str]
    granted: list[str]
    refused: list[str]
    addresses: dict[str, str]
    redirect_url: str
    sign_in_url: str
    signed_in_at: str | None
    checked_at: str | None
    trouble: str | None
    created_at: str


class GrantPage(TypedDict):
    """GrantPage."""

    data: list["GrantDocument"]
    next_cursor: str | None


class Greeting(TypedDict):
    """Say something: a text, or a file: an https address, or `sound:NAME`, one of the company's own sounds."""

    kind: Literal["greeting"]
    text: NotRequired[str]
    file: NotRequired[str]
    then: NotRequired[str]


Ground = Literal[
    "talked",
    "talked_short",
    "said",
    "never_said",
    "first_call",
    "called_before",
    "outcome",
    "channel",
    "campaign",
    "number",
    "share",
    "score",
    "always",
]


class HitDocument(TypedDict):
    """A phrase that was said."""

    phrase: str
    heard: str
    counts: dict[str, int]
    first_at: dict[str, float]


class HoneypotDocument(TypedDict):
    """A number that nobody is shown: whoever rings it rings at random."""

    number_id: str
    number: str


class HoneypotPage(TypedDict):
    """HoneypotPage."""

    data: list["HoneypotDocument"]
    next_cursor: str | None


class Hours(TypedDict):
    """When a business is open; a day that is not named is closed."""

    time_zone: NotRequired[str]
    days: NotRequired[dict[str, list[str]]]
    holidays: NotRequired[list[str]]


class InvitationDocument(TypedDict):
    """An open invitation, without its link."""

    id: str
    company_id: str
    email: str
    role: "Role"
    invited_by: str
    invited_by_key_id: str | None
    created_at: str
    ends_at: str


class InvitationPage(TypedDict):
    """InvitationPage."""

    data: list["InvitationDocument"]
    next_cursor: str | None


class JoinOrder(TypedDict):
    """Another lead that is the same person."""

    lead_id: str


class JudgementDocument(TypedDict):
    """Whose word on the call holds, and how good a lead it sounds by itself."""

    qualified_by: Union["By", None]
    qualified_because: Union["BecauseDocument", None]
    value_by: Union["By", None]
    value_because: Union["BecauseDocument", None]
    score: Union["ScoreDocument", None]
    caller_share: float | None
    phrases: list[str]


class JudgementsReasonDocument(TypedDict):
    """One thing that speaks for a rule."""

    ground: "Ground"
    text: str
    number: float | None
    asked: float | None
    said_by: "SaidBy"
    at: float | None


class KeepingChange(TypedDict):
    """What to change; what is kept already is deleted by the new days, too."""

    talk_days: NotRequired[int]
    message_days: NotRequired[int]
    deletes_at_carrier: NotRequired[bool]


class KeepingDocument(TypedDict):
    """How long what was said is kept."""

    talk_days: int
    message_days: int
    deletes_at_carrier: bool


class KeptRates(TypedDict):
    """What came of it."""

    rates: int


class KeyChange(TypedDict):
    """What to change; a key's role, scopes and end stay what they were."""

    name: NotRequired[str]


class KeyDocument(TypedDict):
    """A key, without its secret."""

    id: str
    company_id: str
    name: str
    role: "Role"
    scopes: list[
        Literal[
            "read",
            "write",
            "read:calls",
            "write:calls",
            "read:visits",
            "write:visits",
            "read:reports",
            "write:reports",
            "read:conversions",
            "write:conversions",
            "read:numbers",
            "write:numbers",
            "read:setup",
            "write:setup",
            "read:people",
            "write:people",
        ]
    ]
    expires_at: str | None
    made_by: str
    made_by_key_id: str | None
    created_at: str
    last_used_at: str | None
    revoked_at: str | None


class KeyPage(TypedDict):
    """KeyPage."""

    data: list["KeyDocument"]
    next_cursor: str | None


Kind = Literal["talk", "message"]


class KindDocument(TypedDict):
    """A kind of destination."""

    kind: str
    name: str
    is_advertising: bool
    fields: list["FieldDocument"]
    hears: list["Event"]


class KindPage(TypedDict):
    """KindPage."""

    data: list["KindDocument"]
    next_cursor: str | None


class LayoutDocument(TypedDict):
    """How a file is read: the heading of each column, and what no column says."""

    columns: dict[str, str]
    platform: NotRequired[Literal["google_ads", "microsoft", "meta", "other"]]
    currency: NotRequired[str]
    decimal: NotRequired[Literal["", ".", ","]]
    month_first: NotRequired[bool | None]
    campaign: NotRequired[str]


class LeadDocument(TypedDict):
    """One person who got in touch; several calls and forms are one lead."""

    id: str
    began_as: "ContactKind"
    created_at: str
    last_at: str
    qualified_at: str | None
    phones: list[str]
    emails: list[str]
    visitors: list[str]
    contacts: list["ContactDocument"]


class LeadPage(TypedDict):
    """LeadPage."""

    data: list["LeadDocument"]
    next_cursor: str | None


class LeadRuleChange(TypedDict):
    """What to change; a field that is left out stays, one that is given is taken whole."""

    name: NotRequired[str]
    conditions: NotRequired["Conditions"]
    outcome: NotRequired["LeadRulesOutcome"]
    is_on: NotRequired[bool]


class LeadRuleDocument(TypedDict):
    """A rule."""

    id: str
    position: int
    name: str
    conditions: "Conditions"
    outcome: "LeadRulesOutcome"
    is_on: bool


class LeadRuleOrder(TypedDict):
    """Every rule's id, in the order that they are to have."""

    rule_ids: list[str]


class LeadRulePage(TypedDict):
    """LeadRulePage."""

    data: list["LeadRuleDocument"]
    next_cursor: str | None


class LeadRulesOutcome(TypedDict):
    """What a rule makes of the calls that it fits."""

    qualified: NotRequired[bool | None]
    value_cents: NotRequired[int | None]
    tag: NotRequired[str]


class LeadsCreditDocument(TypedDict):
    """Which of its visits earned a lead, oldest first; empty when none is known."""

    lead_id: str
    visits: list["VisitDocument"]


Limit = Literal["ceiling", "budget"]


class LineDocument(TypedDict):
    """One combination of values; the empty text is what is not known."""

    values: dict[str, str]
    now: "FiguresDocument"
    before: "FiguresDocument"


class LinkDocument(TypedDict):
    """A link to a saved report."""

    id: str
    view_id: str
    is_open: bool
    has_password: bool
    made_by: str
    created_at: str
    ends_at: str
    revoked_at: str | None
    opened_at: str | None


class LinkPage(TypedDict):
    """LinkPage."""

    data: list["LinkDocument"]
    next_cursor: str | None


class LiveCallDocument(TypedDict):
    """A call that rings, is talked on, or ended in the last half minute."""

    id: str
    started_at: str
    status: "Status"
    caller: str | None
    tracking_number: str | None
    channel: str | None
    campaign: str | None
    keyword: str | None


class LiveDocument(TypedDict):
    """The company as it is now."""

    at: str
    time_zone: str
    calls: list["LiveCallDocument"]
    visitors: list["LiveVisitorDocument"]
    more_visitors: bool
    pools: list["LivePoolDocument"]
    calls_today: dict[str, int]


class LivePoolDocument(TypedDict):
    """How full a pool is."""

    pool_id: str
    name: str
    live: int
    size: int
    exhausted_today: int


class LiveVisitorDocument(TypedDict):
    """A visit that goes on."""

    session_id: str
    started_at: str
    channel: str
    source: str
    campaign: str | None
    device: str
    page: str
    numbers: list[str]


class LogoDocument(TypedDict):
    """Where the picture is."""

    url: str | None


class MadeLinkDocument(TypedDict):
    """A link that was made just now."""

    id: str
    view_id: str
    is_open: bool
    has_password: bool
    made_by: str
    created_at: str
    ends_at: str
    revoked_at: str | None
    opened_at: str | None
    url: str


class MatchDocument(TypedDict):
    """What was said of a call's match; nothing changes what the call is credited to."""

    call_id: str
    session_id: str | None
    right: bool | None
    nobody: bool
    confidence: float | None


class MatchWord(TypedDict):
    """A person's word on what a call is credited to: a visit, or nobody from the site."""

    right: NotRequired[bool | None]
    nobody: NotRequired[bool]


Meaning = Literal["good", "bad", "nothing"]


class Menu(TypedDict):
    """Ask for a key. It is heard at most `plays` times in a call; then, and without a key, `otherwise`."""

    kind: Literal["menu"]
    text: NotRequired[str]
    file: NotRequired[str]
    keys: NotRequired[dict[str, str]]
    wait_seconds: NotRequired[int]
    plays: NotRequired[int]
    otherwise: NotRequired[str]


class MissedCallDocument(TypedDict):
    """A call that nobody answered."""

    call_id: str
    started_at: str
    caller: str | None
    answered_at: str | None


class MissedDocument(TypedDict):
    """What became of the missed calls, newest first."""

    days: "DaysDocument"
    calls: list["MissedCallDocument"]
    spoken_with: int
    typical_wait_seconds: int | None


Model = Literal["first", "last", "last_non_direct", "linear", "position_based", "time_decay", "data_driven"]


class ModelsDocument(TypedDict):
    """Every lead given away once in each column."""

    days: "DaysDocument"
    by: "Dimension"
    look_back_days: int
    leads: int
    lines: list["ModelsLine"]


class ModelsLine(TypedDict):
    """The leads that one value earned, by each model, in whole millionths: a column's sum is the leads exactly."""

    value: str
    credit_millionths: dict[str, int]


class MomentDocument(TypedDict):
    """One thing that happens."""

    steps: list[str]
    heard: list[str]
    act: str
    numbers: list[str]
    pressed: str | None
    answered: bool | None
    tags: list[str]
    survey: list[str]


class NamedCampaign(TypedDict):
    """What visits call a campaign, as somebody said."""

    campaign: str
    visited_as: str


class NamedCampaignPage(TypedDict):
    """NamedCampaignPage."""

    data: list["NamedCampaign"]
    next_cursor: str | None


class NewAdAccount(TypedDict):
    """An account to ask."""

    platform: Literal["google_ads", "microsoft", "meta"]
    grant_id: NotRequired[str | None]
    credentials: dict[str, str]


class NewAnnotation(TypedDict):
    """What happened on a day of the company's calendar."""

    day: str
    text: str


class NewCallerWord(TypedDict):
    """What to say of a caller."""

    pattern: str
    word: NotRequired["Word"]
    note: NotRequired[str]


class NewCarrier(TypedDict):
    """An account to connect."""

    kind: str
    name: str
    credentials: dict[str, str]


class NewCompany(TypedDict):
    """A company to make in the account."""

    name: str
    time_zone: NotRequired[str]
    country: NotRequired[str]
    default_destination: NotRequired[str | None]
    session_seconds: NotRequired[int]
    ring_timeout_seconds: NotRequired[int]
    look_back_days: NotRequired[int]
    quarantine_days: NotRequired[int]
    currency: NotRequired[str]
    colour: NotRequired[str | None]
    language: NotRequired[str | None]
    journal_days: NotRequired[int]
    visits_kept_days: NotRequired[int | None]
    contacts_kept_days: NotRequired[int | None]


class NewCostFile(TypedDict):
    """A file to look at, or to take in."""

    content: str
    layout: NotRequired[Union["LayoutDocument", None]]
    feed: NotRequired[str | None]
    only_look: NotRequired[bool]


class NewCosts(TypedDict):
    """Days of a feed, whole: what it had for them before is replaced."""

    feed: str
    lines: list["CostDocument"]


class NewDestination(TypedDict):
    """A destination to make."""

    kind: str
    name: str
    settings: dict[str, str]
    rule: NotRequired["RuleDocumentInput"]
    is_on: NotRequired[bool]
    grant_id: NotRequired[str | None]


class NewFlow(TypedDict):
    """A flow to make."""

    name: str
    start: str
    steps: dict[
        str,
        Union[
            "Greeting",
            "ConsentNotice",
            "Record",
            "Menu",
            "Gate",
            "Schedule",
            "Dial",
            "RoundRobin",
            "GeoRoute",
            "Branch",
            "Voicemail",
            "TagCall",
            "Survey",
            "EndCall",
            "Refuse",
        ],
    ]
    language: NotRequired[str]
    missed_text: NotRequired[str]
    numbers: NotRequired[list[str]]


class NewGrant(TypedDict):
    """An app at a platform, in whose name somebody will sign in."""

    provider: Literal["google", "microsoft", "linkedin", "hubspot", "salesforce", "pipedrive"]
    name: str
    client_id: str
    client_secret: str
    uses: list[str]
    addresses: NotRequired[dict[str, str]]


class NewInvitation(TypedDict):
    """Whom to ask in."""

    email: str
    role: Literal["owner", "admin", "analyst", "agent", "read_only"]
    send_email: NotRequired[bool]


class NewInvitationDocument(TypedDict):
    """An invitation with its link, which is shown this once."""

    id: str
    company_id: str
    email: str
    role: "Role"
    invited_by: str
    invited_by_key_id: str | None
    created_at: str
    ends_at: str
    link: str


class NewKey(TypedDict):
    """A key to make."""

    name: str
    role: NotRequired["Role"]
    scopes: NotRequired[
        list[
            Literal[
                "read",
                "write",
                "read:calls",
                "write:calls",
                "read:visits",
                "write:visits",
                "read:reports",
                "write:reports",
                "read:conversions",
                "write:conversions",
                "read:numbers",
                "write:numbers",
                "read:setup",
                "write:setup",
                "read:people",
                "write:people",
            ]
        ]
    ]
    expires_at: NotRequired[str | None]


class NewKeyDocument(TypedDict):
    """A key with its secret, which is shown this once."""

    id: str
    company_id: str
    name: str
    role: "Role"
    scopes: list[
        Literal[
            "read",
            "write",
            "read:calls",
            "write:calls",
            "read:visits",
            "write:visits",
            "read:reports",
            "write:reports",
            "read:conversions",
            "write:conversions",
            "read:numbers",
            "write:numbers",
            "read:setup",
            "write:setup",
            "read:people",
            "write:people",
        ]
    ]
    expires_at: str | None
    made_by: str
    made_by_key_id: str | None
    created_at: str
    last_used_at: str | None
    revoked_at: str | None
    key: str


class NewLeadRule(TypedDict):
    """A rule, which becomes the last."""

    name: str
    conditions: NotRequired["Conditions"]
    outcome: "LeadRulesOutcome"
    is_on: NotRequired[bool]


class NewLink(TypedDict):
    """For how long, and behind which password."""

    days: int
    password: NotRequired[str | None]


class NewLogo(TypedDict):
    """Another picture."""

    content: str


class NewNumberMessage(TypedDict):
    """A number you own already, to add."""

    pool_id: NotRequired[str | None]
    target_id: NotRequired[str | None]
    carrier_id: NotRequired[str | None]
    placement: NotRequired[str | None]
    channel: NotRequired[str | None]
    source: NotRequired[str | None]
    medium: NotRequired[str | None]
    campaign: NotRequired[str | None]
    monthly_cents: NotRequired[int | None]
    placement_cents: NotRequired[int | None]
    starts_on: NotRequired[str | None]
    ends_on: NotRequired[str | None]
    number: str


class NewNumbersMessage(TypedDict):
    """Numbers you own already, to add: all of them, or none if one cannot be."""

    pool_id: NotRequired[str | None]
    target_id: NotRequired[str | None]
    carrier_id: NotRequired[str | None]
    placement: NotRequired[str | None]
    channel: NotRequired[str | None]
    source: NotRequired[str | None]
    medium: NotRequired[str | None]
    campaign: NotRequired[str | None]
    monthly_cents: NotRequired[int | None]
    placement_cents: NotRequired[int | None]
    starts_on: NotRequired[str | None]
    ends_on: NotRequired[str | None]
    numbers: list[str]


class NewPhrase(TypedDict):
    """What to listen for; the same words again change the rest."""

    phrase: str
    said_by: NotRequired["SaidBy"]
    meaning: NotRequired["Meaning"]
    tag: NotRequired[str]


class NewPool(TypedDict):
    """An empty pool to make; numbers are added at /numbers."""

    name: str
    target_id: str
    overflow: NotRequired["Overflow"]
    fallback_number_id: NotRequired[str | None]


class NewRates(TypedDict):
    """Rates to keep, instead of those of the same days and currencies."""

    rates: list["RateDocument"]


class NewRule(TypedDict):
    """A rule to add after the others."""

    name: str
    conditions: NotRequired[dict[str, list[str]]]
    outcome: "RulesOutcome"
    pool_id: NotRequired[str | None]
    number_id: NotRequired[str | None]


class NewSchedule(TypedDict):
    """When the report is sent, and to whom; each recipient can end it for themselves."""

    cadence: "Cadence"
    hour: int
    recipients: list[str]


class NewSite(TypedDict):
    """A website to add."""

    name: str
    hosts: NotRequired[list[str]]
    consent: NotRequired["Consent"]
    beat_seconds: NotRequired[int]
    page: NotRequired["PageOptionsDocument"]


class NewSound(TypedDict):
    """A sound to keep."""

    name: str
    content: str


class NewTarget(TypedDict):
    """A business number to replace."""

    number: str
    destination: NotRequired[str | None]
    name: NotRequired[str | None]
    shares_with: NotRequired[str | None]


class NewView(TypedDict):
    """A report to save for everybody in the company."""

    name: str
    address: str


class NewVisit(TypedDict):
    """A page view, as the website's server saw it."""

    url: str
    user_agent: str
    address: NotRequired[str]
    referrer: NotRequired[str]
    title: NotRequired[str]
    targets: NotRequired[list[str] | None]
    cookies: NotRequired[dict[str, str]]
    visitor: NotRequired[str | None]
    session: NotRequired[str | None]
    time_zone: NotRequired[str]
    consent: NotRequired[str | None]
    sec_gpc: NotRequired[bool]
    sec_purpose: NotRequired[str]


class NumberChangeMessage(TypedDict):
    """What to change; a field that is left out stays. All but the status are a static number's."""

    status: NotRequired[Literal["active", "paused"]]
    target_id: NotRequired[str]
    placement: NotRequired[str | None]
    channel: NotRequired[str | None]
    source: NotRequired[str | None]
    medium: NotRequired[str | None]
    campaign: NotRequired[str | None]
    monthly_cents: NotRequired[int | None]
    placement_cents: NotRequired[int | None]
    starts_on: NotRequired[str | None]
    ends_on: NotRequired[str | None]
    short_url: NotRequired[str | None]


class NumberDocument(TypedDict):
    """A tracking number."""

    id: str
    company_id: str
    number: str
    kind: "NumberKind"
    status: "NumberStatus"
    pool_id: str | None
    target_id: str | None
    carrier_id: str | None
    placement: str | None
    channel: str | None
    source: str | None
    medium: str | None
    campaign: str | None
    session_id: str | None
    left_at: str | None
    created_at: str
    released_at: str | None
    quarantined_at: str | None
    monthly_cents: int | None
    placement_cents: int | None
    starts_on: str | None
    ends_on: str | None
    short_link: str | None
    short_url: str | None


NumberKind = Literal["pool", "static"]


class NumberPage(TypedDict):
    """NumberPage."""

    data: list["NumberDocument"]
    next_cursor: str | None


NumberStatus = Literal["active", "paused", "quarantined", "released"]


class NumbersDocument(TypedDict):
    """The numbers that were added."""

    data: list["NumberDocument"]


class OfferDocument(TypedDict):
    """A number for sale."""

    number: str
    locality: str | None
    region: str | None
    mismatch: str | None


class OffersDocument(TypedDict):
    """Numbers for sale, those that would do best first."""

    data: list["OfferDocument"]


class OrderDocument(TypedDict):
    """How an order went: `ordering` means that the carrier gave no clear answer, so look there first."""

    number: str
    state: "OrderState"
    number_id: str | None
    problem: str | None
    created_at: str
    finished_at: str | None


class OrderMessage(TypedDict):
    """A number to buy. This costs money."""

    carrier_id: str
    pool_id: NotRequired[str | None]
    target_id: NotRequired[str | None]
    number: str
    placement: NotRequired[str | None]
    channel: NotRequired[str | None]
    source: NotRequired[str | None]
    medium: NotRequired[str | None]
    campaign: NotRequired[str | None]
    monthly_cents: NotRequired[int | None]


OrderState = Literal["ordering", "bought", "failed"]
OutboxState = Literal["waiting", "sent", "failed", "withheld"]
Overflow = Literal["channel_static", "fallback", "original"]


class OverviewDay(TypedDict):
    """One day's calls."""

    day: str
    calls: int | float
    answered: int | float
    missed: int | float
    calls_before: int | float


class OverviewDocument(TypedDict):
    """The period beside the one before."""

    days: "DaysDocument"
    now: "FiguresDocument"
    before: "FiguresDocument"
    visitors: int | None
    visitors_before: int | None
    cost_micros: int | None
    cost_per_lead_micros: int | None
    by_day: list["OverviewDay"]
    by_hour_of_week: list[int | float]


class PageOptionsDocument(TypedDict):
    """How the script treats the site's pages."""

    declined: NotRequired["Declined"]
    forms: NotRequired[bool]
    form_fields: NotRequired[list[str]]
    attributes: NotRequired[list[str]]
    skip: NotRequired[list[str]]
    whatsapp: NotRequired[bool]
    microdata: NotRequired[bool]
    vanity: NotRequired[list["VanityDocument"]]
    calltrk: NotRequired[bool]
    linked_hosts: NotRequired[list[str]]


Part = Literal[
    "",
    "first-time",
    "answered",
    "missed",
    "unanswered",
    "new",
    "good",
    "valued",
    "rang",
    "picked-up",
    "spam",
    "turned-away",
]


class PartOrder(TypedDict):
    """The calls and forms of a lead that are another person's."""

    contacts: list["ContactRef"]


class PathDocument(TypedDict):
    """What the last visits counted for, the oldest first, and how the person got in touch then."""

    steps: list[str]
    is_cut: bool
    otherwise: str
    ended_as: "ContactKind"
    leads: int


class PathsDocument(TypedDict):
    """Everybody who got in touch for the first time is on one of them, the most common first."""

    days: "DaysDocument"
    by: "Dimension"
    look_back_days: int
    paths: list["PathDocument"]


class PeakDocument(TypedDict):
    """The most numbers that visits wanted at once in an hour; those that found none are counted, too."""

    starts_at: str
    live: int


class PersonDocument(TypedDict):
    """Somebody who belongs to the company."""

    id: str
    company_id: str
    email: str
    name: str
    role: "Role"
    created_at: str


class PersonPage(TypedDict):
    """PersonPage."""

    data: list["PersonDocument"]
    next_cursor: str | None


class PhraseDocument(TypedDict):
    """What is listened for."""

    id: str
    phrase: str
    said_by: "SaidBy"
    meaning: "Meaning"
    tag: str
    calls: int
    created_at: str


class PhrasePage(TypedDict):
    """PhrasePage."""

    data: list["PhraseDocument"]
    next_cursor: str | None


class PlatformCount(TypedDict):
    """What the platform says it counted."""

    content: str


class PointDocument(TypedDict):
    """One thing that speaks for a good lead, or against it."""

    sign: "Sign"
    count: int
    points: float
    words: list[str]


class PolicyChange(TypedDict):
    """What to change; a field that is left out stays."""

    mark_from: NotRequired[float]
    reject_from: NotRequired[float | None]
    cap_minutes: NotRequired[int | None]
    cap_cents: NotRequired[int | None]
    cents_a_minute: NotRequired[float | None]


class PolicyDocument(TypedDict):
    """What is done about spam."""

    mark_from: float
    reject_from: float | None
    cap_minutes: int | None
    cap_cents: int | None
    cents_a_minute: float | None


class PoolChange(TypedDict):
    """What to change; a field that is left out stays."""

    name: NotRequired[str]
    overflow: NotRequired["Overflow"]
    fallback_number_id: NotRequired[str | None]


class PoolDocument(TypedDict):
    """A pool."""

    id: str
    company_id: str
    name: str
    target_id: str
    overflow: "Overflow"
    fallback_number_id: str | None
    numbers: "PoolNumbersDocument"
    created_at: str


class PoolHealthDocument(TypedDict):
    """Whether a pool was large enough."""

    pool_id: str
    name: str
    numbers: int
    shown: int
    without: int
    calls: int
    confidence: float | None
    before: dict[str, int]


class PoolNumbersDocument(TypedDict):
    """How many numbers the pool has: active ones, those that a session shows now, and paused ones."""

    active: int
    live: int
    paused: int


class PoolPage(TypedDict):
    """PoolPage."""

    data: list["PoolDocument"]
    next_cursor: str | None


class PoolSizeDocument(TypedDict):
    """What a pool of so many numbers would have done."""

    numbers: int
    overflow: float
    kept_back: float
    accuracy: float
    monthly_cents: int


class PoolsHealthDocument(TypedDict):
    """Each pool, by name."""

    days: "DaysDocument"
    pools: list["PoolHealthDocument"]


Presence = Literal["visible", "hidden", "gone"]


class ProblemDocument(TypedDict):
    """RFC 9457 problem details; `code` names the problem for programs and stays the same."""

    type: NotRequired[str]
    title: str
    status: int
    detail: str
    code: str
    errors: NotRequired[list["FaultDocument"]]


Proof = Literal["person", "form", "tap"]


class ProvenDocument(TypedDict):
    """The calls that one kind of proof checks."""

    proof: "Proof"
    calls: int
    right: int
    sure: int
    sure_right: int
    confidence: float | None
    calibration_error: float | None
    error_by_chance: float | None
    says_enough: bool
    bins: list["BinDocument"]


class PutDocument(TypedDict):
    """What came of it."""

    feed: str
    lines: int
    days: int
    replaced: int


class RateDocument(TypedDict):
    """What a currency was worth on a day."""

    day: str
    base: str
    quote: str
    worth: str


class ReadLayoutDocument(TypedDict):
    """How a file was read; what was kept by other doors may say what no request may."""

    columns: dict[str, str]
    platform: Literal["google_ads", "microsoft", "meta", "other"]
    currency: str
    decimal: Literal["", ".", ","]
    month_first: bool | None
    campaign: str


class RecipientDocument(TypedDict):
    """Somebody who is sent it."""

    address: str
    stopped_at: str | None


class Recompute(TypedDict):
    """Weigh past calls anew."""

    days: int
    apply: NotRequired[bool]
    version: NotRequired[int | None]


class RecomputesCreditDocument(TypedDict):
    """What a call is credited to."""

    kind: str
    session_id: str | None
    confidence: float | None


class Record(TypedDict):
    """Record what is said from here on, once somebody answers; a consent notice must come before."""

    kind: Literal["record"]
    then: NotRequired[str]


class RecordingDocument(TypedDict):
    """A recording of a talk or of a message."""

    id: str
    kind: "Kind"
    state: "RecordingState"
    recorded_at: str
    seconds: float | None
    url: str | None
    media_type: str | None
    caller_share: float | None
    turns: list["TurnDocument"]
    trouble: str | None
    gone_because: Union["Because", None]


RecordingMode = Literal["off", "untold", "notice", "keypress", "by_law"]


class RecordingPolicyChange(TypedDict):
    """What to change; a field that is left out stays, or is as for all other numbers."""

    mode: NotRequired["RecordingMode"]
    notice: NotRequired[str]
    question: NotRequired[str]
    notice_file: NotRequired[str]
    question_file: NotRequired[str]


class RecordingPolicyDocument(TypedDict):
    """When talks are recorded, and what callers hear of it."""

    number: str | None
    mode: "RecordingMode"
    notice: str
    question: str
    notice_file: str
    question_file: str


class RecordingPolicyPage(TypedDict):
    """RecordingPolicyPage."""

    data: list["RecordingPolicyDocument"]
    next_cursor: str | None


RecordingState = Literal["due", "kept", "failed", "gone"]


class Refuse(TypedDict):
    """Do not take the call: the caller hears a busy tone, or that nobody is there."""

    kind: Literal["reject"]
    busy: NotRequired[bool]


class RehearsalDocument(TypedDict):
    """The pool's latest rehearsal."""

    pool_id: str
    days: int
    asked_at: str | None
    sizes: list[int]
    is_running: bool
    failed: bool
    results: list["SizeDocument"]


class Replay(TypedDict):
    """What is to be sent once more: all that was said in [since, until)."""

    since: str
    until: str
    told_too: NotRequired[bool]


class ReplayDocument(TypedDict):
    """How many messages are on their way again."""

    count: int


class ReplyChange(TypedDict):
    """The words."""

    text: NotRequired[str]


class ReplyDocument(TypedDict):
    """What a number's missed callers are written."""

    number: str | None
    text: str


class ReplyPage(TypedDict):
    """ReplyPage."""

    data: list["ReplyDocument"]
    next_cursor: str | None


class ReportReturnsReturnDocument(TypedDict):
    """Amounts are whole millionths of the company's currency; null where nothing can be divided."""

    cost_micros: int
    revenue_micros: int
    cost_per_call_micros: int | None
    cost_per_first_time_caller_micros: int | None
    cost_per_qualified_micros: int | None
    cost_per_lead_micros: int | None
    cost_per_form_micros: int | None
    roas: str | None
    figures: "FiguresDocument"


class RequestDocument(TypedDict):
    """An HTTP request, with its secrets left out."""

    method: str
    url: str
    headers: dict[str, str]
    body: str


class ReturnMessage(TypedDict):
    """`now` ends it without waiting for its quarantine, and wherever it points; `keep` lets it stay, and cost."""

    action: NotRequired[Literal["now", "keep"]]


ReturnState = Literal["waiting", "refused", "ended", "kept"]


class ReturnsDocument(TypedDict):
    """Released numbers that are still at their carrier."""

    data: list["ReturnsReturnDocument"]


class ReturnsReturnDocument(TypedDict):
    """A released number on its way back to its carrier."""

    number_id: str
    number: str
    state: "ReturnState"
    due_at: str
    problem: str | None


class ReviewDocument(TypedDict):
    """What weighing anew changes, or changed."""

    version: int
    calls: int
    changed: int
    changes: list["ShiftDocument"]


class RoiDocument(TypedDict):
    """All combinations that cost something or brought something, the dearest first."""

    days: "DaysDocument"
    currency: str
    counts_costs: bool
    counts_forms: bool
    unconverted_micros: dict[str, int]
    lines: list["RoiLineDocument"]
    paid: "RoiLineDocument"
    total: "RoiLineDocument"


class RoiLineDocument(TypedDict):
    """One combination of values; places go by what a form, or a new person, cost: 1 is the cheapest."""

    values: dict[str, str]
    now: "ReportReturnsReturnDocument"
    before: "ReportReturnsReturnDocument"
    place_by_forms: int | None
    place: int | None


Role = Literal["owner", "admin", "analyst", "agent", "read_only", "site"]


class RoleChange(TypedDict):
    """What somebody is from now on."""

    role: NotRequired[Literal["owner", "admin", "analyst", "agent", "read_only"]]


class RoundRobin(TypedDict):
    """Ring numbers in turn from call to call, by weight; if `sticky`, first whoever this caller talked to last."""

    kind: Literal["round_robin"]
    targets: NotRequired[list["Target"]]
    tries: NotRequired[int]
    sticky: NotRequired[bool]
    whisper: NotRequired[str]
    press_1: NotRequired[bool]
    survey: NotRequired[str]
    then: NotRequired[str]
    otherwise: NotRequired[str]


class RuleChange(TypedDict):
    """What to change; a field that is left out stays."""

    name: NotRequired[str]
    conditions: NotRequired[dict[str, list[str]]]
    outcome: NotRequired["RulesOutcome"]
    pool_id: NotRequired[str | None]
    number_id: NotRequired[str | None]


class RuleDocumentInput(TypedDict):
    """What counts: every condition must be met."""

    calls: NotRequired[bool]
    forms: NotRequired[bool]
    answered: NotRequired[bool]
    least_talk_seconds: NotRequired[int]
    first_time_only: NotRequired[bool]
    qualified_only: NotRequired[bool]
    tags: NotRequired[list[str]]
    least_confidence: NotRequired[float]
    value_cents: NotRequired[int | None]
    tag_cents: NotRequired[dict[str, int]]
    events: NotRequired[list["Event"]]
    is_dry_run: NotRequired[bool]


class RuleOrder(TypedDict):
    """All rules, in the order in which they are to be asked."""

    rule_ids: list[str]


class RulePage(TypedDict):
    """RulePage."""

    data: list["RulesRuleDocument"]
    next_cursor: str | None


class RulesDocument(TypedDict):
    """All rules, in order."""

    data: list["RulesRuleDocument"]


RulesOutcome = Literal["pool", "static", "leave"]


class RulesRuleDocument(TypedDict):
    """A rule; the lowest position is asked first, and the first rule that matches decides."""

    id: str
    company_id: str
    position: int
    name: str
    conditions: dict[str, list[str]]
    outcome: "RulesOutcome"
    pool_id: str | None
    number_id: str | None
    created_at: str


SaidBy = Literal["anybody", "caller", "agent"]


class Schedule(TypedDict):
    """Go one way in business hours, another outside them and on holidays."""

    kind: Literal["schedule"]
    hours: NotRequired["Hours"]
    open: NotRequired[str]
    closed: NotRequired[str]


class ScheduleChange(TypedDict):
    """What to change; a field that is left out stays."""

    cadence: NotRequired["Cadence"]
    hour: NotRequired[int]
    recipients: NotRequired[list[str]]


class ScheduleDocument(TypedDict):
    """A regular e-mail."""

    id: str
    view_id: str
    cadence: "Cadence"
    hour: int
    recipients: list["RecipientDocument"]
    made_by: str
    due_at: str
    trouble: str | None
    created_at: str


class SchedulePage(TypedDict):
    """SchedulePage."""

    data: list["ScheduleDocument"]
    next_cursor: str | None


class ScoreDocument(TypedDict):
    """How good a lead a call sounds, from 0 to 100, and why."""

    score: int
    reasons: list["PointDocument"]


class SearchMessage(TypedDict):
    """What to look for; the area is the target's own, then any, unless one is given."""

    carrier_id: str
    pool_id: NotRequired[str | None]
    target_id: NotRequired[str | None]
    area_code: NotRequired[str | None]
    limit: NotRequired[int]


class SegmentDocument(TypedDict):
    """What one side said in one go."""

    side: "Side"
    begins: float
    ends: float
    text: str
    words: list["WordDocument"]


class Sending(TypedDict):
    """To whom."""

    recipients: list[str]


class SentDocument(TypedDict):
    """What is on its way."""

    view_id: str
    recipients: list[str]


class SessionDetailDocument(TypedDict):
    """A visit with its timeline: the landing page first, then in order of time."""

    id: str
    company_id: str
    visitor_id: str
    site_id: str
    started_at: str
    last_seen_at: str
    dwell_seconds: float
    state: "Presence"
    channel: str
    source: str
    medium: str
    campaign: str | None
    campaign_id: str | None
    keyword: str | None
    content: str | None
    click_ids: dict[str, str]
    value_track: dict[str, str]
    referrer: str
    landing_page: str
    device: str
    time_zone: str
    region: str | None
    opted_out: bool
    numbers: list["ShownDocument"]
    timeline: list["EventDocument"]


class SessionDocument(TypedDict):
    """A visit and where it came from."""

    id: str
    company_id: str
    visitor_id: str
    site_id: str
    started_at: str
    last_seen_at: str
    dwell_seconds: float
    state: "Presence"
    channel: str
    source: str
    medium: str
    campaign: str | None
    campaign_id: str | None
    keyword: str | None
    content: str | None
    click_ids: dict[str, str]
    value_track: dict[str, str]
    referrer: str
    landing_page: str
    device: str
    time_zone: str
    region: str | None
    opted_out: bool
    numbers: list["ShownDocument"]


class SessionPage(TypedDict):
    """SessionPage."""

    data: list["SessionDocument"]
    next_cursor: str | None


class ShiftDocument(TypedDict):
    """A call that comes out differently."""

    call_id: str
    was: "RecomputesCreditDocument"
    becomes: "RecomputesCreditDocument"


ShownDocument = TypedDict(
    "ShownDocument", {"number_id": str, "number": str, "target": str | None, "from": str, "until": str | None}
)
Side = Literal["caller", "agent", "unknown"]
Sign = Literal[
    "long_talk",
    "talk",
    "short_talk",
    "not_reached",
    "message",
    "first_call",
    "called_before",
    "paid",
    "both_spoke",
    "one_sided",
    "good_words",
    "bad_words",
    "spam",
]
Signal = Literal[
    "blocked",
    "allowed",
    "honeypot",
    "numbers",
    "calls",
    "attested_c",
    "attested_a",
    "impossible",
    "neighbour",
    "withheld",
    "spam_before",
    "talked_before",
]


class SiteChange(TypedDict):
    """What to change; a field that is left out stays."""

    name: NotRequired[str]
    hosts: NotRequired[list[str]]
    consent: NotRequired["Consent"]
    beat_seconds: NotRequired[int]
    page: NotRequired["PageOptionsDocument"]


class SiteDocument(TypedDict):
    """A website; `snippet` is the line to paste into its pages."""

    id: str
    company_id: str
    site_key: str
    name: str
    hosts: list[str]
    consent: "Consent"
    beat_seconds: int
    page: "PageOptionsDocument"
    snippet: str
    first_seen_at: str | None
    created_at: str


class SitePage(TypedDict):
    """SitePage."""

    data: list["SiteDocument"]
    next_cursor: str | None


class SizeDocument(TypedDict):
    """What became of the visits and calls with so many numbers."""

    numbers: int
    visits: int
    overflow: int
    calls: int
    untracked: int
    right: float | None
    confidence: float | None


class SizingDocument(TypedDict):
    """How large a pool is, and should be."""

    pool_id: str
    active: int
    quiet_minutes: float
    promise: float
    advice: Union["AdviceDocument", None]
    peaks: list["PeakDocument"]
    exhausted: int
    days: list["DayDocument"]


class SoundChange(TypedDict):
    """Another file for a sound; its name stays, since flows play it by that."""

    content: NotRequired[str]


class SoundDocument(TypedDict):
    """A sound."""

    id: str
    company_id: str
    name: str
    file: str
    seconds: float
    size_bytes: int
    flows: list[str]
    recording_notices_of: list[str]
    changed_at: str


class SoundPage(TypedDict):
    """SoundPage."""

    data: list["SoundDocument"]
    next_cursor: str | None


class SourceDocument(TypedDict):
    """Where the visit would come from."""

    channel: str
    source: str
    medium: str
    campaign: str | None
    keyword: str | None
    click_ids: dict[str, str]


class SpamCallsDocument(TypedDict):
    """Calls that count in no other report."""

    days: "DaysDocument"
    all_calls: int
    signals: dict[str, int]
    numbers: list["SpammedNumberDocument"]


class SpamDocument(TypedDict):
    """Whether the call counts as spam, and why."""

    is_spam: bool
    score: float | None
    reasons: list["SpamReason"]
    said: bool | None


class SpamReason(TypedDict):
    """One thing that speaks for spam, or against it."""

    signal: "Signal"
    count: int
    points: float


class SpammedNumberDocument(TypedDict):
    """A tracking number (empty where it is not known) and the spam that it got."""

    number: str
    spam: int
    turned_away: int
    talk_seconds: int
    before: dict[str, int]


StateInput = Literal["waiting", "sent", "failed", "withheld"]
Status = Literal[
    "ringing", "in_progress", "answered", "missed", "voicemail", "busy", "failed", "blocked", "abandoned"
]


class StepDocument(TypedDict):
    """What became of one rule."""

    position: int
    rule_id: str
    name: str
    verdict: "Verdict"
    because: str | None


class Stop(TypedDict):
    """Who wants no texts, or wants them again."""

    number: str
    stopped: NotRequired[bool]


class StopDocument(TypedDict):
    """Somebody who wants no texts."""

    number: str
    since: str


class StopPage(TypedDict):
    """StopPage."""

    data: list["StopDocument"]
    next_cursor: str | None


class SuggestionsDocument(TypedDict):
    """What to look at; docs/reports.md has the rules."""

    days: "DaysDocument"
    currency: str
    usual_per_call_micros: int | None
    wasted: list["WastedDocument"]
    campaigns: list["UnansweredCampaignDocument"]
    hours: list["UnansweredHourDocument"]


class SumDocument(TypedDict):
    """What the lines come to."""

    currency: str
    micros: int


class Survey(TypedDict):
    """Ask whoever is on the line how it went, by key; with `ask_value` also what it was worth, ended with #."""

    kind: Literal["survey"]
    text: NotRequired[str]
    file: NotRequired[str]
    answers: NotRequired[dict[str, "Answer"]]
    ask_value: NotRequired[bool]
    value_text: NotRequired[str]
    wait_seconds: NotRequired[int]
    then: NotRequired[str]


class SwapDocument(TypedDict):
    """What to show in place of a number."""

    number: str
    display: str
    calling_code: str


class TagCall(TypedDict):
    """Tag the call."""

    kind: Literal["tag"]
    tags: NotRequired[list[str]]
    then: NotRequired[str]


class TakenBackDocument(TypedDict):
    """An access that is no more."""

    left_to_do: str | None


class Target(TypedDict):
    """A number to ring: E.164, or `destination`; its weight counts in a round robin, its seconds when in turn."""

    number: NotRequired[str]
    ring_seconds: NotRequired[int]
    weight: NotRequired[int]


class TargetChange(TypedDict):
    """What to change; a field that is left out stays."""

    number: NotRequired[str]
    destination: NotRequired[str]
    name: NotRequired[str]
    shares_with: NotRequired[str | None]


class TargetDocument(TypedDict):
    """A business number, and where calls to the numbers shown in its place go."""

    id: str
    company_id: str
    number: str
    destination: str
    name: str
    shares_with: str | None
    created_at: str


class TargetPage(TypedDict):
    """TargetPage."""

    data: list["TargetDocument"]
    next_cursor: str | None


class TestDocument(TypedDict):
    """Whether the settings work."""

    works: bool
    words: str


class TextDocument(TypedDict):
    """A text message."""

    id: str
    company_id: str
    call_id: str | None
    sender: str
    recipient: str
    body: str
    state: "TextState"
    written_at: str
    words: str | None


class TextPage(TypedDict):
    """TextPage."""

    data: list["TextDocument"]
    next_cursor: str | None


TextState = Literal["waiting", "sending", "sent", "failed", "dropped", "received"]


class ToldCostDocument(TypedDict):
    """The same, and who told it: files and platforms say what no request may."""

    day: str
    micros: int
    currency: str
    campaign: NotRequired[str]
    campaign_id: NotRequired[str]
    ad_group: NotRequired[str]
    keyword: NotRequired[str]
    channel: NotRequired[str]
    source: NotRequired[str]
    medium: NotRequired[str]
    clicks: NotRequired[int]
    impressions: NotRequired[int]
    feed: str


class ToldCostPage(TypedDict):
    """ToldCostPage."""

    data: list["ToldCostDocument"]
    next_cursor: str | None


class ToldRateDocument(TypedDict):
    """The same, as it was told: a file may be finer than a request."""

    day: str
    base: str
    quote: str
    worth: str


class ToldRatePage(TypedDict):
    """ToldRatePage."""

    data: list["ToldRateDocument"]
    next_cursor: str | None


class TranscriptDocument(TypedDict):
    """What was said in one recording of a call."""

    recording_id: str
    kind: "Kind"
    state: "TranscriptState"
    trouble: str | None
    made_at: str | None
    language: str | None
    engine: str | None
    caller_share: float | None
    segments: list["SegmentDocument"]


TranscriptState = Literal["due", "kept", "failed"]


class TranscriptsDocument(TypedDict):
    """What was said in a call."""

    call_id: str
    hits: list["HitDocument"]
    transcripts: list["TranscriptDocument"]


class TurnDocument(TypedDict):
    """Somebody speaks."""

    speaker: int
    begins: float
    ends: float


class UnansweredCampaignDocument(TypedDict):
    """A campaign whose calls go unanswered more often than others."""

    campaign: str
    calls: int
    unanswered: int


class UnansweredHourDocument(TypedDict):
    """An hour, on the company's clocks, in which calls go unanswered more often than in others."""

    days: "DayKind"
    hour: int
    calls: int
    unanswered: int


class VanityDocument(TypedDict):
    """A text that stands for a number, and what is written instead; `{number}` is the number shown."""

    text: str
    target: str
    template: NotRequired[str]


Verdict = Literal["decided", "no_match", "other_target", "not_to_be_had", "not_asked"]


class ViewChange(TypedDict):
    """What to change; a field that is left out stays."""

    name: NotRequired[str]
    address: NotRequired[str]


class ViewDocument(TypedDict):
    """A saved report."""

    id: str
    company_id: str
    name: str
    address: str
    created_at: str


class ViewPage(TypedDict):
    """ViewPage."""

    data: list["ViewDocument"]
    next_cursor: str | None


class VisitDocument(TypedDict):
    """A visit's share of the lead (0 to 1), by each way of counting."""

    session_id: str
    at: str
    channel: str
    credit: dict[str, float]


class Voicemail(TypedDict):
    """Let the caller leave a message."""

    kind: Literal["voicemail"]
    text: NotRequired[str]
    file: NotRequired[str]
    longest_seconds: NotRequired[int]
    then: NotRequired[str]


class WastedDocument(TypedDict):
    """A keyword that cost something, and of which neither a call nor a form came."""

    campaign: str
    keyword: str
    cost_micros: int
    expected_calls: str
    visits: int


class WelcomeDocument(TypedDict):
    """The answer; with empty `swaps` and no session, leave the page as it is."""

    visitor: str | None
    session: str | None
    swaps: dict[str, "SwapDocument"]
    beat: int
    cookie: Union["CookieDocument", None]


class WholeDelivery(TypedDict):
    """A delivery with its tries, and the exact request that it is."""

    id: str
    destination_id: str
    conversion_id: str
    says: str
    contact_kind: "ContactKind"
    contact_id: str
    value_cents: int | None
    currency: str
    state: "OutboxState"
    said_at: str
    due_at: str | None
    attempts: int
    ended_at: str | None
    words: str | None
    tries: list["AttemptDocument"]
    requests: list["RequestDocument"]


class WhyExplanationDocument(TypedDict):
    """What one destination makes of a call or a form."""

    destination_id: str
    destination: str
    is_on: bool
    counts: bool
    value_cents: int | None
    reasons: list["WhyReasonDocument"]
    objection: str | None
    told: list["DeliveryDocument"]


class WhyReasonDocument(TypedDict):
    """One condition of a rule."""

    condition: str
    is_met: bool
    words: str


Word = Literal["block", "allow"]


class WordDocument(TypedDict):
    """A word as it was heard."""

    text: str
    begins: float
    ends: float


class WordSettingsChange(TypedDict):
    """What to change; a field that is left out stays."""

    transcribes: NotRequired[bool]
    language: NotRequired[str]


class WordSettingsDocument(TypedDict):
    """Whether what is said is written down."""

    transcribes: bool
    language: str
    trouble: str | None
