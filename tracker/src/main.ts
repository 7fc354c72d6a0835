import { beatNow, flush, note, session, startBeating, stopBeating, watchPage } from "./beat";
import { isTaken, obey, type Commands } from "./commands";
import { config } from "./config";
import { attempt, later, on } from "./guard";
import { mayHydrate } from "./hydrate";
import { roots, watch } from "./observe";
import { loadPart, type Core } from "./part";
import { address, hasMoved, pageAddress } from "./route";
import { look } from "./scan";
import { post } from "./send";
import { clearIds, keepIds, readIds } from "./session";
import { hooks, isShownIn, places, seen, shown, swaps, take, type Swaps } from "./swap";
import { visitMessage, type Reply } from "./visit";

/** A page that draws itself gets this long to show a number before its visit is told without one. */
const GRACE_MS = 500;
/** A route's title and content follow its address. */
const SETTLE_MS = 200;
/** A number stays with a session that misses no more beats than these. */
const BEATS_KEPT = 3;

function install(): void {
  const listeners: (() => void)[] = [];
  let consent: string | null = null;
  let isAllowed: unknown = config.consent !== "wait";
  let isRead: boolean | undefined;
  let isAsking: boolean | undefined;
  /** How many targets the last visit was told with; -1 where a visit is due in any case. */
  let asked = 0;
  let reply: Reply | undefined;

  const decide = (given: Swaps) => {
    take(given);
    look(roots);
    listeners.forEach(attempt);
  };

  const visitAnew = () => {
    asked = -1;
    update();
  };

  const answered = (isLost: boolean, body: Reply | undefined) => {
    if (isLost) return visitAnew();
    if (body && body.swaps) decide({ ...swaps, ...body.swaps });
    const [visitor, its] = readIds(Infinity);
    if (its === session) keepIds(visitor, its, swaps!);
  };

  const watchDocument = () => {
    if (!roots[0]) watch(document);
  };

  /**
   * Tells the server of the visit, as soon as it is allowed, the page has been read and somebody can see it: once for
   * a page, and again when a target turns up that it was not told with.
   */
  const update = (): void => {
    if (!isAllowed || isAsking || document.hidden || /g$/.test(document.readyState)) return;
    if (!isRead) {
      isRead = true;
      later(() => asked || visitAnew(), GRACE_MS);
      watchDocument();
    }
    if (address !== pageAddress()) later(arrive, SETTLE_MS);
    if (asked === seen.size) return;
    isAsking = true;
    asked = seen.size;
    hasMoved();
    void post("/visit", visitMessage(consent), (_, body) => {
      isAsking = false;
      const { visitor, session, swaps: given, beat } = (reply = body || {});
      if (asked >= 0 && session) {
        keepIds(visitor!, session, given!);
        startBeating(session, beat || config.beat, answered);
      }
      const go = () => decide((asked >= 0 && (session || consent === "denied") && given) || swaps || {});
      if (mayHydrate()) void load("hydration").then(go);
      else go();
      update();
    });
  };

  const forget = (): void => {
    isAllowed = false;
    asked = -1;
    commands.event("forget");
    stopBeating();
    clearIds();
    decide({});
  };

  const arrive = () => {
    if (!hasMoved()) return;
    if (!session) return visitAnew();
    update();
    if (isAsking) return;
    note({ kind: "page", url: location.href, title: document.title });
    beatNow();
  };

  const noteShown = (kind: "tap" | "copy", text: string) => {
    for (const target in swaps) if (isShownIn(text, target)) note({ kind, target });
  };

  const commands: Commands = {
    event: (name, props) => note({ kind: "custom", name, props }),
    number(target, tell) {
      if (config.known[target]) seen.add(target);
      const listener = () => tell(shown(target).number);
      listeners.push(listener);
      if (swaps) listener();
      update();
    },
    consent(state) {
      consent = state;
      isAllowed = state === "granted" || (forget(), config.denied);
      update();
    },
    forget,
  };

  const core: Core = [
    config,
    hooks,
    places,
    look,
    watch,
    roots,
    note,
    flush,
    () => session,
    () => reply,
  ];
  const load = (part: string) => loadPart(part, core);

  hooks[3] = update;
  hooks[4] = load;
  watchPage();
  on("click", ({ target }) => {
    noteShown("tap", (target as HTMLElement).closest<HTMLAnchorElement>("[href]")!.href);
    flush();
  });
  on("copy", () => noteShown("copy", String(getSelection())));

  obey(commands);
  config.parts.forEach(load);
  if (/d-debug/.test(location.hash)) load("debug");

  if (isAllowed && !mayHydrate())
    attempt(() => {
      decide(JSON.parse(decodeURIComponent(readIds(config.beat * BEATS_KEPT)[2])) as Swaps);
      watchDocument();
    });
  on("DOMContentLoaded visibilitychange", update);
  update();
}

if (!isTaken()) install();
