import { finder, type Finder } from "./find";
import { digits, inNotation, national, type Swap } from "./format";

export type Swaps = Record<string, Swap>;

const UNTOUCHABLE = "head,script,style,noscript,textarea,option,[contenteditable],[data-swapboard=off]";

const TEXT_NODE = 3;
const SHOW_ELEMENT_AND_TEXT = 5;

/** What the business wrote and what we show instead, at each text and at each address of a telephone link. */
const places = new WeakMap<Text | Attr, [original: string, shown: string]>();
let targets: string[];
let find: Finder;
let swaps: Swaps = {};

/** Targets that stand somewhere on the page, or were asked for. */
export const seen = new Set<string>();

/** Says which numbers to look for, as E.164. */
export function lookFor(numbers: string[]): void {
  targets = numbers;
  find = finder(targets);
}

function swapAt(place: Text | Attr): void {
  const text = place.parentElement;
  const owner = text || (place as Attr).ownerElement;
  const value = place.nodeValue as string;
  const [lastOriginal, lastShown] = places.get(place) || [];
  const original = lastShown === value ? (lastOriginal as string) : value;
  const found: string[] = [];
  let shown = find(original, (target, written) => {
    found.push(target);
    const swap = swaps[target];
    return swap ? inNotation(written, target, swap.number, (text && swap.display) || swap.number) : written;
  });
  if (!found[0]) return;
  if (!owner || owner.closest(UNTOUCHABLE)) shown = original;
  else found.forEach((target) => seen.add(target));
  if (shown === value) return;
  places.set(place, [original, shown]);
  place.nodeValue = shown;
}

/**
 * Shows the numbers of the last answer in a text, or in everything under an element or the document. It starts from
 * what the business wrote, whatever is shown now; so an empty answer restores the page.
 */
export function swapUnder(root: Node): void {
  const nodes = document.createTreeWalker(root, SHOW_ELEMENT_AND_TEXT);
  for (let node: Node | null = root; node; node = nodes.nextNode()) {
    if (node.nodeType === TEXT_NODE) swapAt(node as Text);
    else if (/^tel:/.test((node as HTMLAnchorElement).href)) swapAt((node as Element).getAttributeNode("href") as Attr);
  }
}

/** Takes an answer's swaps as the whole truth, and puts on the page what of them are numbers for the targets. */
export function show(given: Swaps): void {
  swaps = {};
  for (const target of targets) {
    const swap = given[target];
    if (swap && /^\+\d{4,15}$/.test(swap.number)) swaps[target] = swap;
  }
  swapUnder(document);
}

/** The number shown for a target, as E.164. */
export function shownNumber(target: string): string {
  return (swaps[target] || { number: target }).number;
}

/** The targets whose shown numbers stand in a text. */
export function shownIn(text: string): string[] {
  return Object.keys(swaps).filter((target) => digits(text).includes(national(shownNumber(target))));
}
