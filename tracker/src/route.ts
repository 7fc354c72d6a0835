/** The page's address without a fragment that only scrolls; `#/…` and `#!…` are routes of their own. */
export function pageAddress(): string {
  return location.href.replace(/#(?![/!]).*/, "");
}

/** Where the page was when this was last asked. */
export let address = pageAddress();

/** Where the visitor was before. */
export let referrer = document.referrer;

/** Whether the page has gone elsewhere, without being loaded anew, since this was last asked. */
export function hasMoved(): unknown {
  const before = address;
  address = pageAddress();
  if (address === before) return;
  return (referrer = before);
}
