import type { Config, Shape } from "../src/config";

export const US = "+12025550100";
export const GB = "+442079460958";

/** Calling code and trunk prefix of the countries that the tests write numbers of. */
const COUNTRIES: Record<string, string> = { "+1": "", "+44": "0", "+49": "0", "+7": "8", "+36": "06", "+65": "" };

const GAP = "(?:[^\\w,:+%]|%2\\w){0,60}";
const OPEN = "(?:\\((?=\\W?\\d{1,5}\\W?\\)))?";
const BEFORE = "(^|[^-.\\w#=]|(?:^|\\D)[-.]|[a-z](?=\\W))";
const AFTER = "(?![-.]?\\d|_)";

/** What the server writes for numbers of a shape (`swapboard.web.script_config`); a test in Python holds both alike. */
export function shape(code: string, length: number): Shape {
  const trunk = COUNTRIES[code]!;
  const international = `(?:(?:(?:\\+|%2B|00|011)${GAP})?${code.slice(1)}${GAP})?`;
  const national = `${trunk && `(?:${trunk}${GAP})?`}\\d(?:${GAP}\\d){${length - 1}}`;
  return [code, length, `${BEFORE}(${OPEN}${international}${national})${AFTER}`];
}

/** Texts whose only digits are two to six successive ones of a target; or single digits, as its last seven are. */
function pieces(targets: string[]): string {
  const found = new Set<string>();
  for (const target of targets)
    for (let from = 1; from < target.length; from++)
      for (let to = from + 2; to <= Math.min(from + 6, target.length); to++) found.add(target.slice(from, to));
  const apart = targets.map((target) => `${target.slice(-7).split("").join("\\D+")}\\D*$`);
  return [`(^|\\0)\\D*(${[...found].sort().join("|")})\\D*$`, ...apart].join("|");
}

/** A configuration as the server makes it; `own` are tracking numbers, each with its target. */
export function configure(given: Partial<Config> = {}, own: Record<string, string> = {}): Config {
  const targets = given.targets ?? [US];
  const known = { ...Object.fromEntries(targets.map((target) => [target, target])), ...own };
  const shapes = Object.keys(known).map((number) => {
    const code = Object.keys(COUNTRIES).find((each) => number.startsWith(each))!;
    return `${code} ${number.length - code.length}`;
  });
  return {
    key: "SITEKEY",
    targets,
    shapes: [...new Set(shapes)].map((each) => shape(each.split(" ")[0]!, Number(each.split(" ")[1]))),
    not: "\\+(\\d[\\W\\d]{0,7})?\\0|\\0\\d{4}\\s\\d{4}\\b[^\\0]*\\0\\s\\d{4}|\\d\\d\\s\\0\\d{4}\\s\\d{4}\\b",
    known,
    piece: pieces(targets),
    beat: 20,
    session: 1800,
    consent: "always",
    links: "^(?!href)|^(?:href)?([tT][eE][lL]|[sS][mM][sS]):|/wa\\.me/",
    marks: [" ", "/$", "["],
    apps: "[id^=__]>*,#root>*,#app>*",
    watch: {
      subtree: true,
      childList: true,
      characterData: true,
      attributeFilter: ["href", "aria-label", "title", "alt", "placeholder"],
    },
    skip: "textarea,head,script,style,noscript,link,meta,[itemprop=telephone],[contenteditable],[data-swapboard=off]",
    cookies:
      "\\b(_ga(?:_\\w+)?|_fb[pc]|_gcl_aw|_gcl_gb|_uetmsclkid|_ttp|li_fat_id|_pk_id[.\\w]*|ph_\\w+_posthog)=" +
      "(?:%7B[^;]*?distinct_id%22%3A%22)?((?:(?!%22)[^;])+)",
    credentials: "omit",
    parts: [],
    ...given,
  };
}
