import { config } from "./config";
import { attempt } from "./guard";
import type { Swaps } from "./swap";

/** Nearly a year; browsers keep no cookie longer than 400 days (RFC 6265bis, 5.5). */
const VISITOR_SECONDS = 30_000_000;

/**
 * Where the cookie may be kept, the widest first: the site's own domains as far as the server knows them, or the host
 * and all that is above it. Firefox notes each refused cookie in its console, so nothing is tried without need.
 */
let domains =
  config.domains ||
  [2, 3, 4].map((labels) => location.hostname.split(".").slice(-labels).join("."));

/** A browser drops a cookie of more than 4,096 bytes. Numbers that do not fit are known once the server answers. */
const MAX_SWAPS = 3000;

/** Stands in where nothing can be stored, or is to be. */
let inPage = "";

/** What this page stored, or found when it came. */
let kept = load();
let wasOthers: boolean | undefined;

function load(): string {
  return (
    attempt(() => /\b_swb=([^;]+)/.exec(document.cookie)![1]) || attempt(() => localStorage._swb as string) || inPage
  );
}

/** Whether no other page of this browser beats: none stored since our last beat, or the one before. */
export function isAlone(): boolean {
  return !wasOthers && load() === kept;
}

/**
 * Keeps a text first-party; an empty one removes what was kept. The cookie is written for the widest domain that the
 * browser takes, so that all of a site's hosts share it: one above the registrable domain is refused.
 */
function store(value: string): void {
  wasOthers = load() !== kept;
  kept = value;
  const rest = `;path=/;samesite=lax;max-age=0${value && VISITOR_SECONDS}${location.protocol[5] ? ";secure" : ""}`;
  if (config.cookies) {
    attempt(() =>
      domains.some((domain) => {
        document.cookie = `_swb=${value};domain=${domain}${rest}`;
        return value && document.cookie.includes(value) && (domains = [domain]);
      }),
    );
    attempt(() => (value ? (localStorage._swb = value) : delete localStorage._swb));
  }
  inPage = load() === value ? "" : value;
}

/** Keeps the ids, with the time of the session's last activity and what it is shown. */
export function keepIds(visitor: string, session: string, swaps: Swaps): void {
  store([visitor, session, Date.now(), escape(JSON.stringify(swaps)).slice(0, MAX_SWAPS)].join("/"));
}

export function clearIds(): void {
  store("");
}

export type Ids = [visitor?: string, session?: string, swaps?: string];

/** The ids that are known. A session without activity for so long is over. */
export function readIds(seconds = Infinity): Ids {
  const [visitor, session, at, swaps] = load().split("/") as [string, string, any, string];
  return Date.now() - at < seconds * 1000 ? [visitor, session, swaps] : [visitor];
}
