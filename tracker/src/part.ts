import type { PageEvent } from "./beat";
import type { Config } from "./config";
import { base } from "./send";
import type { hooks } from "./swap";
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
];

/** What a part's module exports; it is called once. */
export type Part = (...core: Core) => void;

const loaded: Record<string, Promise<void>> = {};

/**
 * Loads a part from beside the script. Where the page's policy refuses it, the rest goes on without, once this resolves. `import()` passes
 * on the script's nonce and its trust (CSP `strict-dynamic`), and needs no trusted type.
 */
export function loadPart(name: string, core: Core): Promise<void> {
  return (loaded[name] =
    loaded[name] ||
    import(`${base}/${name}.js`)
    .then((part: { default: Part }) => part.default(...core))
    .catch(() => {}));
}
