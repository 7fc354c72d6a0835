/** The number to show, as E.164, and how to write it where the page's own notation cannot hold it. */
export interface Swap {
  number: string;
  display?: string | undefined;
}

/** The digits of a text, percent-encoded characters apart. */
export function digits(text: string): string {
  return text.replace(/%\w\w|\D/g, "");
}

/**
 * Another number in the notation in which one was written, digit by digit: `(202) 555-0100` becomes
 * `(202) 555-0143`.
 *
 * @param national the number to show, without its calling code
 */
export function inNotation(written: string, national: string): string {
  let position = national.length - digits(written).length;
  return written.replace(/%\w\w|\d/g, (found) => (found[1] ? found : national[position++] || found));
}
