import { config } from "./config";
import { digits } from "./format";

/** What to write for a target that is written so at `start`; its notation has a calling code and so many digits. */
export type Replace = (written: string, target: string, code: string, length: number, start: number) => string;

/** Puts `replace`'s answer where each of the numbers stands in a text, and leaves the rest as it is. */
export type Finder = (text: string, replace: Replace) => string;

/** Finds numbers in any usual notation, but never inside a longer string of digits. */
export const findNumbers: Finder = (text, replace) => {
  for (const [code, length, source] of config.shapes) {
    const pattern = RegExp(source, "gi");
    let result = "";
    let last = 0;
    let found;
    while ((found = pattern.exec(text))) {
      const written = found[2] as string;
      const end = pattern.lastIndex;
      const start = end - written.length;
      const target = config.known[code + digits(written).slice(-length)];
      if (!target) pattern.lastIndex = found.index + 1;
      else if (!`${text.substring(start - 9, start)}\0${written}\0${text.substr(end, 9)}`.match(config.not)) {
        result += text.slice(last, start) + replace(written, target, code, length, start);
        last = end;
      }
    }
    text = result + text.slice(last);
  }
  return text;
};
