/** The country calling code an E.164 number begins with (ITU-T E.164, list of assigned codes). */
const CALLING_CODE = /^\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;

function callingCode(number: string): string {
  return CALLING_CODE.exec(number)?.[1] ?? "";
}

/**
 * What to write in place of `text`, in which `target` stands: `(202) 555-0100` becomes `(202) 555-0143`. A number of
 * another country or length cannot take the notation; it is written as `display`. Text without digits ("Call us")
 * stays; null where the digits are not the target's, or others than 0 to 9, as Arabic's.
 */
export function rewrite(text: string, target: string, number: string, display: string): string | null {
  if (/(?!\d)\p{Nd}/u.test(text)) return null;
  const written = text.replace(/\D/g, "");
  if (!written) return text;
  const code = callingCode(target);
  const subscriber = target.slice(1 + code.length);
  const before = written.slice(0, Math.max(0, written.length - subscriber.length));
  const isTarget = written === before + subscriber;
  if (!isTarget || !["", code, "0", `${code}0`, `00${code}`, `011${code}`].includes(before)) return null;
  if (callingCode(number) !== code || number.length !== target.length) {
    return text.replace(/[(+]*\d(?:[^]*\d)?/, () => display);
  }
  const digits = before + number.slice(1 + code.length);
  let place = 0;
  return text.replace(/\d/g, () => digits.charAt(place++));
}
