import { beatNow, flush, note, session, startBeating, stopBeating, watchPage } from "./beat";
import { isTaken, obey } from "./commands";
import type { Config } from "./config";
import { attempt, later, on } from "./guard";
import { observe } from "./observe";
import { hasMoved, referrer, watchHistory } from "./route";
import { post } from "./send";
import { clearIds, keepIds, readIds, touchIds } from "./session";
import { lookFor, PHONE_LINK, seen, show, shownIn, shownNumber, swapUnder, type Swaps } from "./swap";
import { readSwaps, visitMessage, type Reply } from "./visit";

/** A page that draws itself gets this long to show a number before its visit is told without one. */
const GRACE_MS = 500;
/** A route's title and content follow its address. */
const SETTLE_MS = 250;

function install(config: Config): void {
  const { targets } = config;
  const listeners: (() => void)[] = [];
  let consent: string | null = null;
  let isAllowed = config.consent === "always";
  let isAsking = false;
  let isDecided = false;
  let isInGrace = true;
  /** How many of the targets the last visit was told for; -1 before the first. */
  let asked = -1;
  let stopObserving: (() => void) | undefined;

  const decide = (swaps: Swaps | undefined) => {
    isDecided = true;
    if (swaps) show(swaps);
    listeners.forEach(attempt);
  };

  const answered = (isLost: boolean, body: unknown) => {
    if (isLost) {
      asked = -1;
      update();
      return;
    }
    touchIds(session);
    const swaps = readSwaps(body, targets);
    if (swaps) decide(swaps);
  };

  /**
   * Tells the server of the visit, as soon as it is allowed, the page has been read and somebody can see it: once for
   * a page, and again when a target turns up that it was not asked for.
   */
  const update = (): void => {
    const isPrerendering = (document as { prerendering?: boolean }).prerendering;
    if (!isAllowed || isAsking || isPrerendering || document.hidden || document.readyState === "loading") return;
    if (!stopObserving) {
      stopObserving = observe(swapUnder, update);
      later(() => {
        isInGrace = false;
        update();
      }, GRACE_MS);
    }
    if (asked === seen.size || (isInGrace && !seen.size)) return;
    isAsking = true;
    asked = seen.size;
    hasMoved();
    void post("/visit", visitMessage(readIds(config.session), [...seen], referrer, consent), (_, body) => {
      isAsking = false;
      const swaps = isAllowed ? readSwaps(body, targets) : undefined;
      if (swaps) {
        const reply = body as Reply;
        keepIds(reply);
        startBeating(reply.session, reply.beat || config.beat, answered);
      }
      decide(swaps);
      update();
    });
  };

  const forget = (): void => {
    isAllowed = false;
    asked = -1;
    if (stopObserving) stopObserving();
    stopObserving = undefined;
    stopBeating();
    clearIds();
    decide({});
  };

  const arrive = () => {
    if (!stopObserving || !hasMoved()) return;
    if (!session) asked = -1;
    update();
    if (isAsking) return;
    note({ kind: "page", url: location.href, title: document.title });
    beatNow();
  };

  lookFor(targets);
  watchPage();
  watchHistory(() => later(arrive, SETTLE_MS));

  on("click", ({ target }) => {
    const link = (target as Element).closest(PHONE_LINK)!;
    const tapped = shownIn(link.getAttribute("href")!)[0];
    if (!tapped) return;
    note({ kind: "tap", target: tapped });
    flush();
  });

  on("copy", () => shownIn(String(getSelection())).forEach((target) => note({ kind: "copy", target })));

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

attempt(() => isTaken() || install(__SWAPBOARD_CONFIG__));
