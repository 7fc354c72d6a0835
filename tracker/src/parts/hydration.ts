import type { Part } from "../part";

/** From the page's load on, a framework that was seen gets this long to hydrate, any other an instant. */
const LIMIT_MS = 10_000;
const NO_FRAMEWORK_MS = 100;
const FIRST_RETRY_MS = 60;
const LAST_RETRY_MS = 1000;

const has = (holder: object, key: RegExp): boolean => Object.keys(holder).some((each) => key.test(each));

/** Whether React or Vue runs on the page, or has left word that it will. */
const isAlive = (): boolean =>
  has(document, /^_react/) || has(window, /^_+(next_|NEXT|nuxt|NUXT|remix|reactRouter|VUE_*$)/);

/** Whether an element stands in a part of React's page that waits for its own turn (`<Suspense>`). */
function isInBoundary(element: Element): boolean {
  let ended = 0;
  for (let node = element.previousSibling; node; node = node.previousSibling) {
    if (node.nodeType !== 8) continue;
    if (/^\/\$/.test(node.nodeValue!)) ended++;
    else if (/^\$/.test(node.nodeValue!) && !ended--) return true;
  }
  return false;
}

/** Holds writes back where React or Vue is yet to compare the page with what it would have drawn. */
const hydration: Part = (config, hooks, _places, look, _watch, roots) => {
  const apps = config.apps.replace(/>\*/g, "");
  let loadedAt = document.readyState === "complete" ? performance.now() : 0;
  let wait = FIRST_RETRY_MS;
  let timer: unknown;

  const isOver = (): boolean =>
    !!loadedAt && performance.now() - loadedAt > (isAlive() ? LIMIT_MS : NO_FRAMEWORK_MS);

  const isHydrated = (element: Element): boolean => {
    for (let node: Node | null = element; node; node = node.parentNode) {
      if (has(node, /^__react(Fiber|Props|InternalInstance)\$/) || "__vue_app__" in node) return true;
      if (has(node, /^_+reactContainer\$/)) return false;
      if (node.nodeType !== 1) continue;
      const each = node as Element;
      if (isInBoundary(each)) return false;
      if (each.localName === "astro-island" && each.hasAttribute("ssr")) return false;
      if (each.matches(apps)) return false;
    }
    return !has(window, /^_+(next_f|remixContext|reactRouterContext)$/);
  };

  const again = () => {
    timer = 0;
    look(roots);
  };

  hooks[2] = (element) => {
    if (isOver() || isHydrated(element)) return true;
    timer = timer || setTimeout(again, (wait = Math.min(wait * 1.5, LAST_RETRY_MS)));
    return false;
  };
  addEventListener("load", () => (loadedAt = performance.now()));
};

export default hydration;
