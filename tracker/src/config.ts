/**
 * How numbers of one country and length are written: `+` and calling code, digits without it, and a regular expression
 * whose groups are what stands before the number and the number. It never matches inside a longer string of digits.
 */
export type Shape = [code: string, length: number, pattern: string];

/** A text that stands for a number, the target it means, what to write in its place, and the target as people write it. */
export type Vanity = [text: string, target: string, template: string, written: string];

/** What the server writes into the script for one site. */
export interface Config {
  key: string;
  /** The business's numbers as E.164, to be looked for on the page. */
  targets: string[];
  shapes: Shape[];
  /**
   * What makes a number a part of something longer, as a regular expression: it is tried on the nine characters before,
   * the number and the nine after it, with NULs between.
   */
  not: string;
  /** The targets, and the tracking numbers that a stored page may show in their place; each with its target. */
  known: Record<string, string>;
  /** Seconds between two beats. */
  beat: number;
  /** Seconds without activity after which a session is over. */
  session: number;
  /** `wait`: nothing is stored or sent before consent is granted; `cookieless`: nothing is stored; `always`. */
  consent: string;
  /** A visitor who declines is shown the channel's static number. */
  denied?: 1;
  /** A regular expression of the end of successive texts, NULs between, over which a target may be spread. */
  piece: string;
  /** In which places numbers are swapped, by name and value: in any, but of links only in those that reach a number. */
  links: string;
  /** A selector of what shows that a framework may hydrate the page. */
  apps: string;
  /** The comments that servers' renderings leave. */
  marks: string[];
  /** Which changes of the page are looked at; numbers are swapped in the attributes that are named there. */
  watch: MutationObserverInit & { attributeFilter: string[] };
  /** A selector of what is never touched, whatever is in it. */
  skip: string;
  /** A regular expression of the analytics' and ad platforms' cookies that a visit tells; without it nothing is stored. */
  cookies?: string;
  /** `include` where the server keeps the visitor in a cookie of its own, which requests must carry. */
  credentials: RequestCredentials;
  /** The parts to load at once. */
  parts: string[];
  /** What may be told of a form that is sent. */
  forms?: string[];
  /** All forms are told of, not only those that the page's code chooses. */
  auto?: 1;
  vanity?: Vanity[];
  /** The domains under which the site's hosts share a cookie. */
  domains?: string[];
  /** The company's other hosts, to which links hand the session over. */
  hosts?: string[];
}

declare global {
  const __SWAPBOARD_CONFIG__: Config;
}

export const config = __SWAPBOARD_CONFIG__;
