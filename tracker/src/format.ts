/** The number to show, as E.164, and how to write it where the page's own notation cannot hold it. */
export interface Swap {
  number: string;
  display?: string | undefined;
}

/** The digits of a text, percent-encoded characters apart. */
export function digits(text: string): string {
  return text.replace(/%\w\w|\D/g, "");
}
