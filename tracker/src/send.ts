import { config } from "./config";
import { attempt } from "./guard";
import type { Reply } from "./visit";

const TIMEOUT_MS = 5000;

/** Where the server listens: the script's own address without `.js`. */
export const base = /^[^?#]+(?=\.js)/.exec((document.currentScript as HTMLScriptElement).src)![0];

/**
 * Posts a message as plain text, so that the browser need not ask the server first (CORS preflight).
 *
 * @param done gets the answer's status, 0 where there is none, and its body as far as it can be read
 */
export async function post(path: string, message: object, done?: (status: number, body?: Reply) => void): Promise<void> {
  let status = 0;
  let body: Reply | undefined;
  try {
    const response = await fetch(base + path, {
      method: "POST",
      body: JSON.stringify(message),
      credentials: config.credentials,
      keepalive: true,
      signal: attempt(() => AbortSignal.timeout(TIMEOUT_MS)) as AbortSignal,
    });
    status = response.status;
    if (response.ok) body = (await response.json()) as Reply;
  } catch {
    // No answer, or none to be read.
  }
  attempt(() => done!(status, body));
}

/** For messages that must go although the page goes: nobody waits for the answer. */
export function beacon(message: object): void {
  if (!attempt(() => navigator.sendBeacon(base + "/beat", JSON.stringify(message)))) void post("/beat", message);
}
