import { beatNow, beForgotten, flush, note, say, session, startBeating } from "./beat";
import { isTaken, obey, type Commands } from "./commands";
import { config } from "./config";
import { decide, swaps } from "./decide";
import { digits } from "./format";
import { attempt, later, on, type Timer } from "./guard";
import { roots, watch } from "./observe";
import type { Core, Part } from "./part";
import { address, hasMoved, pageAddress } from "./route";
import { look } from "./scan";
import { base, post } from "./send";
import { clearIds, isAlone, keepIds, readIds } from "./session";
import { hooks, places, seen, shown, write, type Swaps } from "./swap";
import { visitMessage, type Reply } from "./visit";

/** A page gets this long to show a number before its visit is told without one. */
const GRACE_MS = 500;
/** A route's title and content follow its address. */
const SETTLE_MS = 200;
/** After so long a visit is told again that did not get through, or that a busy server turned away. */
const RETRY_MS = 20_000;
/** A number is known by so many digits at its end. */
const SUBSCRIBER_DIGITS = 7;
/** A number stays with a session that misses no more beats than these. */
const BEATS_KEPT = 3;

function install(): void {
  let consent: string | undefined;
  let isAllowed: unknown = config.consent !== "wait";
  let isAsking: boolean | undefined;
  /** How many targets the last visit was told with; -1 where a visit is due in any case. */
  let asked = 0;
  let reply: Reply | undefined;
  let retry: Timer;

  const visitAnew = () => {
    if (isAsking) return;
    asked = -1;
    update();
  };

  const answered = (body?: Reply | false) => {
    if (!session) return visitAnew();
    if (body && body.swaps) decide({ ...swaps, ...body.swaps });
    const [visitor, its] = readIds();
    if (its === session) keepIds(visitor!, its, swaps!);
  };

  /**
   * Tells the server of the visit, as soon as it is allowed, the page has been read and somebody can see it: once for
   * a page, and again when a target turns up that it was not told with. Of a document's states only `loading` comes
   * after `l`.
   */
  const update = (): void => {
    if (!isAllowed || isAsking || document.hidden || document.readyState > "l") return;
    if (address !== pageAddress()) later(arrive, SETTLE_MS);
    if (asked === seen.size) return;
    isAsking = true;
    asked = seen.size;
    hasMoved();
    post("/visit", visitMessage(consent, readIds(config.session)), (status, body) => {
      isAsking = false;
      reply = body || {};
      const session = reply.session;
      if (asked < 0) beForgotten([reply.visitor, session]);
      else if (session) {
        keepIds(reply.visitor!, session, reply.swaps!);
        startBeating(session, reply.beat || config.beat, answered);
      }
      decide(((session || consent === "denied") && asked >= 0 && reply.swaps) || swaps || {});
      update();
      clearTimeout(retry);
      if (!(status! < 429)) retry = later(visitAnew, RETRY_MS);
    });
  };

  const forget = (): void => {
    asked = -1;
    isAllowed = false;
    beForgotten(readIds());
    clearIds();
    decide({});
  };

  const arrive = () => {
    if (isAsking || !hasMoved()) return;
    if (!session) return visitAnew();
    update();
    if (isAsking) return;
    note({ kind: "page", url: location.href, title: document.title });
    beatNow();
  };

  const noteShown = (kind: "tap" | "copy", text: string) => {
    for (const target in swaps) if (digits(text).includes(shown(target).number.slice(-SUBSCRIBER_DIGITS))) note({ kind, target });
  };

  const commands: Commands = {
    event: (name, props) => note({ kind: "custom", name, props }),
    number: (...given) => load("number").then(() => hooks[6]!(...given)).catch(attempt),
    consent(state) {
      if (consent === "denied") asked = -1;
      consent = state;
      isAllowed = state === "granted" || (forget(), config.denied);
      update();
    },
    forget,
  };

  const loaded: Record<string, Promise<unknown>> = {};
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
    seen,
    () => swaps,
    write,
    shown,
    post,
  ];
  const load = (part: string) =>
    (loaded[part] =
      loaded[part] ||
      import(`${base}/${part}.js`)
        .then((module: { default: Part }) => module.default(...core))
        .catch(attempt));

  hooks[3] = update;
  hooks[4] = load;
  const prototype = Element.prototype;
  const attachShadow = prototype.attachShadow;
  prototype.attachShadow = function (how) {
    hooks[4]!("deep", this);
    return attachShadow.call(this, how);
  };
  on("click", (event) => {
    // Only links have a protocol; an icon within (`use`) has an `href` that is no text.
    noteShown("tap", (event.composedPath() as HTMLAnchorElement[]).find((each) => each.protocol)!.href);
    flush();
  });
  on("copy", () => noteShown("copy", String(getSelection())));

  obey(commands);
  config.parts.forEach(load);
  if (/#swapboard-d/.test(location.href)) load("debug");

  if (isAllowed)
    attempt(() => {
      decide(JSON.parse(unescape(readIds(config.beat * BEATS_KEPT)[2]!)) as Swaps);
    });
  on("DOMContentLoaded", update);
  on("visibilitychange", () => {
    if (document.hidden) say();
    else beatNow();
    update();
  });
  on("pagehide", () => isAlone() && say("gone"));
  watch(document);
  later(() => asked || visitAnew(), GRACE_MS);
}

if (!isTaken()) install();
