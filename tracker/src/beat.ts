import { later, on, type Timer } from "./guard";
import { beacon, post } from "./send";

/** Something the visitor did; `kind` and what belongs to it. */
export interface PageEvent {
  kind: "tap" | "copy" | "page" | "custom";
  [detail: string]: unknown;
}

/** A beat's body stays under the server's 8 KB. */
const MAX_WAITING_CHARACTERS = 5000;

/** Called with a beat's answer: whether the server no longer knows the session, or else the answer's body. */
type Answered = (isLost: boolean, body: unknown) => void;

/** The session that is beating; empty while none is. */
export let session = "";
let intervalMs: number;
let answered: Answered;
let waiting: { event: PageEvent; at: number }[] = [];
let timer: Timer;
let isGone = false;

function stateNow(): string {
  return document.hidden ? "hidden" : "visible";
}

function message(state: string, noted: typeof waiting) {
  return { session, state, events: noted.map(({ event, at }) => ({ ...event, age_ms: (performance.now() - at) | 0 })) };
}

function say(state: string): void {
  if (session && !isGone) beacon("/beat", message(state, waiting.splice(0)));
}

/** Beats at once, and from then on every interval. */
export function beatNow(): void {
  clearTimeout(timer);
  if (!session || isGone) return;
  timer = later(beatNow, intervalMs);
  const from = session;
  const sent = waiting.splice(0);
  void post("/beat", message(stateNow(), sent), (status, body) => {
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
  if (JSON.stringify([event, waiting]).length < MAX_WAITING_CHARACTERS) waiting.push({ event, at: performance.now() });
}

/** Sends what was noted although the page may be about to go. */
export function flush(): void {
  say(stateNow());
}

/** Beats when the page is hidden, left, or woken. */
export function watchPage(): void {
  on("visibilitychange", () => (document.hidden ? say("hidden") : beatNow()));
  on("pagehide", () => {
    say("gone");
    isGone = true;
  });
  on("pageshow", () => {
    if (!isGone) return;
    isGone = false;
    beatNow();
  });
  on("resume online", beatNow);
}
