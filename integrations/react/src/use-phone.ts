"use client";

import { useCallback, useSyncExternalStore } from "react";
import { rewrite } from "./notation.js";
import { shownFor, subscribe, type Shown } from "./store.js";

export interface PhoneNumber {
  /** What to dial, E.164. */
  number: string;
  /** How to write it, as `text` was. */
  text: string;
}

/**
 * The number that this visitor is to see in place of `target` (E.164), which the page writes as `text`.
 *
 * It is the original on the server and while the page hydrates, so both write the same; the visitor's number follows,
 * and every change of it. Without Swapboard's script on the page it stays the original.
 */
export function usePhone(target: string, text: string = target): PhoneNumber {
  const listen = useCallback((listener: () => void) => subscribe(target, listener), [target]);
  const shown = useSyncExternalStore<Shown | undefined>(listen, () => shownFor(target), () => undefined);
  const written = shown && shown.number !== target ? rewrite(text, target, shown.number, shown.display) : null;
  return written === null || !shown ? { number: target, text } : { number: shown.number, text: written };
}
