import { attempt } from "./guard";
import type { Ids } from "./session";
import type { Swaps } from "./swap";

/** Analytics' and ad platforms' own ids and click ids. */
const AD_COOKIES = /\b(_ga(?:_\w+)?|_fb[pc]|_gcl_aw|_gcl_gb|_uetmsclkid|_ttp|li_fat_id)=([^;]+)/g;

function adCookies(): Record<string, string> {
  const cookies: Record<string, string> = {};
  document.cookie.replace(AD_COOKIES, (_, name: string, value: string) => (cookies[name] = value));
  return cookies;
}

/** The body of `POST /t/{site_key}/visit`, short enough for the server's limit of 8 KB. */
export function visitMessage(ids: Ids, targets: string[], referrer: string, consent: string | null) {
  return {
    ...ids,
    url: location.href.slice(0, 4096),
    referrer: referrer.slice(0, 1024),
    title: document.title,
    targets,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    cookies: attempt(adCookies),
    consent,
    visible: true,
  };
}

/** What the server answers to a visit; to a beat, at most the swaps. Nothing of it is sure to be there. */
export interface Reply {
  visitor?: string;
  session?: string;
  swaps?: Swaps;
  /** Seconds between two beats. */
  beat?: number;
}
