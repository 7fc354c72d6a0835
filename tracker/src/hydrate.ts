import { config } from "./config";

/** Whether a framework may be about to compare the page with what it would have drawn. */
export function mayHydrate(): unknown {
  return (
    document.querySelector(config.apps) ||
    [document, window].some((holder) => /\b_+(next|nuxt|react|remix|vue)/i.test(Object.keys(holder) as never))
  );
}
