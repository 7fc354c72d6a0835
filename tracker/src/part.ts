import type { PageEvent } from "./beat";
import type { Config } from "./config";
import type { Swap } from "./format";
import type { post } from "./send";
import type { hooks, Swaps } from "./swap";
import type { Reply } from "./visit";

type Hooks = typeof hooks;

/** What the core lends to a part, in this order, which costs the fewest bytes. */
export type Core = [
  config: Config,
  hooks: Hooks,
  /** What the business wrote at a text or attribute, and what we show. */
  places: WeakMap<Node, [original: string, shown: string]>,
  /** Looks through these nodes again. */
  look: (roots: Node[]) => void,
  /** Looks through a document or shadow root from now on. */
  watch: (root: Node) => void,
  /** What is looked through. */
  roots: Node[],
  note: (event: PageEvent) => void,
  flush: () => void,
  session: () => string,
  /** The server's last answer to a visit. */
  reply: () => Reply | undefined,
  /** Targets that stand somewhere on the page, or were asked for. */
  seen: Set<string>,
  /** What the server said to show, once it has. */
  swaps: () => Swaps | undefined,
  /** Writes to a text, and leaves the visitor's selection where it is. */
  write: (text: Text, original: string, written: string) => void,
  /** What is shown for a target. */
  shown: (target: string) => Swap,
  post: typeof post,
];

/** What a part's module exports; it is called once. */
export type Part = (...core: Core) => void;
