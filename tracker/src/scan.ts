import { attempt, later } from "./guard";
import { hooks, swapAttributes } from "./swap";

const SHOW_ELEMENT_AND_TEXT = 5;

/** Longer work is done in pieces, so that the page can answer its visitor in between. */
const PIECE_MS = 10;

let queue: Node[] = [];
let walker: TreeWalker;
let node: Node | null | undefined;
let isResting: boolean;

/** Does what waits for a moment, and the rest after a break. */
function work(): void {
  const until = performance.now() + PIECE_MS;
  isResting = false;
  while (!isResting) {
    if (!node) {
      node = queue.shift();
      if (!node) return hooks[3]!();
      walker = document.createTreeWalker(node, SHOW_ELEMENT_AND_TEXT);
    }
    const current = node;
    node = walker.nextNode();
    attempt(() => {
      if ((current as Text).splitText) hooks[1](current as Text);
      else swapAttributes(current as Element);
    });
    isResting = performance.now() > until;
  }
  later(work);
}

/** Shows the numbers in everything under these nodes, before anything is painted where it is little. */
export function look(roots: Node[]): void {
  queue = queue.concat(roots);
  if (!isResting) work();
}
