import type { Part } from "../part";

/** Looks through open shadow roots and frames of the same origin as well. */
const deep: Part = (config, hooks, _places, look, watch, roots) => {
  const load = hooks[4]!;
  const frames = new WeakSet<Element>();

  const enter = (host: Element): void => {
    const root = host.shadowRoot || (host as HTMLIFrameElement).contentDocument;
    if (!root || roots.includes(root) || host.closest(config.skip)) return;
    const gone = (each: Node) => !each.isConnected || (each as Document).defaultView === null;
    for (const each of roots.filter(gone)) roots.splice(roots.indexOf(each), 1);
    watch(root);
    if (host.shadowRoot || frames.has(host)) return;
    frames.add(host);
    host.addEventListener("load", () => enter(host));
  };

  hooks[4] = (part, host) => {
    // Who is about to attach a root has none yet; one whose root is closed never shows it.
    if (part === "deep") void Promise.resolve(host!).then(enter).catch(() => {});
    else load(part);
  };
  look(roots);
};

export default deep;
