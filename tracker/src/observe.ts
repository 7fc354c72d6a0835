import { attempt, later } from "./guard";

/** Where a page changes oftener, or a script undoes our writes, we rest and then look at all of it again. */
const MAX_BATCHES_A_SECOND = 100;
const SECOND_MS = 1000;

/**
 * Calls `look` with what is on the page, and with what is added or rewritten before it is painted. Writes made by
 * `look` come back as changes too; they need no second write, so nothing loops.
 *
 * @param done called after each batch of changes
 */
export function observe(look: (root: Node) => void, done: () => void): void {
  let batches = Infinity;
  const observer = new MutationObserver((changes) =>
    attempt(() => {
      if (!batches++) later(watch, SECOND_MS);
      if (batches > MAX_BATCHES_A_SECOND) return observer.disconnect();
      for (const { type, target, addedNodes } of changes) {
        if (type === "childList") addedNodes.forEach(look);
        else look(target);
      }
      done();
    }),
  );
  const watch = () => {
    if (batches > MAX_BATCHES_A_SECOND) look(document);
    batches = 0;
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ["href"] });
  };
  watch();
}
