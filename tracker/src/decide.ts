import { heedGlobals } from "./hydrate";
import { roots } from "./observe";
import { look } from "./scan";
import type { Swaps } from "./swap";

/** What the server said to show; nothing is written before it did. */
export let swaps: Swaps | undefined;

/** Takes swaps as the whole truth, and shows them everywhere. */
export function decide(given: Swaps): void {
  heedGlobals();
  swaps = given;
  look(roots);
}
