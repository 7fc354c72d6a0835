import type { Part } from "../part";

/** How long after the page was parsed a framework is waited for: one that runs, that left marks, of which nothing shows. */
const RUNNING_MS = 10_000;
const MARKED_MS = 5000;
const UNSEEN_MS = 300;

/** A framework that comes later than this may find the page changed. */
const LAST_MS = 60_000;

const FIRST_RETRY_MS = 40;
const LAST_RETRY_MS = 500;

type Keyed = { [name: string]: any };

const keyed = (holder: object, pattern: RegExp): unknown => {
  const key = Object.keys(holder).find((each) => pattern.test(each));
  return key && (holder as Keyed)[key];
};

/** Whether React or Vue runs on the page. */
const isRunning = (): unknown => keyed(document, /^_react/) || "__VUE__" in window;

/** Whether servers' renderings have left word that they will be hydrated. Svelte's, which look like Vue's, mind no change. */
function isMarked(): unknown {
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
  for (let node; (node = walker.nextNode() as Comment | null); ) {
    const { data, previousSibling, nextSibling } = node;
    const isBetweenTexts = previousSibling instanceof Text && nextSibling instanceof Text;
    if (data === "/$" || (data === " " && isBetweenTexts) || (data === "[" && !("__svelte" in window))) return true;
  }
  return keyed(window, /^__(next|NEXT|nuxt|NUXT|remix|reactRouter)/);
}

/** Whether an element stands in a part of React's page that waits for its own turn (`<Suspense>`). */
function isInBoundary(element: Node): boolean {
  let ended = 0;
  for (let node = element.previousSibling; node; node = node.previousSibling) {
    if (node.nodeType !== 8) continue;
    if (/^\/\$/.test(node.nodeValue!)) ended++;
    else if (/^\$/.test(node.nodeValue!) && !ended--) return true;
  }
  return false;
}

/** Whether React has still to compare what is in a root with what it would have drawn (React 18, 19: the fiber of the root). */
function isDehydrated(fiber: Keyed): unknown {
  try {
    return fiber.stateNode.current.memoizedState.isDehydrated;
  } catch {
    return false;
  }
}

/**
 * Holds writes back where React or Vue is yet to compare the page with what it would have drawn. Where nothing shows
 * that one will, they are let through, and taken back should one begin all the same.
 */
const hydration: Part = (config, hooks, places, look, _watch, roots) => {
  const apps = config.apps.replace(/>\*/g, "");
  const { get: firstChild } = Object.getOwnPropertyDescriptor(Node.prototype, "firstChild")!;
  const trapped = new WeakSet<Node>();
  /** Where numbers were written although a framework may still come. */
  let early = new Set<Node>();
  let held = new Set<Node>();
  let isPromised: unknown = true;
  let since = 0;
  let wait = FIRST_RETRY_MS;
  let timer: unknown;

  const parsed = () => {
    const navigation = performance.getEntriesByType?.("navigation")[0] as PerformanceNavigationTiming | undefined;
    since = navigation?.domContentLoadedEventStart || performance.now();
    isPromised = isMarked();
  };

  /** True or false, or undefined where nobody can know. */
  const isHydrated = (owner: Element): boolean | undefined => {
    let isTaken = false;
    for (let node: Node | null = owner; node; node = node.parentNode) {
      if ("__vue_app__" in node || "__vue__" in node) return true;
      isTaken = isTaken || !!keyed(node, /^__react(Fiber|InternalInstance)\$/);
      const root = keyed(node, /^(__reactContainer\$|_reactRootContainer$)/);
      if (root) return isTaken && !isDehydrated(root);
      if (!isTaken && isInBoundary(node)) return isRunning() ? false : undefined;
      if (node.nodeType === 1 && (node as Element).matches(apps)) return isTaken || undefined;
    }
    return isRunning() || !isPromised ? true : undefined;
  };

  const isOver = (): boolean =>
    !!since && performance.now() - since > (isRunning() ? RUNNING_MS : isPromised ? MARKED_MS : UNSEEN_MS);

  const again = () => {
    const waiting = [...held];
    held = new Set();
    timer = 0;
    look(waiting);
  };

  const hold = (place: Node) => {
    held.add(place);
    timer = timer || setTimeout(again, (wait = Math.min(wait * 1.2, LAST_RETRY_MS)));
  };

  /** A framework begins: it finds everything as the business wrote it. */
  const giveBack = () => {
    const written = early;
    early = new Set();
    since = performance.now();
    wait = FIRST_RETRY_MS;
    written.forEach((node) => {
      hold(node);
      const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
      for (let each: Node | null = node; each; each = walker.nextNode()) {
        const [original, shown] = places.get(each) || [];
        // At once, and without regard for a selection: what is about to be compared has to be as it was.
        if (shown && shown === each.nodeValue) {
          places.set(each, [original!, original!]);
          each.nodeValue = original!;
        }
      }
    });
  };

  /** React and Vue begin with the first child of their container; React has marked it before. */
  const trap = (node: Node) => {
    if (trapped.has(node)) return;
    trapped.add(node);
    Object.defineProperty(node, "firstChild", {
      configurable: true,
      get() {
        if (keyed(node, /^__reactContainer\$/) || "__VUE__" in window) {
          delete (node as Keyed).firstChild;
          giveBack();
        }
        return firstChild!.call(node) as Node | null;
      },
    });
  };

  hooks[2] = (place) => {
    const owner = (place as Attr).ownerElement || place.parentElement || (place.parentNode as ShadowRoot).host;
    const known = isHydrated(owner);
    if (known) return true;
    // A number over several elements is tried in a place that is no node.
    const node = place.nodeType ? place : owner;
    if (known === false || !isOver()) {
      hold(node);
      return false;
    }
    if (performance.now() - since < LAST_MS) {
      early.add(node);
      for (let above: Node | null = owner; above; above = above.parentNode) trap(above);
    }
    return true;
  };

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", parsed);
  else parsed();
  look(roots);
};

export default hydration;
