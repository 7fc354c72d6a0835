import { config } from "./config";
import { attempt, later } from "./guard";
import { look } from "./scan";

/** Where a page changes oftener, or a script undoes our writes, we rest before we look at what has changed. */
const MAX_BATCHES_A_SECOND = 100;
const SECOND_MS = 1000;

/** The document, and what else is looked through: frames, shadow roots. */
export const roots: Node[] = [];

let batches = 0;

const observer = new MutationObserver((changes) =>
  attempt(() => {
    if (!batches++) later(() => (batches = 0), SECOND_MS);
    // Of the three types only `childList` has no tenth letter: the others are looked at where they happened.
    const changed = changes.flatMap((change): Node | Node[] =>
      change.type[9] ? change.target : [...change.addedNodes],
    );
    look(changed, batches > MAX_BATCHES_A_SECOND);
  }),
);

/**
 * Shows numbers in a document or shadow root from now on, in what is added or rewritten before it is painted. Our own
 * writes come back as changes too; they need no second write, so nothing loops.
 */
export function watch(root: Node): void {
  roots.push(root);
  observer.observe(root, config.watch);
  look([root]);
}
