/** The number to show, as E.164, and how to write it where the page's own notation cannot hold it. */
export interface Swap {
  number: string;
  display?: string | undefined;
}

/** The country calling code an E.164 number begins with (ITU-T E.164, list of assigned codes). */
export function callingCode(number: string): string {
  return /^\+(1|7|2[07]|3[^578]|4[^2]|5[^09]|6[^789]|8[^0578]|9[^679]|\d{3})/.exec(number)![1] as string;
}

/** An E.164 number without its calling code. */
export function national(number: string): string {
  return number.slice(1 + callingCode(number).length);
}

/** The digits of a text, percent-encoded characters apart. */
export function digits(text: string): string {
  return text.replace(/%\w\w|\D/g, "");
}

/**
 * Another number in the notation in which `target` was written, digit by digit: `(202) 555-0100` becomes
 * `(202) 555-0143`. A number of another country or length does not fit; it is written as `display`.
 */
export function inNotation(written: string, target: string, number: string, display: string): string {
  if (callingCode(number) !== callingCode(target) || number.length !== target.length) {
    return (/^\([^)]+$/.test(written) ? "(" : "") + display;
  }
  const replacement = national(number);
  let position = replacement.length - digits(written).length;
  return written.replace(/%\w\w|\d/g, (found) => (found[1] ? found : replacement.charAt(position++) || found));
}
