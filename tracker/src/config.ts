/** What the server writes into the script for one site. */
export interface Config {
  key: string;
  /** The business's numbers as E.164, to be looked for on the page. */
  targets: string[];
  /** Seconds between two beats. */
  beat: number;
  /** Seconds without activity after which a session is over. */
  session: number;
  /** `always`, or anything else: nothing is stored or sent before consent is granted. */
  consent: string;
}

declare global {
  const __SWAPBOARD_CONFIG__: Config;
}
