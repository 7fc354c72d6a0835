import { config } from "./config";
import { hooks } from "./swap";

/** Holds writes back from now on, until the part that knows frameworks says where they may go. */
export function hold(): void {
  if (hooks[2]) return;
  hooks[2] = hold;
  hooks[4]!("hydration");
}

/** Whether it is a comment that a server's rendering has. */
export function isMark(node: Comment): boolean {
  return config.marks.includes(node.data);
}

/** Holds back where React or Vue runs already. */
export function heedGlobals(): void {
  if (/_(react|VUE)/.test([document, window].map(Object.keys) as never)) hold();
}
