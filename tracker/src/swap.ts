import { config } from "./config";
import { swaps } from "./decide";
import { findNumbers, type Finder } from "./find";
import { digits, type Swap } from "./format";
import { hold } from "./hydrate";
import { isLong, queue, walker } from "./scan";

export type Swaps = Record<string, Swap>;

/** A text, or an attribute's value. */
export type Place = Text | Attr;

/** What a part may put in place of the core's own. */
export const hooks: [
  find: Finder,
  visitText: (text: Text) => void,
  /** Whether the page's own code is done with a place, so that a change cannot disturb it; everywhere without. */
  isReady?: (place: Place) => unknown,
  /** Called when everything has been looked at. */
  finished?: () => void,
  /** Loads a part; `deep` is told of the element that holds a tree of its own. */
  load?: (part: string, host?: Element) => void,
  /** Chooses a form whose sending is told. */
  chooseForm?: (form: Node) => void,
  /** Tells the number that is shown for a target, now and whenever it changes. */
  tellNumber?: (target: string, tell: (number: string) => void) => void,
] = [findNumbers, swapAt];

/** What the business wrote and what we show instead. */
export const places = new WeakMap<Node, [original: string, shown: string]>();

/** Targets that stand somewhere on the page, or were asked for. */
export const seen = new Set<string>();

/** The ends of the last texts: a number may be spread over many that are short. */
let tail = "";

/**
 * Writes to a text or an attribute. In a text each new digit is put before the old one goes, so that a selection stays
 * where it is; asking for the selection would cost a layout each time. A browser copies the whole text for each digit,
 * so a very long one is written at once. In long work a text that was come by is only put in the queue.
 */
export function write(text: Text, original: string, written: string): void {
  const old = text.nodeValue!;
  // A line's other texts are written with the one that was waited for.
  if (isLong && text.splitText && !(walker.root as Text).splitText) return void queue.add(text);
  places.set(text, [original, written]);
  if (!text.splitText || old.length !== written.length || old[9999]) text.nodeValue = written;
  else
    for (let at = old.length; at--; )
      if (old[at] !== written[at]) {
        text.insertData(at, written[at]!);
        text.deleteData(at + 1, 1);
      }
}

/**
 * Shows the numbers of the last answer in a text, or in an attribute's value; what the business wrote where nothing may
 * be shown (any more).
 */
export function swapAt(place: Place): void {
  const text = place.parentNode;
  const owner = (place as Attr).ownerElement || place.parentElement || (text as ShadowRoot).host;
  const value = place.nodeValue as string;
  const [lastOriginal, lastShown] = places.get(place) || [];
  const original = lastShown === value ? lastOriginal! : value;
  let written = original;
  if (!owner.closest(config.skip) && (place.nodeName + value).match(config.links))
    written = hooks[0](original, (found, target, code, length) => {
      seen.add(target);
      const swap = shown(target);
      const number = swap.number;
      // Digit by digit: `(202) 555-0100` becomes `(202) 555-0143`, and what comes before the national number stays.
      let position = length - digits(found).length;
      return number.slice(0, -length) === code
        ? found.replace(/%\w\w|\d/g, (each) => (each[1] ? each : number.slice(-length)[position++] || each))
        : (text && swap.display) || number;
    });
  if (written !== original && hooks[2] && !hooks[2](place)) written = original;
  if ((tail = `${tail}\0${value}`.slice(-40)).match(config.piece)) hooks[4]!("lines");
  if (swaps && written !== value) write(place as Text, original, written);
}

/** The same in an element's attributes. */
export function swapAttributes(element: Element): void {
  if (element.matches(config.apps)) hold();
  if (element.shadowRoot || (element as HTMLIFrameElement).contentDocument) hooks[4]!("deep", element);
  for (const name of config.watch.attributeFilter) {
    const place = element.getAttributeNode(name);
    if (place) swapAt(place);
  }
}

/** What is shown for a target: what the server said, if that is a number. */
export function shown(target: string): Swap {
  const swap = swaps && swaps[target];
  return swap && /^\+\d{4,}$/.test(swap.number) ? swap : { number: target };
}
