import { attempt, on } from "./guard";

/** The page's address without a fragment that only scrolls; `#/…` and `#!…` are routes of their own. */
function pageAddress(): string {
  return location.href.replace(/#(?![/!]).*/, "");
}

let address = pageAddress();

/** Where the visitor was before the page's address. */
export let referrer = document.referrer;

/** Whether the page has gone elsewhere, without being loaded anew, since this was last asked. */
export function hasMoved(): boolean {
  const from = address;
  address = pageAddress();
  if (address === from) return false;
  referrer = from;
  return true;
}

/** Calls `changed` whenever the page's history changes. */
export function watchHistory(changed: () => void): void {
  for (const name of ["pushState", "replaceState"] as const) {
    const native = history[name];
    history[name] = (...given) => {
      native.apply(history, given);
      attempt(changed);
    };
  }
  on("popstate", changed);
}
