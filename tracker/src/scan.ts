import { attempt, later } from "./guard";
import { hold, isMark } from "./hydrate";
import { hooks, swapAt, swapAttributes } from "./swap";

const SHOW_ELEMENT_TEXT_AND_COMMENT = 133;

/** Longer work is done in pieces, so that the page can answer its visitor in between. */
const PIECE_MS = 10;
const LONG_REST_MS = 1000;

const queue = new Set<Node>();
let walker: TreeWalker;
let node: Node | null | undefined;
let isResting: boolean;

/** Does what waits for a moment, and the rest after a break. */
function work(): void {
  const until = performance.now() + PIECE_MS;
  // Goes on with what is added; to begin anew for each node would be to step over all that were taken out before.
  const waiting = queue.values();
  isResting = false;
  while (performance.now() < until) {
    if (!node) {
      node = waiting.next().value;
      if (!node) return hooks[3]!();
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
  isResting = true;
  later(work, milliseconds);
}

/**
 * Shows the numbers in everything under these nodes, before anything is painted where it is little; later where
 * somebody keeps us too busy.
 */
export function look(nodes: (Node | null)[], isTooMuch?: boolean): void {
  for (const each of nodes) if (each) queue.add(each);
  if (isResting) return;
  if (isTooMuch) rest(LONG_REST_MS);
  else work();
}
