import { config } from "./config";
import { findNumbers, type Finder } from "./find";
import { digits, inNotation, type Swap } from "./format";

export type Swaps = Record<string, Swap>;

/** A text, or an attribute's value. */
export type Place = Text | Attr;

/** What a part may put in place of the core's own. */
export const hooks: [
  find: Finder,
  visitText: (text: Text) => void,
  /** Whether the page's own code is done with an element, so that a change cannot disturb it; everywhere without. */
  isReady?: ((element: Element) => unknown) | undefined,
  /** Called when everything has been looked at. */
  finished?: () => void,
  load?: (part: string) => void,
  /** Chooses a form whose sending is told. */
  chooseForm?: (form: Node) => void,
] = [findNumbers, swapAt];

/** What the business wrote and what we show instead. */
export const places = new WeakMap<Node, [original: string, shown: string]>();

/** Targets that stand somewhere on the page, or were asked for. */
export const seen = new Set<string>();

/** What the server said to show; nothing is written before it did. */
export let swaps: Swaps | undefined;
/** Shows the numbers of the last answer in a text, or in an attribute's value. */
export function swapAt(place: Place): void {
  const text = place.parentElement;
  const owner = text || (place as Attr).ownerElement;
  const value = place.nodeValue as string;
  const [lastOriginal, lastShown] = places.get(place) || [];
  const original = lastShown === value ? lastOriginal! : value;
  const isOff = !owner || owner.closest(config.skip);
  const written = isOff
    ? original
    : hooks[0](original, (found, target, code, length) => {
        seen.add(target);
        const { number, display } = shown(target);
        return number.startsWith(code) && number.length === code.length + length
          ? inNotation(found, number.slice(-length))
          : (text && display) || number;
      });
  if (value.match(config.piece)) hooks[4]!("lines");
  if (!swaps || written === value || (hooks[2] && !hooks[2](owner!))) return;
  places.set(place, [original, written]);
  place.nodeValue = written;
}

/** The same in an element's attributes. */
export function swapAttributes(element: Element): void {
  if (element.shadowRoot || (element as HTMLIFrameElement).contentDocument) hooks[4]!("deep");
  for (const name of config.attributes) {
    const place = element.getAttributeNode(name);
    if (place && (name !== "href" || place.value.match(config.links))) swapAt(place);
  }
}

/** Takes swaps as the whole truth. */
export function take(given: Swaps): void {
  swaps = given;
}

/** What is shown for a target: what the server said, if that is a number. */
export function shown(target: string): Swap {
  const swap = swaps && swaps[target];
  return swap && /^\+\d{4,15}$/.test(swap.number) ? swap : { number: target };
}

/** Whether the number shown for a target stands in a text. */
export function isShownIn(text: string, target: string): boolean {
  return digits(text).includes(shown(target).number.slice(-7));
}
