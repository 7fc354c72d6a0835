import { beatNow, flush, note, session, startBeating, stopBeating, watchPage } from "./beat";
import { isTaken, obey } from "./commands";
import type { Config } from "./config";
import { attempt, later, on } from "./guard";
import { observe } from "./observe";
import { hasMoved, referrer, watchHistory } from "./route";
import { post } from "./send";
import { clearIds, keepIds, readIds, touchIds } from "./session";
import { lookFor, seen, show, shownIn, shownNumber, swapUnder, type Swaps } from "./swap";
import { visitMessage, type Reply } from "./visit";

/** A page that draws itself gets this long to show a number before its visit is told without one. */
const GRACE_MS = 500;
/** A route's title and content follow its address. */
const SETTLE_MS = 250;

function install(config: Config): void {
  const { targets } = config;
  const listeners: (() => void)[] = [];
  let consent: string | null = null;
  let isAllowed = config.consent === "always";
  let isStarted = false;
  let isAsking = false;
  let isDecided = false;
  /** How many targets the last visit was told with; -1 where a visit is due in any case. */
  let asked = 0;

  const decide = (swaps: Swaps | undefined) => {
    isDecided = true;
    if (swaps) show(swaps);
    listeners.forEach(attempt);
  };

  const visitAnew = () => {
    asked = -1;
    update();
  };

  const answered = (isLost: boolean, body: Reply | undefined) => {
    if (isLost) return visitAnew();
    touchIds();
    if (body && body.swaps) decide(body.swaps);
  };

  /**
   * Tells the server of the visit, as soon as it is allowed, the page has been read and somebody can see it: once for
   * a page, and again when a target turns up that it was not told with.
   */
  const update = (): void => {
    const isPrerendering = (document as { prerendering?: boolean }).prerendering;
    if (!isAllowed || isAsking || isPrerendering || document.hidden || document.readyState === "loading") return;
    if (!isStarted) {
      isStarted = true;
      observe(swapUnder, update);
      later(() => asked || visitAnew(), GRACE_MS);
    }
    if (asked === seen.size) return;
    isAsking = true;
    asked = seen.size;
    hasMoved();
    void post("/visit", visitMessage(readIds(config.session), [...seen], referrer, consent), (_, body) => {
      isAsking = false;
      const { visitor, session, swaps, beat } = body || {};
      const isAnswer = isAllowed && visitor && session;
      if (isAnswer) {
        keepIds(visitor, session);
        startBeating(session, beat || config.beat, answered);
      }
      decide(isAnswer ? swaps : undefined);
      update();
    });
  };

  const forget = (): void => {
    isAllowed = false;
    asked = -1;
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

  const noteShown = (kind: "tap" | "copy", text: string) =>
    shownIn(text).forEach((target) => note({ kind, target }));

  lookFor(targets);
  watchPage();
  watchHistory(() => later(arrive, SETTLE_MS));

  on("click", ({ target }) => {
    noteShown("tap", (target as HTMLElement).closest<HTMLAnchorElement>("[href]")!.href);
    flush();
  });
  on("copy", () => noteShown("copy", String(getSelection())));

  obey({
    event: (name, props) => note({ kind: "custom", name, props }),
    number(target, tell) {
      if (targets.includes(target)) seen.add(target);
      const listener = () => tell(shownNumber(target));
      listeners.push(listener);
      if (isDecided) listener();
      update();
    },
    consent(state) {
      if (state !== "granted") return forget();
      consent = state;
      isAllowed = true;
      update();
    },
    forget,
  });

  on("prerenderingchange visibilitychange readystatechange", update);
  update();
}

if (!isTaken()) install(__SWAPBOARD_CONFIG__);
