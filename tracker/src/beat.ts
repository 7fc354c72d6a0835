import { config } from "./config";
import { later, type Timer } from "./guard";
import { beacon, post } from "./send";
import type { Reply } from "./visit";

/** Something the visitor did; `kind` and what belongs to it. */
export interface PageEvent {
  kind: "tap" | "copy" | "page" | "form" | "custom";
  [detail: string]: unknown;
}

/** A beat's body stays under the server's 8 KB. */
const MAX_WAITING_CHARACTERS = 5000;

/** The server's word for a session that has ended; browsers complain in the console of all that is not 2xx. */
const ENDED = 205;

/** Called with the body of a beat's answer; the session is empty if the server has lost it. */
type Answered = (body?: Reply | false) => void;

/** The session that is beating; empty while none is. */
export let session = "";
let intervalMs: number;
let answered: Answered;
/** Each with the time it happened, until it is sent, as its age. */
let waiting: (PageEvent & { age_ms: number })[] = [];
let timer: Timer;

function message(noted: typeof waiting, state: string = document.visibilityState) {
  return {
    session,
    state,
    events: noted.map((event) => ({ ...event, age_ms: Date.now() - event.age_ms })),
  };
}

/** Says at once how the page is, although it may be about to go. */
export function say(state?: string): void {
  if (session) beacon(message(waiting.splice(0), state));
}

function beatLater(): void {
  clearTimeout(timer);
  timer = later(beatNow, intervalMs);
}

/** Beats at once, and from then on every interval. */
export function beatNow(): void {
  if (!session) return;
  beatLater();
  const from = session;
  const sent = waiting.splice(0);
  post("/beat", message(sent), (status, body) => {
    if (from !== session) return;
    if (!(status! < 429)) waiting = sent.concat(waiting);
    if (status === ENDED) session = "";
    answered(body);
  });
}

/** Tells the server every few seconds that the page is still open, and what was done on it. */
export function startBeating(newSession: string, seconds: number, handler: Answered): void {
  session = newSession;
  intervalMs = seconds * 1000;
  answered = handler;
  beatLater();
}

type ForgottenIds = (string | null | undefined)[];

/** Asks the server to forget the visitor; nothing is sent any more until the next start. */
export function beForgotten(ids: ForgottenIds): void {
  // Where the server keeps the visitor in a cookie of its own, the page does not know whether there is one.
  if (ids[0] || config.credentials[6]) beacon({ forget: ids });
  session = "";
  waiting = [];
}

/** Notes an event for the next beat. */
export function note(event: PageEvent): void {
  if (JSON.stringify([event, waiting]).length > MAX_WAITING_CHARACTERS) return;
  waiting.push({ ...event, age_ms: Date.now() });
}

/** Sends what was noted although the page may be about to go. */
export function flush(): void {
  if (waiting[0]) say();
}
