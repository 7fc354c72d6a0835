import { later, on, type Timer } from "./guard";
import { beacon, post } from "./send";
import type { Reply } from "./visit";

/** Something the visitor did; `kind` and what belongs to it. */
export interface PageEvent {
  kind: "tap" | "copy" | "page" | "form" | "custom";
  [detail: string]: unknown;
}

/** A beat's body stays under the server's 8 KB. */
const MAX_WAITING_CHARACTERS = 5000;

/** Called with a beat's answer: whether the server has lost the session, and the answer's body. */
type Answered = (isLost: boolean, body: Reply | undefined) => void;

/** The session that is beating; empty while none is. */
export let session = "";
let intervalMs: number;
let answered: Answered;
/** Each with the time it happened, until it is sent, as its age. */
let waiting: (PageEvent & { age_ms: number })[] = [];
let timer: Timer;

function message(state: string, noted: typeof waiting) {
  const events = noted.map((event) => ({ ...event, age_ms: (performance.now() - event.age_ms) | 0 }));
  return { session, state, events };
}

function say(state: string): void {
  if (session) beacon(message(state, waiting.splice(0)));
}

/** Beats at once, and from then on every interval. */
export function beatNow(): void {
  clearTimeout(timer);
  if (!session) return;
  timer = later(beatNow, intervalMs);
  const from = session;
  const sent = waiting.splice(0);
  void post("/beat", message(document.visibilityState, sent), (status, body) => {
    if (from !== session) return;
    if (!status || status > 428) waiting = sent.concat(waiting);
    const isLost = status === 404 || status === 410;
    if (isLost) session = "";
    answered(isLost, body);
  });
}

/** Tells the server every few seconds that the page is still open, and what was done on it. */
export function startBeating(newSession: string, seconds: number, handler: Answered): void {
  session = newSession;
  intervalMs = seconds * 1000;
  answered = handler;
  clearTimeout(timer);
  timer = later(beatNow, intervalMs);
}

/** Says good-bye; nothing is sent any more until the next start. */
export function stopBeating(): void {
  say("gone");
  session = "";
  waiting = [];
}

/** Notes an event for the next beat. */
export function note(event: PageEvent): void {
  if (JSON.stringify([event, waiting]).length > MAX_WAITING_CHARACTERS) return;
  waiting.push({ ...event, age_ms: performance.now() });
}

/** Sends what was noted although the page may be about to go. */
export function flush(): void {
  if (waiting[0]) say(document.visibilityState);
}

/** Beats when the page is hidden, left, or woken. */
export function watchPage(): void {
  on("visibilitychange", () => (document.hidden ? say("hidden") : beatNow()));
  on("pagehide", () => say("gone"));
}
