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
export function visitMessage({ visitor, session }: Ids, targets: string[], referrer: string, consent: string | null) {
  return {
    visitor,
    session,
    url: location.href.slice(0, 4096),
    referrer: referrer.slice(0, 1024),
    title: document.title.slice(0, 256),
    targets,
    time_zone: attempt(() => Intl.DateTimeFormat().resolvedOptions().timeZone),
    cookies: attempt(adCookies),
    consent,
    visible: true,
  };
}

export interface Reply {
  visitor: string;
  session: string;
  swaps: Swaps;
  beat?: number;
}

/** The swaps of an answer, as far as they are numbers for the targets; undefined where there are none to be read. */
export function readSwaps(body: unknown, targets: string[]): Swaps | undefined {
  const given = (body as Reply | undefined) && (body as Reply).swaps;
  if (!given) return undefined;
  const swaps: Swaps = {};
  for (const target of targets) {
    const swap = given[target];
    if (swap && /^\+\d{4,15}$/.test(swap.number)) swaps[target] = swap;
  }
  return swaps;
}
