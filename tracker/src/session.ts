import { attempt } from "./guard";

/** Browsers keep no cookie longer than 400 days (RFC 6265bis, 5.5). */
const VISITOR_SECONDS = 400 * 86400;

export interface Ids {
  visitor: string | null;
  session: string | null;
}

const NOBODY: Ids = { visitor: null, session: null };

/** Stands in where neither cookies nor localStorage work. */
let inPage = NOBODY;

function load(): string | undefined {
  return (
    attempt(() => /\b_swb=([^;]+)/.exec(document.cookie)![1]) || attempt(() => localStorage._swb as string)
  );
}

function store(value: string): void {
  const age = value ? VISITOR_SECONDS : 0;
  const secure = /^https/.test(location.href) ? ";secure" : "";
  attempt(() => (document.cookie = `_swb=${value};path=/;samesite=lax;max-age=${age}${secure}`));
  attempt(() => (value ? (localStorage._swb = value) : delete localStorage._swb));
}

/** The ids that are known. A session without activity for `sessionSeconds` is not told: the server begins another. */
export function readIds(sessionSeconds: number): Ids {
  const stored = load();
  if (!stored) return inPage;
  const [visitor, session, at] = stored.split("/");
  return { visitor: visitor!, session: (Date.now() - Number(at) < sessionSeconds * 1000 && session) || null };
}

/** Keeps the ids first-party, with the time of the session's last activity. */
export function keepIds(visitor: string, session: string): void {
  inPage = { visitor, session };
  store(`${visitor}/${session}/${Date.now()}`);
}

/** Notes that the session was active. What was deleted, or replaced by another page's session, stays so. */
export function touchIds(): void {
  const stored = load();
  if (stored) store(stored.replace(/\d+$/, `${Date.now()}`));
}

export function clearIds(): void {
  inPage = NOBODY;
  store("");
}
