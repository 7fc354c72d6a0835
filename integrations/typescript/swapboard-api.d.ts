// Written by `make clients` from the API's OpenAPI document; do not change it by hand. MIT licence.

/** What somebody did. */
export type Act = "heard" | "read" | "deleted" | "exported" | "forgot_caller" | "paused" | "resumed" | "signed_in" | "signed_out" | "shared" | "revoked_link" | "opened_link" | "invited" | "withdrew" | "joined" | "role_changed" | "removed" | "left" | "changed" | "made_key" | "revoked_key" | "ended_log_ins" | "made_passkey" | "removed_passkey" | "second_step_on" | "second_step_off" | "changed_password";

/** What a person does with a number. */
export type Action = "activate" | "pause" | "quarantine" | "release" | "assign";

/** What to do with numbers: with all, or with none. `assign` takes pool_id or target_id. */
export interface ActionMessage {
  action: Action;
  number_ids: Array<string>;
  pool_id?: string | null;
  target_id?: string | null;
}

/** An account, without what opens it. */
export interface AdAccountDocument {
  platform: string;
  account: string;
  grant: string | null;
  asked_at: string | null;
  trouble: string | null;
}

export interface AdAccountPage {
  data: Array<AdAccountDocument>;
  next_cursor: string | null;
}

/** What the visits of the last four weeks advise. */
export interface AdviceDocument {
  recommended: number;
  visits: number;
  visits_per_hour: number;
  live_minutes: number;
  sizes: Array<PoolSizeDocument>;
}

/** A phone (empty where it is not known), and the calls that rang it. */
export interface AgentDocument {
  number: string;
  rang: number;
  answered: number;
  ring_seconds: number;
  talk_seconds: number;
  before: { [key: string]: number };
}

/** A call that rang several phones counts at each. */
export interface AgentsDocument {
  days: DaysDocument;
  agents: Array<AgentDocument>;
}

/** Day by day, the latest first; days with nothing on either side are left out. */
export interface AgreementDocument {
  destination_id: string;
  by_click: boolean;
  heading: string | null;
  can_be_asked: boolean;
  asked_at: string | null;
  trouble: string | null;
  days: Array<ComparedDocument>;
}

/** What to change; a field that is left out stays. */
export interface AnnotationChange {
  day?: string;
  text?: string;
}

/** A note on a day. */
export interface AnnotationDocument {
  id: string;
  company_id: string;
  day: string;
  text: string;
  made_by: string;
  created_at: string;
}

export interface AnnotationPage {
  data: Array<AnnotationDocument>;
  next_cursor: string | null;
}

/** What a key in a survey means. */
export interface Answer {
  tag?: string;
  qualified?: boolean | null;
}

/** Which of the phones that are rung is answered. */
export type Answered = "first" | "second" | "none";

/** What of a visit a branch can look at. */
export type Asked = "channel" | "source" | "medium" | "campaign" | "keyword";

/** One try. */
export interface AttemptDocument {
  attempt: number;
  happened_at: string;
  outcome: string;
  words: string;
}

/** What the call is credited to, with how sure that is. */
export interface AttributionDocument {
  kind: string;
  confidence: number | null;
  session_id: string | null;
  visitor_id: string | null;
  channel: string | null;
  source: string | null;
  medium: string | null;
  campaign: string | null;
  keyword: string | null;
  landing_page: string | null;
  referrer: string | null;
  click_ids: { [key: string]: string };
  candidates: Array<CandidateDocument>;
}

/** What auto-scale may do with a pool; what is left out stays. The first time all limits are needed. */
export interface AutoScaleChange {
  on?: boolean;
  floor?: number;
  ceiling?: number;
  budget_cents?: number;
  number_cents?: number;
}

/** A pool's auto-scale; the limits are null until they are set. */
export interface AutoScaleDocument {
  on: boolean;
  floor: number | null;
  ceiling: number | null;
  budget_cents: number | null;
  number_cents: number | null;
  committed_cents: number;
  needed: number | null;
  held_by: Limit | null;
  trouble: string | null;
  retry_at: string | null;
  days: Array<DayDocument>;
}

/** Why a recording is gone. */
export type Because = "retention" | "forgotten" | "deleted";

/** The rule that decided, and why it fits. */
export interface BecauseDocument {
  rule: string;
  reasons: Array<JudgementsReasonDocument>;
}

/** The calls of one tenth of confidence. */
export interface BinDocument {
  calls: number;
  confidence: number;
  right: number;
}

/** Go by the visit that made the call: the first case that fits, else `otherwise`. */
export interface Branch {
  kind: "branch";
  cases?: Array<Case>;
  otherwise?: string;
}

/** All combinations that occur, those with most calls first. */
export interface BreakdownDocument {
  days: DaysDocument;
  counts_visits: boolean;
  lines: Array<LineDocument>;
  total: LineDocument;
}

/** Whose word it is. */
export type By = "person" | "survey" | "rules";

/** How often. */
export type Cadence = "daily" | "weekly" | "monthly";

/** What tells afterwards who called, and what it says of our answers. */
export interface CalibrationDocument {
  days: number;
  proofs: Array<ProvenDocument>;
}

/** What a person says of a call; null takes it back. */
export interface CallChange {
  tags?: Array<string> | null;
  value?: number | null;
  qualified?: boolean | null;
  spam?: boolean | null;
}

/** A call. */
export interface CallDocument {
  id: string;
  company_id: string;
  started_at: string;
  tracking_number: string | null;
  destination: string | null;
  caller: CallerDocument;
  status: Status;
  ring_seconds: number | null;
  talk_seconds: number | null;
  greeting_seconds: number | null;
  voicemail_seconds: number | null;
  flow_path: Array<string>;
  first_time_caller: boolean;
  recording: RecordingDocument | null;
  recording_gone_because: Because | null;
  tags: Array<string>;
  value: number | null;
  qualified: boolean | null;
  judgement: JudgementDocument;
  spam: SpamDocument;
  attribution: AttributionDocument;
}

export interface CallPage {
  data: Array<CallDocument>;
  next_cursor: string | null;
}

/** Who rang; a withheld number is null. */
export interface CallerDocument {
  number: string | null;
  withheld: boolean;
  name: string | null;
  place: string | null;
}

/** What was said of a number, or of all that begin so. */
export interface CallerWordDocument {
  id: string;
  company_id: string;
  pattern: string;
  word: Word;
  note: string;
  by: string;
  created_at: string;
}

export interface CallerWordPage {
  data: Array<CallerWordDocument>;
  next_cursor: string | null;
}

/** What visits call a campaign. */
export interface CampaignName {
  campaign: string;
  visited_as: string;
}

/** A session that may have made the call. */
export interface CandidateDocument {
  session_id: string;
  probability: number;
}

/** What to change; a secret that is left out of `credentials` stays as it is. */
export interface CarrierChange {
  name?: string;
  credentials?: { [key: string]: string };
}

/** An account at a carrier. */
export interface CarrierDocument {
  id: string;
  company_id: string;
  kind: string;
  name: string;
  credentials: { [key: string]: string };
  voice_url: string | null;
  status_url: string | null;
  created_at: string;
}

/** A carrier that can be connected. */
export interface CarrierKindDocument {
  kind: string;
  name: string;
  credentials: Array<CredentialDocument>;
}

export interface CarrierKindPage {
  data: Array<CarrierKindDocument>;
  next_cursor: string | null;
}

export interface CarrierPage {
  data: Array<CarrierDocument>;
  next_cursor: string | null;
}

/** When the fact is this text, or begins or ends as `*` says, in capitals or not. */
export interface Case {
  asked?: Asked;
  value?: string;
  then?: string;
}

/** A call that was credited differently after it had ended. */
export interface ChangeDocument {
  id: string;
  call_id: string;
  at: string;
  by: string;
  version: number;
  was: RecomputesCreditDocument;
  became: RecomputesCreditDocument;
}

export interface ChangePage {
  data: Array<ChangeDocument>;
  next_cursor: string | null;
}

/** A channel's leads, by each way of counting. */
export interface ChannelDocument {
  channel: string;
  credit: { [key: string]: number };
}

/** Every lead given away once in each column. */
export interface ChannelsDocument {
  leads: number;
  by: CountedBy;
  channels: Array<ChannelDocument>;
}

/** What a column may hold. */
export type Column = "day" | "last_day" | "cost" | "currency" | "campaign" | "campaign_id" | "ad_group" | "keyword" | "channel" | "source" | "medium" | "clicks" | "impressions";

/** What to change; a field that is left out stays. */
export interface CompanyChange {
  name?: string;
  time_zone?: string;
  country?: string;
  default_destination?: string | null;
  session_seconds?: number;
  ring_timeout_seconds?: number;
  look_back_days?: number;
  quarantine_days?: number;
  currency?: string;
  colour?: string | null;
  language?: string | null;
  journal_days?: number;
  visits_kept_days?: number | null;
  contacts_kept_days?: number | null;
}

/** A company. */
export interface CompanyDocument {
  id: string;
  account_id: string;
  name: string;
  time_zone: string;
  country: string;
  default_destination: string | null;
  session_seconds: number;
  ring_timeout_seconds: number;
  look_back_days: number;
  quarantine_days: number;
  currency: string;
  colour: string | null;
  language: string | null;
  journal_days: number;
  visits_kept_days: number | null;
  contacts_kept_days: number | null;
  created_at: string;
}

export interface CompanyPage {
  data: Array<CompanyDocument>;
  next_cursor: string | null;
}

/** One day. */
export interface ComparedDocument {
  day: string;
  made: number;
  told: number;
  theirs: number | null;
  difference: number | null;
  reasons: Array<DifferenceDocument>;
}

/** What a call must be like; what is None or empty asks for nothing. */
export interface Conditions {
  talk_seconds?: number | null;
  talk_seconds_below?: number | null;
  says?: Array<string>;
  never_says?: Array<string>;
  said_by?: SaidBy;
  first_time_caller?: boolean | null;
  outcomes?: Array<Status>;
  channels?: Array<string>;
  campaigns?: Array<string>;
  numbers?: Array<string>;
  caller_share?: number | null;
  score?: number | null;
}

/** When a visitor may be given a number of their own. */
export type Consent = "always" | "wait" | "cookieless";

/** Tell the caller that the call is recorded; with `agree_key` they must press it, or go to `declined`. */
export interface ConsentNotice {
  kind: "consent";
  text?: string;
  file?: string;
  agree_key?: string | null;
  then?: string;
  declined?: string;
}

/** A call or a form of the lead. */
export interface ContactDocument {
  kind: ContactKind;
  id: string;
  at: string;
}

/** How somebody got in touch. */
export type ContactKind = "call" | "form";

/** A call or a form. */
export interface ContactRef {
  kind: ContactKind;
  id: string;
}

/** Set it for the path `/`, readable by scripts: then the script on the page goes on with the session. */
export interface CookieDocument {
  name: string;
  value: string;
  max_age: number;
  domain: string | null;
}

/** What one day of one campaign cost. */
export interface CostDocument {
  day: string;
  micros: number;
  currency: string;
  campaign?: string;
  campaign_id?: string;
  ad_group?: string;
  keyword?: string;
  channel?: string;
  source?: string;
  medium?: string;
  clicks?: number;
  impressions?: number;
}

/** How a file was read, and what it says. */
export interface CostFileDocument {
  feed: string;
  headings: Array<string>;
  layout: ReadLayoutDocument;
  was_known: boolean;
  lines: number;
  totals: number;
  faults: Array<string>;
  first_day: string | null;
  last_day: string | null;
  sums: Array<SumDocument>;
  taken: boolean;
  replaced: number;
}

/** What a feed has told so far. */
export interface CostFilesFeedDocument {
  feed: string;
  first_day: string;
  last_day: string;
  days: number;
  told_at: string;
}

/** Whose visits count: of the best match, or of everybody who may have called, as far as that is probable. */
export type CountedBy = "best_match" | "probability";

/** A call, and how much of it counts there: less than 1 where calls are counted by probability. */
export interface CountedCallDocument {
  call_id: string;
  started_at: string;
  share: number;
}

/** The shares of all of them sum to the figure; of new people those who sent a form come to it. */
export interface CountedCallsDocument {
  days: DaysDocument;
  calls: Array<CountedCallDocument>;
  people_by_form: number;
}

/** One thing that a carrier's account needs. */
export interface CredentialDocument {
  name: string;
  label: string;
  hint: string;
  secret: boolean;
  required: boolean;
  choices: Array<string>;
}

/** The days of the week, as people shorten them. */
export type Day = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** A coming day: the visits expected, and the numbers that keep the promise on it. */
export interface DayDocument {
  starts_at: string;
  visits: number;
  numbers: number;
}

/** Some days of the week: one, or all that people work alike on. */
export type DayKind = "weekday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";

/** The days of the report and those before, which it is compared with; all are included. */
export interface DaysDocument {
  from: string;
  to: string;
  before_from: string;
  before_to: string;
}

/** What a visitor who declines consent sees; nothing is stored of either. */
export type Declined = "original" | "channel_static";

/** What somebody did. */
export interface DeedDocument {
  id: string;
  company_id: string;
  happened_at: string;
  actor: string;
  act: Act;
  subject: string;
}

export interface DeedPage {
  data: Array<DeedDocument>;
  next_cursor: string | null;
}

/** A destination's messages of these days, and what counts there. */
export interface DeliveredDocument {
  destination_id: string;
  name: string;
  sent: number;
  waiting: number;
  failed: number;
  withheld: number;
  conversions: number;
  value_cents: number;
  before: { [key: string]: number };
}

/** Each destination, by name. */
export interface DeliveriesDocument {
  days: DaysDocument;
  destinations: Array<DeliveredDocument>;
}

/** One thing that a destination was told, or is to be told, of a call or a form. */
export interface DeliveryDocument {
  id: string;
  destination_id: string;
  conversion_id: string;
  says: string;
  contact_kind: ContactKind;
  contact_id: string;
  value_cents: number | null;
  currency: string;
  state: OutboxState;
  said_at: string;
  due_at: string | null;
  attempts: number;
  ended_at: string | null;
  words: string | null;
}

export interface DeliveryPage {
  data: Array<DeliveryDocument>;
  next_cursor: string | null;
}

/** What to change; a field that is left out stays, and so does a secret that is left out of `settings`. */
export interface DestinationChange {
  name?: string;
  settings?: { [key: string]: string };
  rule?: RuleDocumentInput;
  is_on?: boolean;
  grant_id?: string | null;
}

/** A destination, and how it has been lately. */
export interface DestinationDocument {
  id: string;
  company_id: string;
  kind: string;
  name: string;
  settings: { [key: string]: string };
  rule: DestinationDocumentsRuleDocument;
  is_on: boolean;
  grant_id: string | null;
  created_at: string;
  failures: number;
  left_alone_until: string | null;
  trouble: string | null;
  alerted_at: string | null;
  made?: { [key: string]: string };
}

/** What counts: every condition must be met. */
export interface DestinationDocumentsRuleDocument {
  calls?: boolean;
  forms?: boolean;
  answered?: boolean;
  least_talk_seconds?: number;
  first_time_only?: boolean;
  qualified_only?: boolean;
  tags?: Array<string>;
  least_confidence?: number;
  value_cents?: number | null;
  tag_cents?: { [key: string]: number };
  events?: Array<Event>;
  is_dry_run?: boolean;
}

export interface DestinationPage {
  data: Array<DestinationDocument>;
  next_cursor: string | null;
}

/** What opens the files, with a password that is shown this once. */
export interface DestinationSecretsFeedDocument {
  user: string;
  password: string;
  files: Array<FileDocument>;
}

/** Ring numbers, one after the other or all at once; `otherwise` when nobody takes the call. */
export interface Dial {
  kind: "dial";
  targets?: Array<Target>;
  at_once?: boolean;
  whisper?: string;
  press_1?: boolean;
  survey?: string;
  then?: string;
  otherwise?: string;
}

/** So many conversions, and why they are not there, or not on this day. */
export interface DifferenceDocument {
  count: number;
  words: string;
}

/** One thing that is known of a call; the words stand in addresses and in filters. */
export type Dimension = "channel" | "source" | "medium" | "campaign" | "keyword" | "adgroup" | "ad" | "page" | "referrer" | "device" | "place" | "region" | "number" | "placement" | "pool" | "phone" | "outcome";

/** The whole path, and how it ended. */
export interface DryRunDocument {
  flow_id: string;
  moments: Array<MomentDocument>;
  ending: Ending;
  fault: string;
  text: string;
}

/** Say good-bye, if there is anything to say, and hang up. */
export interface EndCall {
  kind: "hang_up";
  text?: string;
  file?: string;
}

/** How a dry run ended. */
export type Ending = "person" | "voicemail" | "hung_up" | "rejected" | "default";

/** What happened; its value is the type that a webhook bears. */
export type Event = "call.before_answer" | "call.answered" | "call.ended" | "call.missed" | "call.recording_ready" | "call.transcript_ready" | "call.attribution_changed" | "call.changed" | "call.forgotten";

/** Something the visitor did. */
export interface EventDocument {
  id: string | null;
  at: string;
  kind: EventKind;
  url: string;
  title: string;
  properties: { [key: string]: unknown };
}

/** What a visitor did on the page. */
export type EventKind = "page" | "tap" | "copy" | "form" | "custom";

/** What the visit would see in place of the target. */
export interface ExplainExplanationDocument {
  target: string;
  outcome: RulesOutcome;
  pool_id: string | null;
  number: string | null;
  rule_id: string | null;
  because: string;
  source: SourceDocument;
  steps: Array<StepDocument>;
}

export interface ExplanationPage {
  data: Array<WhyExplanationDocument>;
  next_cursor: string | null;
}

/** One thing that is wrong: at `pointer` in the body, or at `parameter` of the address or the headers. */
export interface FaultDocument {
  pointer?: string | null;
  parameter?: string | null;
  detail: string;
}

export interface FeedPage {
  data: Array<CostFilesFeedDocument>;
  next_cursor: string | null;
}

/** The facts of a visit that a rule can ask for. */
export type Field = "channel" | "source" | "medium" | "campaign" | "keyword" | "landing_page" | "referrer" | "click_id" | "country" | "region" | "device" | "visitor" | "hour";

/** One thing that a destination needs to know. */
export interface FieldDocument {
  name: string;
  label: string;
  hint: string;
  secret: boolean;
  required: boolean;
  choices: Array<string>;
  many: boolean;
  default: string;
}

/** Spam counts in none of them. */
export interface FiguresDocument {
  calls: number;
  first_time: number;
  answered: number;
  voicemail: number;
  missed: number;
  talk_seconds: number;
  qualified: number;
  value_cents: number;
  leads: number;
  forms: number;
  visits: number;
}

/** A file that is fetched. */
export interface FileDocument {
  label: string;
  url: string;
}

/** What to change; a field that is left out stays. Steps are given all together. */
export interface FlowChange {
  name?: string;
  start?: string;
  steps?: { [key: string]: Greeting | ConsentNotice | Record | Menu | Gate | Schedule | Dial | RoundRobin | GeoRoute | Branch | Voicemail | TagCall | Survey | EndCall | Refuse };
  language?: string;
  missed_text?: string;
  numbers?: Array<string>;
}

/** A flow. */
export interface FlowDocument {
  id: string;
  company_id: string;
  name: string;
  start: string;
  steps: { [key: string]: Greeting | ConsentNotice | Record | Menu | Gate | Schedule | Dial | RoundRobin | GeoRoute | Branch | Voicemail | TagCall | Survey | EndCall | Refuse };
  language: string;
  missed_text: string;
  numbers: Array<string>;
  created_at: string;
}

export interface FlowPage {
  data: Array<FlowDocument>;
  next_cursor: string | null;
}

/** What was forgotten. */
export interface Forgotten {
  calls: number;
  texts: number;
}

/** Whoever called or wrote with this number. */
export interface ForgottenCaller {
  number: string;
}

/** A form as it was sent; only fields that the site allows are kept. */
export interface FormDocument {
  id: string;
  company_id: string;
  site_id: string;
  session_id: string;
  visitor_id: string;
  sent_at: string;
  name: string;
  url: string;
  fields: { [key: string]: string };
}

export interface FormPage {
  data: Array<FormDocument>;
  next_cursor: string | null;
}

/** Let on only who presses 1, which machines do not; with `from_percent`, others than suspects are not asked. */
export interface Gate {
  kind: "gate";
  text?: string;
  file?: string;
  from_percent?: number;
  wait_seconds?: number;
  then?: string;
  otherwise?: string;
}

/** Go by where the caller's number is from: a country (`GB`), a state (`US-NY`) or a beginning (`+1212`). */
export interface GeoRoute {
  kind: "geo_route";
  areas?: { [key: string]: string };
  otherwise?: string;
}

/** What to change; another app or address takes signing in anew. */
export interface GrantChange {
  name?: string;
  client_id?: string;
  client_secret?: string;
  uses?: Array<string>;
  addresses?: { [key: string]: string };
}

/** An access, without its secrets. */
export interface GrantDocument {
  id: string;
  company_id: string;
  provider: string;
  name: string;
  client_id: string;
  uses: Array<string>;
  may_be_used_for: Array<string>;
  scopes: Array<string>;
  granted: Array<string>;
  refused: Array<string>;
  addresses: { [key: string]: string };
  redirect_url: string;
  sign_in_url: string;
  signed_in_at: string | null;
  checked_at: string | null;
  trouble: string | null;
  created_at: string;
}

export interface GrantPage {
  data: Array<GrantDocument>;
  next_cursor: string | null;
}

/** Say something: a text, or a file: an https address, or `sound:NAME`, one of the company's own sounds. */
export interface Greeting {
  kind: "greeting";
  text?: string;
  file?: string;
  then?: string;
}

/** What a reason speaks of. */
export type Ground = "talked" | "talked_short" | "said" | "never_said" | "first_call" | "called_before" | "outcome" | "channel" | "campaign" | "number" | "share" | "score" | "always";

/** A phrase that was said. */
export interface HitDocument {
  phrase: string;
  heard: string;
  counts: { [key: string]: number };
  first_at: { [key: string]: number };
}

/** A number that nobody is shown: whoever rings it rings at random. */
export interface HoneypotDocument {
  number_id: string;
  number: string;
}

export interface HoneypotPage {
  data: Array<HoneypotDocument>;
  next_cursor: string | null;
}

/** When a business is open; a day that is not named is closed. */
export interface Hours {
  time_zone?: string;
  days?: { [key: string]: Array<string> };
  holidays?: Array<string>;
}

/** An open invitation, without its link. */
export interface InvitationDocument {
  id: string;
  company_id: string;
  email: string;
  role: Role;
  invited_by: string;
  invited_by_key_id: string | null;
  created_at: string;
  ends_at: string;
}

export interface InvitationPage {
  data: Array<InvitationDocument>;
  next_cursor: string | null;
}

/** Another lead that is the same person. */
export interface JoinOrder {
  lead_id: string;
}

/** Whose word on the call holds, and how good a lead it sounds by itself. */
export interface JudgementDocument {
  qualified_by: By | null;
  qualified_because: BecauseDocument | null;
  value_by: By | null;
  value_because: BecauseDocument | null;
  score: ScoreDocument | null;
  caller_share: number | null;
  phrases: Array<string>;
}

/** One thing that speaks for a rule. */
export interface JudgementsReasonDocument {
  ground: Ground;
  text: string;
  number: number | null;
  asked: number | null;
  said_by: SaidBy;
  at: number | null;
}

/** What to change; what is kept already is deleted by the new days, too. */
export interface KeepingChange {
  talk_days?: number;
  message_days?: number;
  deletes_at_carrier?: boolean;
}

/** How long what was said is kept. */
export interface KeepingDocument {
  talk_days: number;
  message_days: number;
  deletes_at_carrier: boolean;
}

/** What came of it. */
export interface KeptRates {
  rates: number;
}

/** What to change; a key's role, scopes and end stay what they were. */
export interface KeyChange {
  name?: string;
}

/** A key, without its secret. */
export interface KeyDocument {
  id: string;
  company_id: string;
  name: string;
  role: Role;
  scopes: Array<"read" | "write" | "read:calls" | "write:calls" | "read:visits" | "write:visits" | "read:reports" | "write:reports" | "read:conversions" | "write:conversions" | "read:numbers" | "write:numbers" | "read:setup" | "write:setup" | "read:people" | "write:people">;
  expires_at: string | null;
  made_by: string;
  made_by_key_id: string | null;
  created_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
}

export interface KeyPage {
  data: Array<KeyDocument>;
  next_cursor: string | null;
}

/** What was recorded. */
export type Kind = "talk" | "message";

/** A kind of destination. */
export interface KindDocument {
  kind: string;
  name: string;
  is_advertising: boolean;
  fields: Array<FieldDocument>;
  hears: Array<Event>;
}

export interface KindPage {
  data: Array<KindDocument>;
  next_cursor: string | null;
}

/** How a file is read: the heading of each column, and what no column says. */
export interface LayoutDocument {
  columns: { [key: string]: string };
  platform?: "google_ads" | "microsoft" | "meta" | "other";
  currency?: string;
  decimal?: "" | "." | ",";
  month_first?: boolean | null;
  campaign?: string;
}

/** One person who got in touch; several calls and forms are one lead. */
export interface LeadDocument {
  id: string;
  began_as: ContactKind;
  created_at: string;
  last_at: string;
  qualified_at: string | null;
  phones: Array<string>;
  emails: Array<string>;
  visitors: Array<string>;
  contacts: Array<ContactDocument>;
}

export interface LeadPage {
  data: Array<LeadDocument>;
  next_cursor: string | null;
}

/** What to change; a field that is left out stays, one that is given is taken whole. */
export interface LeadRuleChange {
  name?: string;
  conditions?: Conditions;
  outcome?: LeadRulesOutcome;
  is_on?: boolean;
}

/** A rule. */
export interface LeadRuleDocument {
  id: string;
  position: number;
  name: string;
  conditions: Conditions;
  outcome: LeadRulesOutcome;
  is_on: boolean;
}

/** Every rule's id, in the order that they are to have. */
export interface LeadRuleOrder {
  rule_ids: Array<string>;
}

export interface LeadRulePage {
  data: Array<LeadRuleDocument>;
  next_cursor: string | null;
}

/** What a rule makes of the calls that it fits. */
export interface LeadRulesOutcome {
  qualified?: boolean | null;
  value_cents?: number | null;
  tag?: string;
}

/** Which of its visits earned a lead, oldest first; empty when none is known. */
export interface LeadsCreditDocument {
  lead_id: string;
  visits: Array<VisitDocument>;
}

/** What keeps a pool smaller than it should be. */
export type Limit = "ceiling" | "budget";

/** One combination of values; the empty text is what is not known. */
export interface LineDocument {
  values: { [key: string]: string };
  now: FiguresDocument;
  before: FiguresDocument;
}

/** A link to a saved report. */
export interface LinkDocument {
  id: string;
  view_id: string;
  is_open: boolean;
  has_password: boolean;
  made_by: string;
  created_at: string;
  ends_at: string;
  revoked_at: string | null;
  opened_at: string | null;
}

export interface LinkPage {
  data: Array<LinkDocument>;
  next_cursor: string | null;
}

/** A call that rings, is talked on, or ended in the last half minute. */
export interface LiveCallDocument {
  id: string;
  started_at: string;
  status: Status;
  caller: string | null;
  tracking_number: string | null;
  channel: string | null;
  campaign: string | null;
  keyword: string | null;
}

/** The company as it is now. */
export interface LiveDocument {
  at: string;
  time_zone: string;
  calls: Array<LiveCallDocument>;
  visitors: Array<LiveVisitorDocument>;
  more_visitors: boolean;
  pools: Array<LivePoolDocument>;
  calls_today: { [key: string]: number };
}

/** How full a pool is. */
export interface LivePoolDocument {
  pool_id: string;
  name: string;
  live: number;
  size: number;
  exhausted_today: number;
}

/** A visit that goes on. */
export interface LiveVisitorDocument {
  session_id: string;
  started_at: string;
  channel: string;
  source: string;
  campaign: string | null;
  device: string;
  page: string;
  numbers: Array<string>;
}

/** Where the picture is. */
export interface LogoDocument {
  url: string | null;
}

/** A link that was made just now. */
export interface MadeLinkDocument {
  id: string;
  view_id: string;
  is_open: boolean;
  has_password: boolean;
  made_by: string;
  created_at: string;
  ends_at: string;
  revoked_at: string | null;
  opened_at: string | null;
  url: string;
}

/** What was said of a call's match; nothing changes what the call is credited to. */
export interface MatchDocument {
  call_id: string;
  session_id: string | null;
  right: boolean | null;
  nobody: boolean;
  confidence: number | null;
}

/** A person's word on what a call is credited to: a visit, or nobody from the site. */
export interface MatchWord {
  right?: boolean | null;
  nobody?: boolean;
}

/** What it says of a call that a phrase was said. */
export type Meaning = "good" | "bad" | "nothing";

/** Ask for a key. It is heard at most `plays` times in a call; then, and without a key, `otherwise`. */
export interface Menu {
  kind: "menu";
  text?: string;
  file?: string;
  keys?: { [key: string]: string };
  wait_seconds?: number;
  plays?: number;
  otherwise?: string;
}

/** A call that nobody answered. */
export interface MissedCallDocument {
  call_id: string;
  started_at: string;
  caller: string | null;
  answered_at: string | null;
}

/** What became of the missed calls, newest first. */
export interface MissedDocument {
  days: DaysDocument;
  calls: Array<MissedCallDocument>;
  spoken_with: number;
  typical_wait_seconds: number | null;
}

/** How a lead is shared out; as Google Analytics named them (support.google.com/analytics/answer/10596866). */
export type Model = "first" | "last" | "last_non_direct" | "linear" | "position_based" | "time_decay" | "data_driven";

/** Every lead given away once in each column. */
export interface ModelsDocument {
  days: DaysDocument;
  by: Dimension;
  look_back_days: number;
  leads: number;
  lines: Array<ModelsLine>;
}

/** The leads that one value earned, by each model, in whole millionths: a column's sum is the leads exactly. */
export interface ModelsLine {
  value: string;
  credit_millionths: { [key: string]: number };
}

/** One thing that happens. */
export interface MomentDocument {
  steps: Array<string>;
  heard: Array<string>;
  act: string;
  numbers: Array<string>;
  pressed: string | null;
  answered: boolean | null;
  tags: Array<string>;
  survey: Array<string>;
}

/** What visits call a campaign, as somebody said. */
export interface NamedCampaign {
  campaign: string;
  visited_as: string;
}

export interface NamedCampaignPage {
  data: Array<NamedCampaign>;
  next_cursor: string | null;
}

/** An account to ask. */
export interface NewAdAccount {
  platform: "google_ads" | "microsoft" | "meta";
  grant_id?: string | null;
  credentials: { [key: string]: string };
}

/** What happened on a day of the company's calendar. */
export interface NewAnnotation {
  day: string;
  text: string;
}

/** What to say of a caller. */
export interface NewCallerWord {
  pattern: string;
  word?: Word;
  note?: string;
}

/** An account to connect. */
export interface NewCarrier {
  kind: string;
  name: string;
  credentials: { [key: string]: string };
}

/** A company to make in the account. */
export interface NewCompany {
  name: string;
  time_zone?: string;
  country?: string;
  default_destination?: string | null;
  session_seconds?: number;
  ring_timeout_seconds?: number;
  look_back_days?: number;
  quarantine_days?: number;
  currency?: string;
  colour?: string | null;
  language?: string | null;
  journal_days?: number;
  visits_kept_days?: number | null;
  contacts_kept_days?: number | null;
}

/** A file to look at, or to take in. */
export interface NewCostFile {
  content: string;
  layout?: LayoutDocument | null;
  feed?: string | null;
  only_look?: boolean;
}

/** Days of a feed, whole: what it had for them before is replaced. */
export interface NewCosts {
  feed: string;
  lines: Array<CostDocument>;
}

/** A destination to make. */
export interface NewDestination {
  kind: string;
  name: string;
  settings: { [key: string]: string };
  rule?: RuleDocumentInput;
  is_on?: boolean;
  grant_id?: string | null;
}

/** A flow to make. */
export interface NewFlow {
  name: string;
  start: string;
  steps: { [key: string]: Greeting | ConsentNotice | Record | Menu | Gate | Schedule | Dial | RoundRobin | GeoRoute | Branch | Voicemail | TagCall | Survey | EndCall | Refuse };
  language?: string;
  missed_text?: string;
  numbers?: Array<string>;
}

/** An app at a platform, in whose name somebody will sign in. */
export interface NewGrant {
  provider: "google" | "microsoft" | "linkedin" | "hubspot" | "salesforce" | "pipedrive";
  name: string;
  client_id: string;
  client_secret: string;
  uses: Array<string>;
  addresses?: { [key: string]: string };
}

/** Whom to ask in. */
export interface NewInvitation {
  email: string;
  role: "owner" | "admin" | "analyst" | "agent" | "read_only";
  send_email?: boolean;
}

/** An invitation with its link, which is shown this once. */
export interface NewInvitationDocument {
  id: string;
  company_id: string;
  email: string;
  role: Role;
  invited_by: string;
  invited_by_key_id: string | null;
  created_at: string;
  ends_at: string;
  link: string;
}

/** A key to make. */
export interface NewKey {
  name: string;
  role?: Role;
  scopes?: Array<"read" | "write" | "read:calls" | "write:calls" | "read:visits" | "write:visits" | "read:reports" | "write:reports" | "read:conversions" | "write:conversions" | "read:numbers" | "write:numbers" | "read:setup" | "write:setup" | "read:people" | "write:people">;
  expires_at?: string | null;
}

/** A key with its secret, which is shown this once. */
export interface NewKeyDocument {
  id: string;
  company_id: string;
  name: string;
  role: Role;
  scopes: Array<"read" | "write" | "read:calls" | "write:calls" | "read:visits" | "write:visits" | "read:reports" | "write:reports" | "read:conversions" | "write:conversions" | "read:numbers" | "write:numbers" | "read:setup" | "write:setup" | "read:people" | "write:people">;
  expires_at: string | null;
  made_by: string;
  made_by_key_id: string | null;
  created_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
  key: string;
}

/** A rule, which becomes the last. */
export interface NewLeadRule {
  name: string;
  conditions?: Conditions;
  outcome: LeadRulesOutcome;
  is_on?: boolean;
}

/** For how long, and behind which password. */
export interface NewLink {
  days: number;
  password?: string | null;
}

/** Another picture. */
export interface NewLogo {
  content: string;
}

/** A number you own already, to add. */
export interface NewNumberMessage {
  pool_id?: string | null;
  target_id?: string | null;
  carrier_id?: string | null;
  placement?: string | null;
  channel?: string | null;
  source?: string | null;
  medium?: string | null;
  campaign?: string | null;
  monthly_cents?: number | null;
  placement_cents?: number | null;
  starts_on?: string | null;
  ends_on?: string | null;
  number: string;
}

/** Numbers you own already, to add: all of them, or none if one cannot be. */
export interface NewNumbersMessage {
  pool_id?: string | null;
  target_id?: string | null;
  carrier_id?: string | null;
  placement?: string | null;
  channel?: string | null;
  source?: string | null;
  medium?: string | null;
  campaign?: string | null;
  monthly_cents?: number | null;
  placement_cents?: number | null;
  starts_on?: string | null;
  ends_on?: string | null;
  numbers: Array<string>;
}

/** What to listen for; the same words again change the rest. */
export interface NewPhrase {
  phrase: string;
  said_by?: SaidBy;
  meaning?: Meaning;
  tag?: string;
}

/** An empty pool to make; numbers are added at /numbers. */
export interface NewPool {
  name: string;
  target_id: string;
  overflow?: Overflow;
  fallback_number_id?: string | null;
}

/** Rates to keep, instead of those of the same days and currencies. */
export interface NewRates {
  rates: Array<RateDocument>;
}

/** A rule to add after the others. */
export interface NewRule {
  name: string;
  conditions?: { [key: string]: Array<string> };
  outcome: RulesOutcome;
  pool_id?: string | null;
  number_id?: string | null;
}

/** When the report is sent, and to whom; each recipient can end it for themselves. */
export interface NewSchedule {
  cadence: Cadence;
  hour: number;
  recipients: Array<string>;
}

/** A website to add. */
export interface NewSite {
  name: string;
  hosts?: Array<string>;
  consent?: Consent;
  beat_seconds?: number;
  page?: PageOptionsDocument;
}

/** A sound to keep. */
export interface NewSound {
  name: string;
  content: string;
}

/** A business number to replace. */
export interface NewTarget {
  number: string;
  destination?: string | null;
  name?: string | null;
  shares_with?: string | null;
}

/** A report to save for everybody in the company. */
export interface NewView {
  name: string;
  address: string;
}

/** A page view, as the website's server saw it. */
export interface NewVisit {
  url: string;
  user_agent: string;
  address?: string;
  referrer?: string;
  title?: string;
  targets?: Array<string> | null;
  cookies?: { [key: string]: string };
  visitor?: string | null;
  session?: string | null;
  time_zone?: string;
  consent?: string | null;
  sec_gpc?: boolean;
  sec_purpose?: string;
}

/** What to change; a field that is left out stays. All but the status are a static number's. */
export interface NumberChangeMessage {
  status?: "active" | "paused";
  target_id?: string;
  placement?: string | null;
  channel?: string | null;
  source?: string | null;
  medium?: string | null;
  campaign?: string | null;
  monthly_cents?: number | null;
  placement_cents?: number | null;
  starts_on?: string | null;
  ends_on?: string | null;
  short_url?: string | null;
}

/** A tracking number. */
export interface NumberDocument {
  id: string;
  company_id: string;
  number: string;
  kind: NumberKind;
  status: NumberStatus;
  pool_id: string | null;
  target_id: string | null;
  carrier_id: string | null;
  placement: string | null;
  channel: string | null;
  source: string | null;
  medium: string | null;
  campaign: string | null;
  session_id: string | null;
  left_at: string | null;
  created_at: string;
  released_at: string | null;
  quarantined_at: string | null;
  monthly_cents: number | null;
  placement_cents: number | null;
  starts_on: string | null;
  ends_on: string | null;
  short_link: string | null;
  short_url: string | null;
}

/** Leased to one session at a time, or the same for everybody. */
export type NumberKind = "pool" | "static";

export interface NumberPage {
  data: Array<NumberDocument>;
  next_cursor: string | null;
}

/** What is done with a number: shown, only ringing, or no longer ours. */
export type NumberStatus = "active" | "paused" | "quarantined" | "released";

/** The numbers that were added. */
export interface NumbersDocument {
  data: Array<NumberDocument>;
}

/** A number for sale. */
export interface OfferDocument {
  number: string;
  locality: string | null;
  region: string | null;
  mismatch: string | null;
}

/** Numbers for sale, those that would do best first. */
export interface OffersDocument {
  data: Array<OfferDocument>;
}

/** How an order went: `ordering` means that the carrier gave no clear answer, so look there first. */
export interface OrderDocument {
  number: string;
  state: OrderState;
  number_id: string | null;
  problem: string | null;
  created_at: string;
  finished_at: string | null;
}

/** A number to buy. This costs money. */
export interface OrderMessage {
  carrier_id: string;
  pool_id?: string | null;
  target_id?: string | null;
  number: string;
  placement?: string | null;
  channel?: string | null;
  source?: string | null;
  medium?: string | null;
  campaign?: string | null;
  monthly_cents?: number | null;
}

/** How an order stands. */
export type OrderState = "ordering" | "bought" | "failed";

/** Where a delivery is. */
export type OutboxState = "waiting" | "sent" | "failed" | "withheld";

/** What a visit gets when every number of its pool is live. */
export type Overflow = "channel_static" | "fallback" | "original";

/** One day's calls. */
export interface OverviewDay {
  day: string;
  calls: number;
  answered: number;
  missed: number;
  calls_before: number;
}

/** The period beside the one before. */
export interface OverviewDocument {
  days: DaysDocument;
  now: FiguresDocument;
  before: FiguresDocument;
  visitors: number | null;
  visitors_before: number | null;
  cost_micros: number | null;
  cost_per_lead_micros: number | null;
  by_day: Array<OverviewDay>;
  by_hour_of_week: Array<number>;
}

/** How the script treats the site's pages. */
export interface PageOptionsDocument {
  declined?: Declined;
  forms?: boolean;
  form_fields?: Array<string>;
  attributes?: Array<string>;
  skip?: Array<string>;
  whatsapp?: boolean;
  microdata?: boolean;
  vanity?: Array<VanityDocument>;
  calltrk?: boolean;
  linked_hosts?: Array<string>;
}

/** Which calls a figure counts; the words stand in addresses. */
export type Part = "" | "first-time" | "answered" | "missed" | "unanswered" | "new" | "good" | "valued" | "rang" | "picked-up" | "spam" | "turned-away";

/** The calls and forms of a lead that are another person's. */
export interface PartOrder {
  contacts: Array<ContactRef>;
}

/** What the last visits counted for, the oldest first, and how the person got in touch then. */
export interface PathDocument {
  steps: Array<string>;
  is_cut: boolean;
  otherwise: string;
  ended_as: ContactKind;
  leads: number;
}

/** Everybody who got in touch for the first time is on one of them, the most common first. */
export interface PathsDocument {
  days: DaysDocument;
  by: Dimension;
  look_back_days: number;
  paths: Array<PathDocument>;
}

/** The most numbers that visits wanted at once in an hour; those that found none are counted, too. */
export interface PeakDocument {
  starts_at: string;
  live: number;
}

/** Somebody who belongs to the company. */
export interface PersonDocument {
  id: string;
  company_id: string;
  email: string;
  name: string;
  role: Role;
  created_at: string;
}

export interface PersonPage {
  data: Array<PersonDocument>;
  next_cursor: string | null;
}

/** What is listened for. */
export interface PhraseDocument {
  id: string;
  phrase: string;
  said_by: SaidBy;
  meaning: Meaning;
  tag: string;
  calls: number;
  created_at: string;
}

export interface PhrasePage {
  data: Array<PhraseDocument>;
  next_cursor: string | null;
}

/** What the platform says it counted. */
export interface PlatformCount {
  content: string;
}

/** One thing that speaks for a good lead, or against it. */
export interface PointDocument {
  sign: Sign;
  count: number;
  points: number;
  words: Array<string>;
}

/** What to change; a field that is left out stays. */
export interface PolicyChange {
  mark_from?: number;
  reject_from?: number | null;
  cap_minutes?: number | null;
  cap_cents?: number | null;
  cents_a_minute?: number | null;
}

/** What is done about spam. */
export interface PolicyDocument {
  mark_from: number;
  reject_from: number | null;
  cap_minutes: number | null;
  cap_cents: number | null;
  cents_a_minute: number | null;
}

/** What to change; a field that is left out stays. */
export interface PoolChange {
  name?: string;
  overflow?: Overflow;
  fallback_number_id?: string | null;
}

/** A pool. */
export interface PoolDocument {
  id: string;
  company_id: string;
  name: string;
  target_id: string;
  overflow: Overflow;
  fallback_number_id: string | null;
  numbers: PoolNumbersDocument;
  created_at: string;
}

/** Whether a pool was large enough. */
export interface PoolHealthDocument {
  pool_id: string;
  name: string;
  numbers: number;
  shown: number;
  without: number;
  calls: number;
  confidence: number | null;
  before: { [key: string]: number };
}

/** How many numbers the pool has: active ones, those that a session shows now, and paused ones. */
export interface PoolNumbersDocument {
  active: number;
  live: number;
  paused: number;
}

export interface PoolPage {
  data: Array<PoolDocument>;
  next_cursor: string | null;
}

/** What a pool of so many numbers would have done. */
export interface PoolSizeDocument {
  numbers: number;
  overflow: number;
  kept_back: number;
  accuracy: number;
  monthly_cents: number;
}

/** Each pool, by name. */
export interface PoolsHealthDocument {
  days: DaysDocument;
  pools: Array<PoolHealthDocument>;
}

/** What a session's page last said of itself. */
export type Presence = "visible" | "hidden" | "gone";

/** RFC 9457 problem details; `code` names the problem for programs and stays the same. */
export interface ProblemDocument {
  type?: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: Array<FaultDocument>;
}

/** How we know. */
export type Proof = "person" | "form" | "tap";

/** The calls that one kind of proof checks. */
export interface ProvenDocument {
  proof: Proof;
  calls: number;
  right: number;
  sure: number;
  sure_right: number;
  confidence: number | null;
  calibration_error: number | null;
  error_by_chance: number | null;
  says_enough: boolean;
  bins: Array<BinDocument>;
}

/** What came of it. */
export interface PutDocument {
  feed: string;
  lines: number;
  days: number;
  replaced: number;
}

/** What a currency was worth on a day. */
export interface RateDocument {
  day: string;
  base: string;
  quote: string;
  worth: string;
}

/** How a file was read; what was kept by other doors may say what no request may. */
export interface ReadLayoutDocument {
  columns: { [key: string]: string };
  platform: "google_ads" | "microsoft" | "meta" | "other";
  currency: string;
  decimal: "" | "." | ",";
  month_first: boolean | null;
  campaign: string;
}

/** Somebody who is sent it. */
export interface RecipientDocument {
  address: string;
  stopped_at: string | null;
}

/** Weigh past calls anew. */
export interface Recompute {
  days: number;
  apply?: boolean;
  version?: number | null;
}

/** What a call is credited to. */
export interface RecomputesCreditDocument {
  kind: string;
  session_id: string | null;
  confidence: number | null;
}

/** Record what is said from here on, once somebody answers; a consent notice must come before. */
export interface Record {
  kind: "record";
  then?: string;
}

/** A recording of a talk or of a message. */
export interface RecordingDocument {
  id: string;
  kind: Kind;
  state: RecordingState;
  recorded_at: string;
  seconds: number | null;
  url: string | null;
  media_type: string | null;
  caller_share: number | null;
  turns: Array<TurnDocument>;
  trouble: string | null;
  gone_because: Because | null;
}

/** When the talks of a number's calls are recorded. */
export type RecordingMode = "off" | "untold" | "notice" | "keypress" | "by_law";

/** What to change; a field that is left out stays, or is as for all other numbers. */
export interface RecordingPolicyChange {
  mode?: RecordingMode;
  notice?: string;
  question?: string;
  notice_file?: string;
  question_file?: string;
}

/** When talks are recorded, and what callers hear of it. */
export interface RecordingPolicyDocument {
  number: string | null;
  mode: RecordingMode;
  notice: string;
  question: string;
  notice_file: string;
  question_file: string;
}

export interface RecordingPolicyPage {
  data: Array<RecordingPolicyDocument>;
  next_cursor: string | null;
}

/** Where a recording is. */
export type RecordingState = "due" | "kept" | "failed" | "gone";

/** Do not take the call: the caller hears a busy tone, or that nobody is there. */
export interface Refuse {
  kind: "reject";
  busy?: boolean;
}

/** The pool's latest rehearsal. */
export interface RehearsalDocument {
  pool_id: string;
  days: number;
  asked_at: string | null;
  sizes: Array<number>;
  is_running: boolean;
  failed: boolean;
  results: Array<SizeDocument>;
}

/** What is to be sent once more: all that was said in [since, until). */
export interface Replay {
  since: string;
  until: string;
  told_too?: boolean;
}

/** How many messages are on their way again. */
export interface ReplayDocument {
  count: number;
}

/** The words. */
export interface ReplyChange {
  text?: string;
}

/** What a number's missed callers are written. */
export interface ReplyDocument {
  number: string | null;
  text: string;
}

export interface ReplyPage {
  data: Array<ReplyDocument>;
  next_cursor: string | null;
}

/** Amounts are whole millionths of the company's currency; null where nothing can be divided. */
export interface ReportReturnsReturnDocument {
  cost_micros: number;
  revenue_micros: number;
  cost_per_call_micros: number | null;
  cost_per_first_time_caller_micros: number | null;
  cost_per_qualified_micros: number | null;
  cost_per_lead_micros: number | null;
  cost_per_form_micros: number | null;
  roas: string | null;
  figures: FiguresDocument;
}

/** An HTTP request, with its secrets left out. */
export interface RequestDocument {
  method: string;
  url: string;
  headers: { [key: string]: string };
  body: string;
}

/** `now` ends it without waiting for its quarantine, and wherever it points; `keep` lets it stay, and cost. */
export interface ReturnMessage {
  action?: "now" | "keep";
}

/** How a return stands. */
export type ReturnState = "waiting" | "refused" | "ended" | "kept";

/** Released numbers that are still at their carrier. */
export interface ReturnsDocument {
  data: Array<ReturnsReturnDocument>;
}

/** A released number on its way back to its carrier. */
export interface ReturnsReturnDocument {
  number_id: string;
  number: string;
  state: ReturnState;
  due_at: string;
  problem: string | null;
}

/** What weighing anew changes, or changed. */
export interface ReviewDocument {
  version: number;
  calls: number;
  changed: number;
  changes: Array<ShiftDocument>;
}

/** All combinations that cost something or brought something, the dearest first. */
export interface RoiDocument {
  days: DaysDocument;
  currency: string;
  counts_costs: boolean;
  counts_forms: boolean;
  unconverted_micros: { [key: string]: number };
  lines: Array<RoiLineDocument>;
  paid: RoiLineDocument;
  total: RoiLineDocument;
}

/** One combination of values; places go by what a form, or a new person, cost: 1 is the cheapest. */
export interface RoiLineDocument {
  values: { [key: string]: string };
  now: ReportReturnsReturnDocument;
  before: ReportReturnsReturnDocument;
  place_by_forms: number | null;
  place: number | null;
}

/** What a person or a key may do, from all to least. */
export type Role = "owner" | "admin" | "analyst" | "agent" | "read_only" | "site";

/** What somebody is from now on. */
export interface RoleChange {
  role?: "owner" | "admin" | "analyst" | "agent" | "read_only";
}

/** Ring numbers in turn from call to call, by weight; if `sticky`, first whoever this caller talked to last. */
export interface RoundRobin {
  kind: "round_robin";
  targets?: Array<Target>;
  tries?: number;
  sticky?: boolean;
  whisper?: string;
  press_1?: boolean;
  survey?: string;
  then?: string;
  otherwise?: string;
}

/** What to change; a field that is left out stays. */
export interface RuleChange {
  name?: string;
  conditions?: { [key: string]: Array<string> };
  outcome?: RulesOutcome;
  pool_id?: string | null;
  number_id?: string | null;
}

/** What counts: every condition must be met. */
export interface RuleDocumentInput {
  calls?: boolean;
  forms?: boolean;
  answered?: boolean;
  least_talk_seconds?: number;
  first_time_only?: boolean;
  qualified_only?: boolean;
  tags?: Array<string>;
  least_confidence?: number;
  value_cents?: number | null;
  tag_cents?: { [key: string]: number };
  events?: Array<Event>;
  is_dry_run?: boolean;
}

/** All rules, in the order in which they are to be asked. */
export interface RuleOrder {
  rule_ids: Array<string>;
}

export interface RulePage {
  data: Array<RulesRuleDocument>;
  next_cursor: string | null;
}

/** All rules, in order. */
export interface RulesDocument {
  data: Array<RulesRuleDocument>;
}

/** What a rule gives. */
export type RulesOutcome = "pool" | "static" | "leave";

/** A rule; the lowest position is asked first, and the first rule that matches decides. */
export interface RulesRuleDocument {
  id: string;
  company_id: string;
  position: number;
  name: string;
  conditions: { [key: string]: Array<string> };
  outcome: RulesOutcome;
  pool_id: string | null;
  number_id: string | null;
  created_at: string;
}

/** Whose words count. */
export type SaidBy = "anybody" | "caller" | "agent";

/** Go one way in business hours, another outside them and on holidays. */
export interface Schedule {
  kind: "schedule";
  hours?: Hours;
  open?: string;
  closed?: string;
}

/** What to change; a field that is left out stays. */
export interface ScheduleChange {
  cadence?: Cadence;
  hour?: number;
  recipients?: Array<string>;
}

/** A regular e-mail. */
export interface ScheduleDocument {
  id: string;
  view_id: string;
  cadence: Cadence;
  hour: number;
  recipients: Array<RecipientDocument>;
  made_by: string;
  due_at: string;
  trouble: string | null;
  created_at: string;
}

export interface SchedulePage {
  data: Array<ScheduleDocument>;
  next_cursor: string | null;
}

/** How good a lead a call sounds, from 0 to 100, and why. */
export interface ScoreDocument {
  score: number;
  reasons: Array<PointDocument>;
}

/** What to look for; the area is the target's own, then any, unless one is given. */
export interface SearchMessage {
  carrier_id: string;
  pool_id?: string | null;
  target_id?: string | null;
  area_code?: string | null;
  limit?: number;
}

/** What one side said in one go. */
export interface SegmentDocument {
  side: Side;
  begins: number;
  ends: number;
  text: string;
  words: Array<WordDocument>;
}

/** To whom. */
export interface Sending {
  recipients: Array<string>;
}

/** What is on its way. */
export interface SentDocument {
  view_id: string;
  recipients: Array<string>;
}

/** A visit with its timeline: the landing page first, then in order of time. */
export interface SessionDetailDocument {
  id: string;
  company_id: string;
  visitor_id: string;
  site_id: string;
  started_at: string;
  last_seen_at: string;
  dwell_seconds: number;
  state: Presence;
  channel: string;
  source: string;
  medium: string;
  campaign: string | null;
  campaign_id: string | null;
  keyword: string | null;
  content: string | null;
  click_ids: { [key: string]: string };
  value_track: { [key: string]: string };
  referrer: string;
  landing_page: string;
  device: string;
  time_zone: string;
  region: string | null;
  opted_out: boolean;
  numbers: Array<ShownDocument>;
  timeline: Array<EventDocument>;
}

/** A visit and where it came from. */
export interface SessionDocument {
  id: string;
  company_id: string;
  visitor_id: string;
  site_id: string;
  started_at: string;
  last_seen_at: string;
  dwell_seconds: number;
  state: Presence;
  channel: string;
  source: string;
  medium: string;
  campaign: string | null;
  campaign_id: string | null;
  keyword: string | null;
  content: string | null;
  click_ids: { [key: string]: string };
  value_track: { [key: string]: string };
  referrer: string;
  landing_page: string;
  device: string;
  time_zone: string;
  region: string | null;
  opted_out: boolean;
  numbers: Array<ShownDocument>;
}

export interface SessionPage {
  data: Array<SessionDocument>;
  next_cursor: string | null;
}

/** A call that comes out differently. */
export interface ShiftDocument {
  call_id: string;
  was: RecomputesCreditDocument;
  becomes: RecomputesCreditDocument;
}

/** A pool number that the visitor saw in place of `target`; `until` is null while it is still shown. */
export interface ShownDocument {
  number_id: string;
  number: string;
  target: string | null;
  from: string;
  until: string | null;
}

/** Who spoke. */
export type Side = "caller" | "agent" | "unknown";

/** What speaks for a good lead, or against it. */
export type Sign = "long_talk" | "talk" | "short_talk" | "not_reached" | "message" | "first_call" | "called_before" | "paid" | "both_spoke" | "one_sided" | "good_words" | "bad_words" | "spam";

/** What speaks for spam, or against it. */
export type Signal = "blocked" | "allowed" | "honeypot" | "numbers" | "calls" | "attested_c" | "attested_a" | "impossible" | "neighbour" | "withheld" | "spam_before" | "talked_before";

/** What to change; a field that is left out stays. */
export interface SiteChange {
  name?: string;
  hosts?: Array<string>;
  consent?: Consent;
  beat_seconds?: number;
  page?: PageOptionsDocument;
}

/** A website; `snippet` is the line to paste into its pages. */
export interface SiteDocument {
  id: string;
  company_id: string;
  site_key: string;
  name: string;
  hosts: Array<string>;
  consent: Consent;
  beat_seconds: number;
  page: PageOptionsDocument;
  snippet: string;
  first_seen_at: string | null;
  created_at: string;
}

export interface SitePage {
  data: Array<SiteDocument>;
  next_cursor: string | null;
}

/** What became of the visits and calls with so many numbers. */
export interface SizeDocument {
  numbers: number;
  visits: number;
  overflow: number;
  calls: number;
  untracked: number;
  right: number | null;
  confidence: number | null;
}

/** How large a pool is, and should be. */
export interface SizingDocument {
  pool_id: string;
  active: number;
  quiet_minutes: number;
  promise: number;
  advice: AdviceDocument | null;
  peaks: Array<PeakDocument>;
  exhausted: number;
  days: Array<DayDocument>;
}

/** Another file for a sound; its name stays, since flows play it by that. */
export interface SoundChange {
  content?: string;
}

/** A sound. */
export interface SoundDocument {
  id: string;
  company_id: string;
  name: string;
  file: string;
  seconds: number;
  size_bytes: number;
  flows: Array<string>;
  recording_notices_of: Array<string>;
  changed_at: string;
}

export interface SoundPage {
  data: Array<SoundDocument>;
  next_cursor: string | null;
}

/** Where the visit would come from. */
export interface SourceDocument {
  channel: string;
  source: string;
  medium: string;
  campaign: string | null;
  keyword: string | null;
  click_ids: { [key: string]: string };
}

/** Calls that count in no other report. */
export interface SpamCallsDocument {
  days: DaysDocument;
  all_calls: number;
  signals: { [key: string]: number };
  numbers: Array<SpammedNumberDocument>;
}

/** Whether the call counts as spam, and why. */
export interface SpamDocument {
  is_spam: boolean;
  score: number | null;
  reasons: Array<SpamReason>;
  said: boolean | null;
}

/** One thing that speaks for spam, or against it. */
export interface SpamReason {
  signal: Signal;
  count: number;
  points: number;
}

/** A tracking number (empty where it is not known) and the spam that it got. */
export interface SpammedNumberDocument {
  number: string;
  spam: number;
  turned_away: number;
  talk_seconds: number;
  before: { [key: string]: number };
}

/** Where a delivery is. */
export type StateInput = "waiting" | "sent" | "failed" | "withheld";

/** Where a call is, or how it ended. */
export type Status = "ringing" | "in_progress" | "answered" | "missed" | "voicemail" | "busy" | "failed" | "blocked" | "abandoned";

/** What became of one rule. */
export interface StepDocument {
  position: number;
  rule_id: string;
  name: string;
  verdict: Verdict;
  because: string | null;
}

/** Who wants no texts, or wants them again. */
export interface Stop {
  number: string;
  stopped?: boolean;
}

/** Somebody who wants no texts. */
export interface StopDocument {
  number: string;
  since: string;
}

export interface StopPage {
  data: Array<StopDocument>;
  next_cursor: string | null;
}

/** What to look at; docs/reports.md has the rules. */
export interface SuggestionsDocument {
  days: DaysDocument;
  currency: string;
  usual_per_call_micros: number | null;
  wasted: Array<WastedDocument>;
  campaigns: Array<UnansweredCampaignDocument>;
  hours: Array<UnansweredHourDocument>;
}

/** What the lines come to. */
export interface SumDocument {
  currency: string;
  micros: number;
}

/** Ask whoever is on the line how it went, by key; with `ask_value` also what it was worth, ended with #. */
export interface Survey {
  kind: "survey";
  text?: string;
  file?: string;
  answers?: { [key: string]: Answer };
  ask_value?: boolean;
  value_text?: string;
  wait_seconds?: number;
  then?: string;
}

/** What to show in place of a number. */
export interface SwapDocument {
  number: string;
  display: string;
  calling_code: string;
}

/** Tag the call. */
export interface TagCall {
  kind: "tag";
  tags?: Array<string>;
  then?: string;
}

/** An access that is no more. */
export interface TakenBackDocument {
  left_to_do: string | null;
}

/** A number to ring: E.164, or `destination`; its weight counts in a round robin, its seconds when in turn. */
export interface Target {
  number?: string;
  ring_seconds?: number;
  weight?: number;
}

/** What to change; a field that is left out stays. */
export interface TargetChange {
  number?: string;
  destination?: string;
  name?: string;
  shares_with?: string | null;
}

/** A business number, and where calls to the numbers shown in its place go. */
export interface TargetDocument {
  id: string;
  company_id: string;
  number: string;
  destination: string;
  name: string;
  shares_with: string | null;
  created_at: string;
}

export interface TargetPage {
  data: Array<TargetDocument>;
  next_cursor: string | null;
}

/** Whether the settings work. */
export interface TestDocument {
  works: boolean;
  words: string;
}

/** A text message. */
export interface TextDocument {
  id: string;
  company_id: string;
  call_id: string | null;
  sender: string;
  recipient: string;
  body: string;
  state: TextState;
  written_at: string;
  words: string | null;
}

export interface TextPage {
  data: Array<TextDocument>;
  next_cursor: string | null;
}

/** Where a text message is. */
export type TextState = "waiting" | "sending" | "sent" | "failed" | "dropped" | "received";

/** The same, and who told it: files and platforms say what no request may. */
export interface ToldCostDocument {
  day: string;
  micros: number;
  currency: string;
  campaign?: string;
  campaign_id?: string;
  ad_group?: string;
  keyword?: string;
  channel?: string;
  source?: string;
  medium?: string;
  clicks?: number;
  impressions?: number;
  feed: string;
}

export interface ToldCostPage {
  data: Array<ToldCostDocument>;
  next_cursor: string | null;
}

/** The same, as it was told: a file may be finer than a request. */
export interface ToldRateDocument {
  day: string;
  base: string;
  quote: string;
  worth: string;
}

export interface ToldRatePage {
  data: Array<ToldRateDocument>;
  next_cursor: string | null;
}

/** What was said in one recording of a call. */
export interface TranscriptDocument {
  recording_id: string;
  kind: Kind;
  state: TranscriptState;
  trouble: string | null;
  made_at: string | null;
  language: string | null;
  engine: string | null;
  caller_share: number | null;
  segments: Array<SegmentDocument>;
}

/** Where a transcript is. */
export type TranscriptState = "due" | "kept" | "failed";

/** What was said in a call. */
export interface TranscriptsDocument {
  call_id: string;
  hits: Array<HitDocument>;
  transcripts: Array<TranscriptDocument>;
}

/** Somebody speaks. */
export interface TurnDocument {
  speaker: number;
  begins: number;
  ends: number;
}

/** A campaign whose calls go unanswered more often than others. */
export interface UnansweredCampaignDocument {
  campaign: string;
  calls: number;
  unanswered: number;
}

/** An hour, on the company's clocks, in which calls go unanswered more often than in others. */
export interface UnansweredHourDocument {
  days: DayKind;
  hour: number;
  calls: number;
  unanswered: number;
}

/** A text that stands for a number, and what is written instead; `{number}` is the number shown. */
export interface VanityDocument {
  text: string;
  target: string;
  template?: string;
}

/** What became of a rule. */
export type Verdict = "decided" | "no_match" | "other_target" | "not_to_be_had" | "not_asked";

/** What to change; a field that is left out stays. */
export interface ViewChange {
  name?: string;
  address?: string;
}

/** A saved report. */
export interface ViewDocument {
  id: string;
  company_id: string;
  name: string;
  address: string;
  created_at: string;
}

export interface ViewPage {
  data: Array<ViewDocument>;
  next_cursor: string | null;
}

/** A visit's share of the lead (0 to 1), by each way of counting. */
export interface VisitDocument {
  session_id: string;
  at: string;
  channel: string;
  credit: { [key: string]: number };
}

/** Let the caller leave a message. */
export interface Voicemail {
  kind: "voicemail";
  text?: string;
  file?: string;
  longest_seconds?: number;
  then?: string;
}

/** A keyword that cost something, and of which neither a call nor a form came. */
export interface WastedDocument {
  campaign: string;
  keyword: string;
  cost_micros: number;
  expected_calls: string;
  visits: number;
}

/** The answer; with empty `swaps` and no session, leave the page as it is. */
export interface WelcomeDocument {
  visitor: string | null;
  session: string | null;
  swaps: { [key: string]: SwapDocument };
  beat: number;
  cookie: CookieDocument | null;
}

/** A delivery with its tries, and the exact request that it is. */
export interface WholeDelivery {
  id: string;
  destination_id: string;
  conversion_id: string;
  says: string;
  contact_kind: ContactKind;
  contact_id: string;
  value_cents: number | null;
  currency: string;
  state: OutboxState;
  said_at: string;
  due_at: string | null;
  attempts: number;
  ended_at: string | null;
  words: string | null;
  tries: Array<AttemptDocument>;
  requests: Array<RequestDocument>;
}

/** What one destination makes of a call or a form. */
export interface WhyExplanationDocument {
  destination_id: string;
  destination: string;
  is_on: boolean;
  counts: boolean;
  value_cents: number | null;
  reasons: Array<WhyReasonDocument>;
  objection: string | null;
  told: Array<DeliveryDocument>;
}

/** One condition of a rule. */
export interface WhyReasonDocument {
  condition: string;
  is_met: boolean;
  words: string;
}

/** What a person said of a number, or of all that begin alike. */
export type Word = "block" | "allow";

/** A word as it was heard. */
export interface WordDocument {
  text: string;
  begins: number;
  ends: number;
}

/** What to change; a field that is left out stays. */
export interface WordSettingsChange {
  transcribes?: boolean;
  language?: string;
}

/** Whether what is said is written down. */
export interface WordSettingsDocument {
  transcribes: boolean;
  language: string;
  trouble: string | null;
}

/** By operation: method and address below `/api/v1`, what it takes, and what it answers. */
export interface Operations {
  /** List companies. */
  list_companies: { method: "GET"; path: "/companies"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null }; body: undefined; answer: CompanyPage };
  /** Make a company in the account. */
  create_company: { method: "POST"; path: "/companies"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewCompany; answer: CompanyDocument };
  /** One company. */
  get_company: { method: "GET"; path: "/companies/{company_id}"; params: { "company_id": string }; query: { [key: string]: never }; body: undefined; answer: CompanyDocument };
  /** Change a company. */
  change_company: { method: "PATCH"; path: "/companies/{company_id}"; params: { "company_id": string }; query: { [key: string]: never }; body: CompanyChange; answer: CompanyDocument };
  /** A company's logo. */
  get_logo: { method: "GET"; path: "/companies/{company_id}/logo"; params: { "company_id": string }; query: { [key: string]: never }; body: undefined; answer: LogoDocument };
  /** Set a company's logo. */
  set_logo_companies: { method: "PUT"; path: "/companies/{company_id}/logo"; params: { "company_id": string }; query: { [key: string]: never }; body: NewLogo; answer: LogoDocument };
  /** Remove a company's logo. */
  remove_logo: { method: "DELETE"; path: "/companies/{company_id}/logo"; params: { "company_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** List sites. */
  list_sites: { method: "GET"; path: "/sites"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null }; body: undefined; answer: SitePage };
  /** Add a site. */
  create_site: { method: "POST"; path: "/sites"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewSite; answer: SiteDocument };
  /** One site. */
  get_site: { method: "GET"; path: "/sites/{site_id}"; params: { "site_id": string }; query: { [key: string]: never }; body: undefined; answer: SiteDocument };
  /** Change a site. */
  change_site: { method: "PATCH"; path: "/sites/{site_id}"; params: { "site_id": string }; query: { [key: string]: never }; body: SiteChange; answer: SiteDocument };
  /** Remove a site. */
  remove_site: { method: "DELETE"; path: "/sites/{site_id}"; params: { "site_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** List swap targets. */
  list_swap_targets: { method: "GET"; path: "/swap-targets"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null }; body: undefined; answer: TargetPage };
  /** Add a swap target. */
  create_swap_target: { method: "POST"; path: "/swap-targets"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewTarget; answer: TargetDocument };
  /** One swap target. */
  get_swap_target: { method: "GET"; path: "/swap-targets/{target_id}"; params: { "target_id": string }; query: { [key: string]: never }; body: undefined; answer: TargetDocument };
  /** Change a swap target. */
  change_swap_target: { method: "PATCH"; path: "/swap-targets/{target_id}"; params: { "target_id": string }; query: { [key: string]: never }; body: TargetChange; answer: TargetDocument };
  /** Remove a swap target. */
  remove_swap_target: { method: "DELETE"; path: "/swap-targets/{target_id}"; params: { "target_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** List pools. */
  list_pools: { method: "GET"; path: "/pools"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null }; body: undefined; answer: PoolPage };
  /** Make a pool. */
  create_pool: { method: "POST"; path: "/pools"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewPool; answer: PoolDocument };
  /** One pool. */
  get_pool: { method: "GET"; path: "/pools/{pool_id}"; params: { "pool_id": string }; query: { [key: string]: never }; body: undefined; answer: PoolDocument };
  /** Change a pool. */
  change_pool: { method: "PATCH"; path: "/pools/{pool_id}"; params: { "pool_id": string }; query: { [key: string]: never }; body: PoolChange; answer: PoolDocument };
  /** Remove a pool. */
  remove_pool: { method: "DELETE"; path: "/pools/{pool_id}"; params: { "pool_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** A pool's auto-scale. */
  get_auto_scale_pools: { method: "GET"; path: "/pools/{pool_id}/auto-scale"; params: { "pool_id": string }; query: { [key: string]: never }; body: undefined; answer: AutoScaleDocument };
  /** Set a pool's auto-scale. */
  set_auto_scale_pools: { method: "PATCH"; path: "/pools/{pool_id}/auto-scale"; params: { "pool_id": string }; query: { [key: string]: never }; body: AutoScaleChange; answer: AutoScaleDocument };
  /** The latest rehearsal of a pool. */
  get_rehearsal: { method: "GET"; path: "/pools/{pool_id}/rehearsal"; params: { "pool_id": string }; query: { [key: string]: never }; body: undefined; answer: RehearsalDocument };
  /** Rehearse other sizes of a pool. */
  rehearse_pools: { method: "POST"; path: "/pools/{pool_id}/rehearsal"; params: { "pool_id": string }; query: { [key: string]: never }; body: undefined; answer: RehearsalDocument };
  /** How many numbers a pool needs. */
  get_sizing: { method: "GET"; path: "/pools/{pool_id}/sizing"; params: { "pool_id": string }; query: { "quiet_minutes"?: number | null; "promise"?: number | null }; body: undefined; answer: SizingDocument };
  /** Look for numbers for sale. */
  search_numbers: { method: "POST"; path: "/numbers/search"; params: { [key: string]: never }; query: { [key: string]: never }; body: SearchMessage; answer: OffersDocument };
  /** Buy a number. */
  order_numbers: { method: "POST"; path: "/numbers/orders"; params: { [key: string]: never }; query: { [key: string]: never }; body: OrderMessage; answer: OrderDocument };
  /** Pause, quarantine, release, activate or assign numbers. */
  actions_numbers: { method: "POST"; path: "/numbers/actions"; params: { [key: string]: never }; query: { [key: string]: never }; body: ActionMessage; answer: NumbersDocument };
  /** List released numbers that are still at their carrier. */
  waiting_numbers: { method: "GET"; path: "/numbers/returns"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: ReturnsDocument };
  /** End a released number at its carrier now, or keep it there. */
  decide_numbers: { method: "POST"; path: "/numbers/{number_id}/return"; params: { "number_id": string }; query: { [key: string]: never }; body: ReturnMessage; answer: ReturnsReturnDocument };
  /** Send a number's calls here, at its carrier. */
  point_numbers: { method: "POST"; path: "/numbers/{number_id}/point-here"; params: { "number_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** List tracking numbers. */
  list_numbers: { method: "GET"; path: "/numbers"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null; "status"?: NumberStatus | null; "kind"?: NumberKind | null; "pool_id"?: string | null; "number"?: string | null }; body: undefined; answer: NumberPage };
  /** Add a tracking number. */
  create_number: { method: "POST"; path: "/numbers"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewNumberMessage; answer: NumberDocument };
  /** Add many tracking numbers. */
  create_many_numbers: { method: "POST"; path: "/numbers/bulk"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewNumbersMessage; answer: NumbersDocument };
  /** One tracking number. */
  get_number: { method: "GET"; path: "/numbers/{number_id}"; params: { "number_id": string }; query: { [key: string]: never }; body: undefined; answer: NumberDocument };
  /** Change a tracking number. */
  change_number: { method: "PATCH"; path: "/numbers/{number_id}"; params: { "number_id": string }; query: { [key: string]: never }; body: NumberChangeMessage; answer: NumberDocument };
  /** Release a tracking number. */
  release_numbers: { method: "DELETE"; path: "/numbers/{number_id}"; params: { "number_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** Explain what a visit would see. */
  explain_visit_rules: { method: "GET"; path: "/rules/explain"; params: { [key: string]: never }; query: { "url"?: string; "referrer"?: string; "device"?: "phone" | "tablet" | "desktop"; "visitor"?: "new" | "returning"; "time_zone"?: string | null; "region"?: string | null; "at"?: string | null; "target"?: string | null }; body: undefined; answer: ExplainExplanationDocument };
  /** List rules in their order. */
  list_rules: { method: "GET"; path: "/rules"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null }; body: undefined; answer: RulePage };
  /** Add a rule. */
  create_rule: { method: "POST"; path: "/rules"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewRule; answer: RulesRuleDocument };
  /** Put the rules in order. */
  order_rules: { method: "POST"; path: "/rules/order"; params: { [key: string]: never }; query: { [key: string]: never }; body: RuleOrder; answer: RulesDocument };
  /** One rule. */
  get_rule: { method: "GET"; path: "/rules/{rule_id}"; params: { "rule_id": string }; query: { [key: string]: never }; body: undefined; answer: RulesRuleDocument };
  /** Change a rule. */
  change_rule: { method: "PATCH"; path: "/rules/{rule_id}"; params: { "rule_id": string }; query: { [key: string]: never }; body: RuleChange; answer: RulesRuleDocument };
  /** Remove a rule. */
  remove_rule: { method: "DELETE"; path: "/rules/{rule_id}"; params: { "rule_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** Try a flow without a call. */
  try_flows: { method: "GET"; path: "/flows/{flow_id}/dry-run"; params: { "flow_id": string }; query: { "at"?: string | null; "caller"?: string | null; "keys"?: string; "answered"?: Answered; "channel"?: string | null; "source"?: string | null; "medium"?: string | null; "campaign"?: string | null; "keyword"?: string | null }; body: undefined; answer: DryRunDocument };
  /** List flows, oldest first. */
  list_flows: { method: "GET"; path: "/flows"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null }; body: undefined; answer: FlowPage };
  /** Make a flow. */
  create_flow: { method: "POST"; path: "/flows"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewFlow; answer: FlowDocument };
  /** One flow. */
  get_flow: { method: "GET"; path: "/flows/{flow_id}"; params: { "flow_id": string }; query: { [key: string]: never }; body: undefined; answer: FlowDocument };
  /** Change a flow. */
  change_flow: { method: "PATCH"; path: "/flows/{flow_id}"; params: { "flow_id": string }; query: { [key: string]: never }; body: FlowChange; answer: FlowDocument };
  /** Remove a flow. */
  remove_flow: { method: "DELETE"; path: "/flows/{flow_id}"; params: { "flow_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** List sounds, oldest first. */
  list_sounds: { method: "GET"; path: "/sounds"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null }; body: undefined; answer: SoundPage };
  /** Send a sound. */
  create_sound: { method: "POST"; path: "/sounds"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewSound; answer: SoundDocument };
  /** One sound. */
  get_sound: { method: "GET"; path: "/sounds/{sound_id}"; params: { "sound_id": string }; query: { [key: string]: never }; body: undefined; answer: SoundDocument };
  /** Replace a sound's file. */
  change_sound: { method: "PATCH"; path: "/sounds/{sound_id}"; params: { "sound_id": string }; query: { [key: string]: never }; body: SoundChange; answer: SoundDocument };
  /** Remove a sound. */
  remove_sound: { method: "DELETE"; path: "/sounds/{sound_id}"; params: { "sound_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** Hear a sound. */
  hear_sounds: { method: "GET"; path: "/sounds/{sound_id}/content"; params: { "sound_id": string }; query: { [key: string]: never }; body: undefined; answer: Blob };
  /** List carriers, oldest first. */
  list_carriers: { method: "GET"; path: "/carriers"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: CarrierPage };
  /** Connect a carrier. */
  create_carrier: { method: "POST"; path: "/carriers"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewCarrier; answer: CarrierDocument };
  /** Which carriers there are, and what they need. */
  kinds_carriers: { method: "GET"; path: "/carriers/kinds"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: CarrierKindPage };
  /** One carrier. */
  get_carrier: { method: "GET"; path: "/carriers/{carrier_id}"; params: { "carrier_id": string }; query: { [key: string]: never }; body: undefined; answer: CarrierDocument };
  /** Change a carrier. */
  change_carrier: { method: "PATCH"; path: "/carriers/{carrier_id}"; params: { "carrier_id": string }; query: { [key: string]: never }; body: CarrierChange; answer: CarrierDocument };
  /** Remove a carrier. */
  remove_carrier: { method: "DELETE"; path: "/carriers/{carrier_id}"; params: { "carrier_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** List calls, newest first. */
  list_calls: { method: "GET"; path: "/calls"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null; "from"?: string | null; "to"?: string | null; "status"?: Status | null; "channel"?: string | null; "campaign"?: string | null; "tracking_number"?: string | null; "caller"?: string | null; "session_id"?: string | null; "spam"?: boolean | null; "q"?: string | null; "said"?: string | null }; body: undefined; answer: CallPage };
  /** Export calls. */
  export_calls: { method: "GET"; path: "/calls/export"; params: { [key: string]: never }; query: { "from"?: string | null; "to"?: string | null; "status"?: Status | null; "channel"?: string | null; "campaign"?: string | null; "tracking_number"?: string | null; "caller"?: string | null; "session_id"?: string | null; "spam"?: boolean | null; "q"?: string | null; "said"?: string | null; "after"?: string | null }; body: undefined; answer: Blob };
  /** One call. */
  get_call: { method: "GET"; path: "/calls/{call_id}"; params: { "call_id": string }; query: { [key: string]: never }; body: undefined; answer: CallDocument };
  /** Judge a call. */
  change_call: { method: "PATCH"; path: "/calls/{call_id}"; params: { "call_id": string }; query: { [key: string]: never }; body: CallChange; answer: CallDocument };
  /** Say whether a call was credited rightly. */
  judge_match_calls: { method: "POST"; path: "/calls/{call_id}/match"; params: { "call_id": string }; query: { [key: string]: never }; body: MatchWord; answer: MatchDocument };
  /** A call's recordings. */
  list_recordings_calls: { method: "GET"; path: "/calls/{call_id}/recordings"; params: { "call_id": string }; query: { [key: string]: never }; body: undefined; answer: Array<RecordingDocument> };
  /** Hear a recording. */
  hear_calls: { method: "GET"; path: "/calls/{call_id}/recordings/{recording_id}/sound"; params: { "call_id": string; "recording_id": string }; query: { [key: string]: never }; body: undefined; answer: Blob };
  /** Delete a recording. */
  remove_recording_calls: { method: "DELETE"; path: "/calls/{call_id}/recordings/{recording_id}"; params: { "call_id": string; "recording_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** Fetch a recording once more. */
  fetch_recording_again_calls: { method: "POST"; path: "/calls/{call_id}/recordings/{recording_id}/again"; params: { "call_id": string; "recording_id": string }; query: { [key: string]: never }; body: undefined; answer: RecordingDocument };
  /** Let a recording be written down, or tried again. */
  transcribe_recording_calls: { method: "POST"; path: "/calls/{call_id}/recordings/{recording_id}/transcript"; params: { "call_id": string; "recording_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** Pause a call's recording. */
  pause_recording_calls: { method: "POST"; path: "/calls/{call_id}/recording/pause"; params: { "call_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** Resume a call's recording. */
  resume_recording_calls: { method: "POST"; path: "/calls/{call_id}/recording/resume"; params: { "call_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** Whose calls are recorded. */
  list_policies_recording: { method: "GET"; path: "/recording/policies"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: RecordingPolicyPage };
  /** Change whose calls are recorded. */
  change_policy_recording: { method: "PATCH"; path: "/recording/policies/{number_id}"; params: { "number_id": string }; query: { [key: string]: never }; body: RecordingPolicyChange; answer: RecordingPolicyDocument };
  /** Take a number's own policy away. */
  remove_policy_recording: { method: "DELETE"; path: "/recording/policies/{number_id}"; params: { "number_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** How long recordings are kept. */
  get_keeping_recording: { method: "GET"; path: "/recording/keeping"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: KeepingDocument };
  /** Change how long recordings are kept. */
  change_keeping_recording: { method: "PATCH"; path: "/recording/keeping"; params: { [key: string]: never }; query: { [key: string]: never }; body: KeepingChange; answer: KeepingDocument };
  /** Forget a caller. */
  forget_callers: { method: "POST"; path: "/callers/forget"; params: { [key: string]: never }; query: { [key: string]: never }; body: ForgottenCaller; answer: Forgotten };
  /** List leads, the latest to get in touch first. */
  list_leads: { method: "GET"; path: "/leads"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null; "q"?: string | null }; body: undefined; answer: LeadPage };
  /** Which channels earned the leads, by every model side by side. */
  channels_leads: { method: "GET"; path: "/leads/credit"; params: { [key: string]: never }; query: { "from"?: string | null; "to"?: string | null; "by"?: CountedBy }; body: undefined; answer: ChannelsDocument };
  /** Which visits earned a lead, by every model side by side. */
  visits_leads: { method: "GET"; path: "/leads/{lead_id}/credit"; params: { "lead_id": string }; query: { [key: string]: never }; body: undefined; answer: LeadsCreditDocument };
  /** Two leads are one person. */
  join_leads: { method: "POST"; path: "/leads/{lead_id}/join"; params: { "lead_id": string }; query: { [key: string]: never }; body: JoinOrder; answer: LeadDocument };
  /** Some calls and forms of a lead are another person's. */
  part_leads: { method: "POST"; path: "/leads/{lead_id}/part"; params: { "lead_id": string }; query: { [key: string]: never }; body: PartOrder; answer: LeadDocument };
  /** One lead. */
  get_lead: { method: "GET"; path: "/leads/{lead_id}"; params: { "lead_id": string }; query: { [key: string]: never }; body: undefined; answer: LeadDocument };
  /** List calls that were credited differently, the latest change first. */
  list_recomputes: { method: "GET"; path: "/recomputes"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null; "call_id"?: string | null }; body: undefined; answer: ChangePage };
  /** Weigh past calls anew. */
  weigh_recomputes: { method: "POST"; path: "/recomputes"; params: { [key: string]: never }; query: { [key: string]: never }; body: Recompute; answer: ReviewDocument };
  /** List sessions, newest first. */
  list_sessions: { method: "GET"; path: "/sessions"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null; "from"?: string | null; "to"?: string | null; "channel"?: string | null; "source"?: string | null; "campaign"?: string | null; "visitor_id"?: string | null; "site_id"?: string | null }; body: undefined; answer: SessionPage };
  /** Export sessions. */
  export_sessions: { method: "GET"; path: "/sessions/export"; params: { [key: string]: never }; query: { "from"?: string | null; "to"?: string | null; "channel"?: string | null; "source"?: string | null; "campaign"?: string | null; "visitor_id"?: string | null; "site_id"?: string | null; "after"?: string | null }; body: undefined; answer: Blob };
  /** One session with its timeline. */
  get_session: { method: "GET"; path: "/sessions/{session_id}"; params: { "session_id": string }; query: { [key: string]: never }; body: undefined; answer: SessionDetailDocument };
  /** List forms, newest first. */
  list_forms: { method: "GET"; path: "/forms"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null; "from"?: string | null; "to"?: string | null; "session_id"?: string | null; "visitor_id"?: string | null; "site_id"?: string | null }; body: undefined; answer: FormPage };
  /** One form. */
  get_form: { method: "GET"; path: "/forms/{form_id}"; params: { "form_id": string }; query: { [key: string]: never }; body: undefined; answer: FormDocument };
  /** Forget a visitor. */
  forget_visitors: { method: "DELETE"; path: "/visitors/{visitor_id}"; params: { "visitor_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** List keys. */
  list_keys: { method: "GET"; path: "/keys"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null }; body: undefined; answer: KeyPage };
  /** Make a key. */
  create_key: { method: "POST"; path: "/keys"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewKey; answer: NewKeyDocument };
  /** One key. */
  get_key: { method: "GET"; path: "/keys/{key_id}"; params: { "key_id": string }; query: { [key: string]: never }; body: undefined; answer: KeyDocument };
  /** Rename a key. */
  change_key: { method: "PATCH"; path: "/keys/{key_id}"; params: { "key_id": string }; query: { [key: string]: never }; body: KeyChange; answer: KeyDocument };
  /** Revoke a key. */
  revoke_keys: { method: "DELETE"; path: "/keys/{key_id}"; params: { "key_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** List people. */
  list_people: { method: "GET"; path: "/people"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null }; body: undefined; answer: PersonPage };
  /** One person. */
  get_person: { method: "GET"; path: "/people/{user_id}"; params: { "user_id": string }; query: { [key: string]: never }; body: undefined; answer: PersonDocument };
  /** Change a role. */
  change_person: { method: "PATCH"; path: "/people/{user_id}"; params: { "user_id": string }; query: { [key: string]: never }; body: RoleChange; answer: PersonDocument };
  /** Remove somebody. */
  remove_person: { method: "DELETE"; path: "/people/{user_id}"; params: { "user_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** List who did what, the newest first. */
  list_journal: { method: "GET"; path: "/journal"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null; "actor"?: string; "act"?: Act | null; "subject"?: string; "from"?: string | null; "to"?: string | null }; body: undefined; answer: DeedPage };
  /** Tell of a visit. */
  receive_visits: { method: "POST"; path: "/sites/{site_id}/visit"; params: { "site_id": string }; query: { [key: string]: never }; body: NewVisit; answer: WelcomeDocument };
  /** Which kinds there are, and what they need. */
  kinds_destinations: { method: "GET"; path: "/destinations/kinds"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: KindPage };
  /** List destinations, oldest first. */
  list_destinations: { method: "GET"; path: "/destinations"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null }; body: undefined; answer: DestinationPage };
  /** Make a destination. */
  create_destination: { method: "POST"; path: "/destinations"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewDestination; answer: DestinationDocument };
  /** One destination. */
  get_destination: { method: "GET"; path: "/destinations/{destination_id}"; params: { "destination_id": string }; query: { [key: string]: never }; body: undefined; answer: DestinationDocument };
  /** Change a destination. */
  change_destination: { method: "PATCH"; path: "/destinations/{destination_id}"; params: { "destination_id": string }; query: { [key: string]: never }; body: DestinationChange; answer: DestinationDocument };
  /** Remove a destination. */
  remove_destination: { method: "DELETE"; path: "/destinations/{destination_id}"; params: { "destination_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** Try a destination's settings. */
  test_destinations: { method: "POST"; path: "/destinations/{destination_id}/test"; params: { "destination_id": string }; query: { [key: string]: never }; body: undefined; answer: TestDocument };
  /** Replace its signing secrets. */
  rotate_destinations: { method: "POST"; path: "/destinations/{destination_id}/rotate"; params: { "destination_id": string }; query: { [key: string]: never }; body: undefined; answer: DestinationDocument };
  /** Make a new password for the files of a destination. */
  password_destinations: { method: "POST"; path: "/destinations/{destination_id}/password"; params: { "destination_id": string }; query: { [key: string]: never }; body: undefined; answer: DestinationSecretsFeedDocument };
  /** Send a span of time once more. */
  replay_span_destinations: { method: "POST"; path: "/destinations/{destination_id}/replay"; params: { "destination_id": string }; query: { [key: string]: never }; body: Replay; answer: ReplayDocument };
  /** A destination's conversions by day. */
  conversions_by_day_destinations: { method: "GET"; path: "/destinations/{destination_id}/compare"; params: { "destination_id": string }; query: { [key: string]: never }; body: undefined; answer: AgreementDocument };
  /** Compare a destination with the platform's file. */
  compare_destinations: { method: "POST"; path: "/destinations/{destination_id}/compare"; params: { "destination_id": string }; query: { [key: string]: never }; body: PlatformCount; answer: AgreementDocument };
  /** List accesses to platforms. */
  list_grants: { method: "GET"; path: "/grants"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: GrantPage };
  /** Prepare an access to a platform. */
  create_grant: { method: "POST"; path: "/grants"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewGrant; answer: GrantDocument };
  /** One access. */
  get_grant: { method: "GET"; path: "/grants/{grant_id}"; params: { "grant_id": string }; query: { [key: string]: never }; body: undefined; answer: GrantDocument };
  /** Change an access. */
  change_grant: { method: "PATCH"; path: "/grants/{grant_id}"; params: { "grant_id": string }; query: { [key: string]: never }; body: GrantChange; answer: GrantDocument };
  /** Take an access back. */
  remove_grant: { method: "DELETE"; path: "/grants/{grant_id}"; params: { "grant_id": string }; query: { [key: string]: never }; body: undefined; answer: TakenBackDocument };
  /** List what was told or is to be told, the latest first. */
  list_conversions: { method: "GET"; path: "/conversions"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null; "destination_id"?: string | null; "state"?: StateInput | null }; body: undefined; answer: DeliveryPage };
  /** One delivery, with its tries and its exact request. */
  get_conversion: { method: "GET"; path: "/conversions/{delivery_id}"; params: { "delivery_id": string }; query: { [key: string]: never }; body: undefined; answer: WholeDelivery };
  /** Send what failed again. */
  again_conversions: { method: "POST"; path: "/conversions/{delivery_id}/again"; params: { "delivery_id": string }; query: { [key: string]: never }; body: undefined; answer: DeliveryDocument };
  /** List costs, the oldest day first. */
  list_costs: { method: "GET"; path: "/costs"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null; "first_day"?: string | null; "last_day"?: string | null }; body: undefined; answer: ToldCostPage };
  /** Tell what days cost. */
  create_cost: { method: "POST"; path: "/costs"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewCosts; answer: PutDocument };
  /** Take in a file of costs, or look at it. */
  take_file_costs: { method: "POST"; path: "/costs/files"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewCostFile; answer: CostFileDocument };
  /** List what each feed of costs has told. */
  list_feeds: { method: "GET"; path: "/costs/feeds"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: FeedPage };
  /** Forget what a feed of costs told. */
  forget_feed_costs: { method: "DELETE"; path: "/costs/feeds"; params: { [key: string]: never }; query: { "feed": string }; body: undefined; answer: void };
  /** List what visits call campaigns. */
  list_campaign_names: { method: "GET"; path: "/costs/campaign-names"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: NamedCampaignPage };
  /** Say what visits call a campaign. */
  set_campaign_name_costs: { method: "PUT"; path: "/costs/campaign-names"; params: { [key: string]: never }; query: { [key: string]: never }; body: CampaignName; answer: CampaignName };
  /** List what currencies were worth, the latest day first. */
  list_rates: { method: "GET"; path: "/costs/rates"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null }; body: undefined; answer: ToldRatePage };
  /** Tell what currencies were worth. */
  tell_rates_costs: { method: "POST"; path: "/costs/rates"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewRates; answer: KeptRates };
  /** Ask the European Central Bank. */
  ask_bank_costs: { method: "POST"; path: "/costs/rates/bank"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: KeptRates };
  /** List the ad accounts that are asked for costs. */
  list_ad_accounts: { method: "GET"; path: "/costs/ad-accounts"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: AdAccountPage };
  /** Ask an ad account for costs. */
  create_ad_account: { method: "POST"; path: "/costs/ad-accounts"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewAdAccount; answer: AdAccountDocument };
  /** Ask an ad account no more. */
  remove_ad_account: { method: "DELETE"; path: "/costs/ad-accounts"; params: { [key: string]: never }; query: { "platform": "google_ads" | "microsoft" | "meta"; "account": string }; body: undefined; answer: void };
  /** Why did this call convert, or not?. */
  why_call_calls: { method: "GET"; path: "/calls/{call_id}/conversions"; params: { "call_id": string }; query: { [key: string]: never }; body: undefined; answer: ExplanationPage };
  /** Why did this form convert, or not?. */
  why_form_forms: { method: "GET"; path: "/forms/{form_id}/conversions"; params: { "form_id": string }; query: { [key: string]: never }; body: undefined; answer: ExplanationPage };
  /** List what was said of callers, newest first. */
  list_callers: { method: "GET"; path: "/spam/callers"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null }; body: undefined; answer: CallerWordPage };
  /** Block or allow a caller. */
  create_caller: { method: "POST"; path: "/spam/callers"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewCallerWord; answer: CallerWordDocument };
  /** What was said of one caller. */
  get_caller: { method: "GET"; path: "/spam/callers/{word_id}"; params: { "word_id": string }; query: { [key: string]: never }; body: undefined; answer: CallerWordDocument };
  /** Take it back. */
  remove_caller: { method: "DELETE"; path: "/spam/callers/{word_id}"; params: { "word_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** What is done about spam. */
  get_policy_spam: { method: "GET"; path: "/spam/policy"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: PolicyDocument };
  /** Change what is done about spam. */
  change_policy_spam: { method: "PATCH"; path: "/spam/policy"; params: { [key: string]: never }; query: { [key: string]: never }; body: PolicyChange; answer: PolicyDocument };
  /** List the numbers that nobody is shown. */
  list_traps_spam: { method: "GET"; path: "/spam/honeypots"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: HoneypotPage };
  /** Make a number a honeypot. */
  set_trap_spam: { method: "PUT"; path: "/spam/honeypots/{number_id}"; params: { "number_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** Make it an ordinary number again. */
  remove_trap_spam: { method: "DELETE"; path: "/spam/honeypots/{number_id}"; params: { "number_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** How it goes: the figures of a period beside the one before. */
  overview_reports: { method: "GET"; path: "/reports/overview"; params: { [key: string]: never }; query: { "from"?: string | null; "to"?: string | null; "filter"?: string; "counted_by"?: CountedBy }; body: undefined; answer: OverviewDocument };
  /** The figures by one or two things that are known of a call. */
  breakdown_reports: { method: "GET"; path: "/reports/breakdown"; params: { [key: string]: never }; query: { "from"?: string | null; "to"?: string | null; "filter"?: string; "counted_by"?: CountedBy; "by"?: Array<Dimension> }; body: undefined; answer: BreakdownDocument };
  /** The calls that nobody answered, and whether the caller was spoken with after all. */
  missed_reports: { method: "GET"; path: "/reports/missed"; params: { [key: string]: never }; query: { "from"?: string | null; "to"?: string | null; "filter"?: string; "counted_by"?: CountedBy }; body: undefined; answer: MissedDocument };
  /** List the company's saved reports, oldest first. */
  list_views: { method: "GET"; path: "/reports/views"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null }; body: undefined; answer: ViewPage };
  /** Save a report. */
  create_view: { method: "POST"; path: "/reports/views"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewView; answer: ViewDocument };
  /** One saved report. */
  get_view: { method: "GET"; path: "/reports/views/{view_id}"; params: { "view_id": string }; query: { [key: string]: never }; body: undefined; answer: ViewDocument };
  /** Rename a saved report, or change what it shows. */
  change_view: { method: "PATCH"; path: "/reports/views/{view_id}"; params: { "view_id": string }; query: { [key: string]: never }; body: ViewChange; answer: ViewDocument };
  /** Delete a saved report. */
  remove_view: { method: "DELETE"; path: "/reports/views/{view_id}"; params: { "view_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** List when a saved report is e-mailed. */
  list_schedules: { method: "GET"; path: "/reports/views/{view_id}/schedules"; params: { "view_id": string }; query: { [key: string]: never }; body: undefined; answer: SchedulePage };
  /** E-mail a saved report regularly. */
  create_schedule: { method: "POST"; path: "/reports/views/{view_id}/schedules"; params: { "view_id": string }; query: { [key: string]: never }; body: NewSchedule; answer: ScheduleDocument };
  /** One regular e-mail. */
  get_schedule: { method: "GET"; path: "/reports/views/{view_id}/schedules/{schedule_id}"; params: { "view_id": string; "schedule_id": string }; query: { [key: string]: never }; body: undefined; answer: ScheduleDocument };
  /** Change when a saved report is e-mailed, or to whom. */
  change_schedule: { method: "PATCH"; path: "/reports/views/{view_id}/schedules/{schedule_id}"; params: { "view_id": string; "schedule_id": string }; query: { [key: string]: never }; body: ScheduleChange; answer: ScheduleDocument };
  /** Send a saved report so no more. */
  remove_schedule: { method: "DELETE"; path: "/reports/views/{view_id}/schedules/{schedule_id}"; params: { "view_id": string; "schedule_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** E-mail a saved report now. */
  send_now_reports: { method: "POST"; path: "/reports/views/{view_id}/send"; params: { "view_id": string }; query: { [key: string]: never }; body: Sending; answer: SentDocument };
  /** A saved report as PDF. */
  download_reports: { method: "GET"; path: "/reports/views/{view_id}/pdf"; params: { "view_id": string }; query: { [key: string]: never }; body: undefined; answer: Blob };
  /** List the links to a saved report, newest first. */
  list_links: { method: "GET"; path: "/reports/views/{view_id}/links"; params: { "view_id": string }; query: { [key: string]: never }; body: undefined; answer: LinkPage };
  /** Make a link to a saved report. */
  create_link: { method: "POST"; path: "/reports/views/{view_id}/links"; params: { "view_id": string }; query: { [key: string]: never }; body: NewLink; answer: MadeLinkDocument };
  /** One link to a saved report. */
  get_link: { method: "GET"; path: "/reports/views/{view_id}/links/{link_id}"; params: { "view_id": string; "link_id": string }; query: { [key: string]: never }; body: undefined; answer: LinkDocument };
  /** Revoke a link to a saved report. */
  remove_link: { method: "DELETE"; path: "/reports/views/{view_id}/links/{link_id}"; params: { "view_id": string; "link_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** List the notes on days, the first made first. */
  list_annotations: { method: "GET"; path: "/reports/annotations"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null; "first_day"?: string | null; "last_day"?: string | null }; body: undefined; answer: AnnotationPage };
  /** Write a note on a day. */
  create_annotation: { method: "POST"; path: "/reports/annotations"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewAnnotation; answer: AnnotationDocument };
  /** One note. */
  get_annotation: { method: "GET"; path: "/reports/annotations/{annotation_id}"; params: { "annotation_id": string }; query: { [key: string]: never }; body: undefined; answer: AnnotationDocument };
  /** Change a note. */
  change_annotation: { method: "PATCH"; path: "/reports/annotations/{annotation_id}"; params: { "annotation_id": string }; query: { [key: string]: never }; body: AnnotationChange; answer: AnnotationDocument };
  /** Delete a note. */
  remove_annotation: { method: "DELETE"; path: "/reports/annotations/{annotation_id}"; params: { "annotation_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** The calls behind a figure of a report, newest first. */
  calls_reports: { method: "GET"; path: "/reports/calls"; params: { [key: string]: never }; query: { "from"?: string | null; "to"?: string | null; "filter"?: string; "counted_by"?: CountedBy; "of"?: Part; "phone"?: string; "signal"?: Signal | null; "pool_id"?: string; "paid_by"?: Array<Dimension>; "limit"?: number }; body: undefined; answer: CountedCallsDocument };
  /** What earned the leads, by every model side by side. */
  models_reports: { method: "GET"; path: "/reports/models"; params: { [key: string]: never }; query: { "from"?: string | null; "to"?: string | null; "filter"?: string; "by"?: Dimension; "look_back_days"?: number | null; "counted_by"?: CountedBy }; body: undefined; answer: ModelsDocument };
  /** The ways that people took before they got in touch. */
  paths_reports: { method: "GET"; path: "/reports/paths"; params: { [key: string]: never }; query: { "from"?: string | null; "to"?: string | null; "filter"?: string; "by"?: Dimension; "look_back_days"?: number | null }; body: undefined; answer: PathsDocument };
  /** What was spent and what came of it, by one or two things. */
  roi_reports: { method: "GET"; path: "/reports/roi"; params: { [key: string]: never }; query: { "from"?: string | null; "to"?: string | null; "filter"?: string; "counted_by"?: CountedBy; "by"?: Array<Dimension> }; body: undefined; answer: RoiDocument };
  /** Keywords that cost and bring nothing; campaigns and hours that go unanswered. */
  suggestions_reports: { method: "GET"; path: "/reports/suggestions"; params: { [key: string]: never }; query: { "from"?: string | null; "to"?: string | null; "filter"?: string; "counted_by"?: CountedBy }; body: undefined; answer: SuggestionsDocument };
  /** Who answered: for each phone, how often, how soon, and for how long. */
  agents_reports: { method: "GET"; path: "/reports/agents"; params: { [key: string]: never }; query: { "from"?: string | null; "to"?: string | null; "filter"?: string; "counted_by"?: CountedBy }; body: undefined; answer: AgentsDocument };
  /** Calls that count in no other report, by the number they came in on. */
  spam_reports: { method: "GET"; path: "/reports/spam"; params: { [key: string]: never }; query: { "from"?: string | null; "to"?: string | null; "filter"?: string; "counted_by"?: CountedBy }; body: undefined; answer: SpamCallsDocument };
  /** Whether pools were large enough. */
  pools_reports: { method: "GET"; path: "/reports/pools"; params: { [key: string]: never }; query: { "from"?: string | null; "to"?: string | null; "filter"?: string }; body: undefined; answer: PoolsHealthDocument };
  /** What destinations were told, and what became of it. */
  deliveries_reports: { method: "GET"; path: "/reports/deliveries"; params: { [key: string]: never }; query: { "from"?: string | null; "to"?: string | null; "filter"?: string }; body: undefined; answer: DeliveriesDocument };
  /** How often the confidence of calls proved right. */
  calibration_reports: { method: "GET"; path: "/reports/calibration"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: CalibrationDocument };
  /** List text messages, newest first. */
  list_texts: { method: "GET"; path: "/texts"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null }; body: undefined; answer: TextPage };
  /** What missed callers are written. */
  list_replies_texts: { method: "GET"; path: "/texts/replies"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: ReplyPage };
  /** Change what missed callers are written. */
  change_reply_texts: { method: "PATCH"; path: "/texts/replies/{number_id}"; params: { "number_id": string }; query: { [key: string]: never }; body: ReplyChange; answer: ReplyDocument };
  /** Take a number's own text away. */
  remove_reply_texts: { method: "DELETE"; path: "/texts/replies/{number_id}"; params: { "number_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** Who wants no texts. */
  stops_texts: { method: "GET"; path: "/texts/stops"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: StopPage };
  /** Say that somebody wants no texts. */
  stop_texts: { method: "POST"; path: "/texts/stops"; params: { [key: string]: never }; query: { [key: string]: never }; body: Stop; answer: Stop };
  /** Whether what is said is written down. */
  get_settings_words: { method: "GET"; path: "/words/settings"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: WordSettingsDocument };
  /** Let what is said be written down, or not. */
  change_settings_words: { method: "PATCH"; path: "/words/settings"; params: { [key: string]: never }; query: { [key: string]: never }; body: WordSettingsChange; answer: WordSettingsDocument };
  /** What is listened for. */
  list_phrases_words: { method: "GET"; path: "/words/phrases"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: PhrasePage };
  /** Listen for something. */
  add_phrase_words: { method: "POST"; path: "/words/phrases"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewPhrase; answer: PhraseDocument };
  /** Listen for it no more. */
  remove_phrase_words: { method: "DELETE"; path: "/words/phrases/{phrase_id}"; params: { "phrase_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** The rules for good leads. */
  list_lead_rules: { method: "GET"; path: "/lead-rules"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: LeadRulePage };
  /** Add a rule. */
  create_lead_rule: { method: "POST"; path: "/lead-rules"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewLeadRule; answer: LeadRuleDocument };
  /** Put the rules in order. */
  order_lead_rules: { method: "POST"; path: "/lead-rules/order"; params: { [key: string]: never }; query: { [key: string]: never }; body: LeadRuleOrder; answer: LeadRulePage };
  /** One rule. */
  get_lead_rule: { method: "GET"; path: "/lead-rules/{lead_rule_id}"; params: { "lead_rule_id": string }; query: { [key: string]: never }; body: undefined; answer: LeadRuleDocument };
  /** Change a rule. */
  change_lead_rule: { method: "PATCH"; path: "/lead-rules/{lead_rule_id}"; params: { "lead_rule_id": string }; query: { [key: string]: never }; body: LeadRuleChange; answer: LeadRuleDocument };
  /** Delete a rule. */
  remove_lead_rule: { method: "DELETE"; path: "/lead-rules/{lead_rule_id}"; params: { "lead_rule_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
  /** Who is on the site, and what rings, at this moment. */
  now_live: { method: "GET"; path: "/live"; params: { [key: string]: never }; query: { [key: string]: never }; body: undefined; answer: LiveDocument };
  /** What was said in a call. */
  transcript_calls: { method: "GET"; path: "/calls/{call_id}/transcript"; params: { "call_id": string }; query: { [key: string]: never }; body: undefined; answer: TranscriptsDocument };
  /** List open invitations. */
  list_invitations: { method: "GET"; path: "/invitations"; params: { [key: string]: never }; query: { "limit"?: number; "cursor"?: string | null }; body: undefined; answer: InvitationPage };
  /** Invite somebody. */
  create_invitation: { method: "POST"; path: "/invitations"; params: { [key: string]: never }; query: { [key: string]: never }; body: NewInvitation; answer: NewInvitationDocument };
  /** Withdraw an invitation. */
  remove_invitation: { method: "DELETE"; path: "/invitations/{invitation_id}"; params: { "invitation_id": string }; query: { [key: string]: never }; body: undefined; answer: void };
}
