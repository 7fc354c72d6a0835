import { config } from "./config";
import { attempt } from "./guard";
import type { Reply } from "./visit";

/** Where the server listens: the script's own address without `.js`. */
export const base = /[^?#]+(?=\.js)/.exec((document.currentScript as HTMLScriptElement).src)![0];

/**
 * Posts a message as plain text, so that the browser need not ask the server first (CORS preflight).
 *
 * @param done gets the answer's status, none where there is no answer, and its body as far as it can be read;
 *   without it an answer ends as a failure does, in silence. What is not below 429 was lost, or came to a busy server
 */
export function post(path: string, message: object, done?: (status?: number, body?: Reply | false) => void): void {
  fetch(base + path, {
    method: "POST",
    body: JSON.stringify(message),
    credentials: config.credentials,
    keepalive: true,
  })
    .then(
      (response) =>
        response
          .json()
          .catch(attempt)
          .then((body?: Reply) => done!(response.status, response.ok && body)),
      () => done!(),
    )
    .catch(attempt);
}

/** For messages that must go although the page goes: nobody waits for the answer. */
export function beacon(message: object): void {
  if (!attempt(() => navigator.sendBeacon(base + "/beat", JSON.stringify(message)))) post("/beat", message);
}
