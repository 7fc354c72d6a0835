import { config } from "./config";
import { attempt, later } from "./guard";
import { look } from "./scan";
import { swapAttributes } from "./swap";

/** Where a page changes oftener, or a script undoes our writes, we rest and then look at all of it again. */
const MAX_BATCHES_A_SECOND = 100;
const SECOND_MS = 1000;

/** The document, and what else is looked through: frames, shadow roots. */
export const roots: Node[] = [];

let batches = 0;

const observer = new MutationObserver((changes) =>
  attempt(() => {
    if (!batches++) later(rest, SECOND_MS);
    if (batches > MAX_BATCHES_A_SECOND) return observer.disconnect();
    const changed: Node[] = [];
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") swapAttributes(target as Element);
      else if (type === "childList") addedNodes.forEach((node) => changed.push(node));
      else changed.push(target);
    }
    look(changed);
  }),
);

function rest(): void {
  if (batches > MAX_BATCHES_A_SECOND) roots.splice(0).forEach(watch);
  batches = 0;
}

/**
 * Shows numbers in a document or shadow root from now on, in what is added or rewritten before it is painted. Our own
 * writes come back as changes too; they need no second write, so nothing loops.
 */
export function watch(root: Node): void {
  roots.push(root);
  observer.observe(root, { subtree: true, childList: true, characterData: true, attributeFilter: config.attributes });
  look([root]);
}
