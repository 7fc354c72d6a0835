import type { Part } from "../part";

const SETTLE_MS = 50;

/** Looks through open shadow roots and frames of the same origin as well. */
const deep: Part = (_config, hooks, _places, _look, watch, roots) => {
  const load = hooks[4]!;
  const known = new WeakSet<Node>(roots);
  let timer: unknown;

  const enter = (root: Node | null): void => {
    if (!root || known.has(root)) return;
    known.add(root);
    watch(root);
    search(root as Document);
  };

  const search = (root: Document | ShadowRoot): void => {
    for (const element of root.querySelectorAll("*")) {
      enter(element.shadowRoot);
      if (element.localName === "iframe") frame(element as HTMLIFrameElement);
      // An element whose code is still to come has no shadow root yet.
      if (!element.matches(":defined")) void customElements.whenDefined(element.localName).then(soon, () => {});
    }
  };

  const frame = (element: HTMLIFrameElement): void => {
    try {
      enter(element.contentDocument);
      if (known.has(element)) return;
      known.add(element);
      element.addEventListener("load", soon);
    } catch {
      // Another origin's.
    }
  };

  const soon = () => {
    timer =
      timer ||
      setTimeout(() => {
        timer = 0;
        [...roots].forEach((root) => search(root as Document));
      }, SETTLE_MS);
  };

  hooks[4] = (part) => (part === "deep" ? soon() : load(part));
  search(document);
};

export default deep;
