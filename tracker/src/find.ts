import { callingCode, national } from "./format";

/** Puts `replace`'s answer where each of the numbers stands in a text, and leaves the rest as it is. */
export type Finder = (text: string, replace: (number: string, written: string) => string) => string;

/** What may stand between two digits of one number: spaces, hyphens, dots, brackets, also percent-encoded in a link. */
const GAP = "(?:[^\\w,:+%]|%2\\w)*";

/** What stands before a number: nothing that would make it a part of an identifier or of more digits. */
const BEFORE = "(^|[^-.\\w#=]|(?:^|\\D)[-.]|[a-z](?=\\W))";
const AFTER = "(?![-.]?\\d|_)";

/** Where it is another than `0` (ITU, national trunk prefixes). */
const TRUNK_PREFIXES: Record<string, string> = { 7: "8", 36: "06" };

const spaced = (digits: string): string => digits.replace(/\B/g, GAP);

/** A number as people write it: with or without the calling code, and with the trunk prefix of its country. */
function pattern(number: string): string {
  const code = callingCode(number);
  const trunk = code === "1" ? "" : `(?:${spaced(TRUNK_PREFIXES[code] || "0")}${GAP})?`;
  const international = `(?:(?:(?:\\+|%2B|00|011)${GAP})?${spaced(code)}${GAP})?`;
  return `(\\(?${international}${trunk}${spaced(national(number))})`;
}

/** Whether it is another country's number, or a piece of a card or account number in groups of four. */
function isPartOfLonger(before: string, written: string, after: string): boolean {
  return (
    /\+(\d[\W\d]{0,7})?$/.test(before) || (/^\d{4}\s\d{4}\b/.test(written) && /^\s\d{4}|\d\d\s$/.test(after + before))
  );
}

/** A finder of E.164 numbers in any usual notation, but never inside a longer string of digits. */
export function finder(numbers: string[]): Finder {
  const anyNumber = new RegExp(`${BEFORE}(?:${numbers.map(pattern).join("|") || "(?!)"})${AFTER}`, "gi");
  return (text, replace) =>
    text.replace(anyNumber, (all: string, before: string, ...rest: (string | number)[]) => {
      const which = rest.findIndex((group) => group);
      const written = rest[which] as string;
      const start = (rest[numbers.length] as number) + before.length;
      const end = start + written.length;
      return isPartOfLonger(text.slice(0, start).slice(-9), written, text.slice(end))
        ? all
        : before + replace(numbers[which] as string, written);
    });
}
