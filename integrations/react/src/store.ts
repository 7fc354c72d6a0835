/** A number as the page's script tells it: E.164, and how its country writes it where the script says so. */
export interface Shown {
  number: string;
  display: string;
}

type Tell = (number: string, display?: string) => void;

interface SwapboardFunction {
  (...command: unknown[]): void;
  q?: unknown[];
}

/** What is shown for one target, for all components of the page. */
interface Store {
  shown: Shown;
  listeners: Set<() => void>;
}

const stores = new Map<string, Store>();

/** Says it to Swapboard's script, now or when it comes. */
function say(...command: unknown[]): void {
  const page = window as unknown as { swapboard?: SwapboardFunction };
  // An element with this id is there under its name.
  if (typeof page.swapboard !== "function") {
    const queue: SwapboardFunction = (...later: unknown[]) => void (queue.q = queue.q ?? []).push(later);
    page.swapboard = queue;
  }
  page.swapboard(...command);
}

/** The script tells the number when it is decided, and again whenever it changes; it is asked once for a target. */
function open(target: string): Store {
  const store: Store = { shown: { number: target, display: target }, listeners: new Set() };
  stores.set(target, store);
  const tell: Tell = (number, display) => {
    if (store.shown.number === number) return;
    store.shown = { number, display: display ?? number };
    store.listeners.forEach((listener) => listener());
  };
  say("number", target, tell);
  return store;
}

/** Calls `listener` when the number shown for the target changes; the answer stops it. */
export function subscribe(target: string, listener: () => void): () => void {
  const { listeners } = stores.get(target) ?? open(target);
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is shown now; undefined while nobody has asked. */
export function shownFor(target: string): Shown | undefined {
  return stores.get(target)?.shown;
}
