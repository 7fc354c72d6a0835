import { attempt, later } from "./guard";
import { hold, isMark } from "./hydrate";
import { hooks, swapAt, swapAttributes } from "./swap";

const SHOW_ELEMENT_TEXT_AND_COMMENT = 133;

/**
 * Longer work is done in pieces, so that the page can answer its visitor in between. What the first one finds is written
 * at once; texts that later ones find are written one after the other when all has been read, for each frame in which
 * something is written may cost a layout of the whole page.
 */
const PIECE_MS = 10;
const LONG_REST_MS = 1000;

/** What waits to be looked at, in its order. */
export const queue = new Set<Node>();
export let walker: TreeWalker;
let node: Node | null | undefined;
/** Whether there is more than one piece, from the end of the first to the end of the last. */
export let isLong: boolean;

/** Does what waits for a moment, and the rest after a break. */
function work(): void {
  const until = Date.now() + PIECE_MS;
  // Goes on with what is added; to begin anew for each node would be to step over all that were taken out before.
  const waiting = queue.values();
  while (Date.now() < until) {
    if (!node) {
      node = waiting.next().value;
      if (!node) {
        isLong = false;
        return hooks[3]!();
      }
      queue.delete(node);
      walker = document.createTreeWalker(node, SHOW_ELEMENT_TEXT_AND_COMMENT);
    }
    const current = node;
    node = walker.nextNode();
    attempt(() => {
      if ((current as Text).splitText) hooks[1](current as Text);
      else if ((current as Attr).ownerElement) swapAt(current as Attr);
      else if (isMark(current as Comment)) hold();
      else swapAttributes(current as Element);
    });
  }
  rest();
}

function rest(milliseconds?: number): void {
  isLong = true;
  later(work, milliseconds);
}

/**
 * Shows the numbers in everything under these nodes, before anything is painted where it is little; later where
 * somebody keeps us too busy.
 */
export function look(nodes: Node[], isTooMuch?: boolean): void {
  for (const each of nodes) queue.add(each);
  if (isLong) return;
  if (isTooMuch) rest(LONG_REST_MS);
  else work();
}
