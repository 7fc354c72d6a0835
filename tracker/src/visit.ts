import { config } from "./config";
import { attempt } from "./guard";
import { referrer } from "./route";
import type { Ids } from "./session";
import { seen, type Swaps } from "./swap";

function adCookies(): Record<string, string> {
  const cookies: Record<string, string> = {};
  document.cookie.replace(RegExp(config.cookies!, "g"), (_, name: string, value: string) => (cookies[name] = value));
  return cookies;
}

/** Long addresses are cut, so that the whole stays under the 8 KB that the server takes. */
const MAX_URL = 3000;
const MAX_TEXT = 1000;
/** The server gives numbers for so many. */
const MAX_TARGETS = 50;

/** The body of `POST /t/{site_key}/visit`. */
export function visitMessage(consent: string | undefined, [visitor, session]: Ids) {
  return {
    visitor,
    session,
    url: location.href.slice(0, MAX_URL),
    referrer: referrer.slice(0, MAX_TEXT),
    title: document.title.slice(0, MAX_TEXT),
    targets: [...seen].slice(0, MAX_TARGETS),
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    cookies: consent === "denied" ? {} : attempt(adCookies),
    consent,
    // Chromium's request says `Sec-Purpose: prefetch;prerender` still when a prepared page is looked at.
    visible: true,
  };
}

/** What the server answers to a visit; to a beat, at most the swaps. Nothing of it is sure to be there. */
export interface Reply {
  visitor?: string | null;
  session?: string | null;
  swaps?: Swaps;
  /** Seconds between two beats. */
  beat?: number;
  /** Hands the session over to another of the company's hosts. */
  link?: string;
}
