/* What the tests look at a page with. It runs before the page's own scripts, and keeps what it needs of the browser. */
(() => {
  const { defineProperty, getOwnPropertyDescriptor } = Object;
  const { apply } = Reflect;
  let nodes = [];
  let shift = 0;

  /* A property as the browser made it: names in a page can hide those of a form. */
  function getter(prototype, name) {
    const { get } = getOwnPropertyDescriptor(prototype, name);
    return (node) => apply(get, node, []);
  }

  const typeOf = getter(Node.prototype, "nodeType");
  const parentOf = getter(Node.prototype, "parentNode");
  const firstOf = getter(Node.prototype, "firstChild");
  const nextOf = getter(Node.prototype, "nextSibling");
  const documentOf = getter(Node.prototype, "ownerDocument");
  const nameOf = getter(Element.prototype, "localName");
  const attributesOf = getter(Element.prototype, "attributes");
  const rootOf = getter(Element.prototype, "shadowRoot");
  const { getBoundingClientRect, hasAttribute } = Element.prototype;

  /* Every node in the order of the document, shadow roots and frames of the same origin included. */
  function* walk(node) {
    yield node;
    if (typeOf(node) === 1) {
      const inner = [rootOf(node), nameOf(node) === "template" && node.content, /^i?frame$/.test(nameOf(node)) && inside(node)];
      for (const root of inner) if (root) yield* walk(root);
    }
    for (let child = firstOf(node); child; child = nextOf(child)) yield* walk(child);
  }

  function inside(frame) {
    try {
      return frame.contentDocument;
    } catch {
      return null;
    }
  }

  /* The part of an address that says in which way the website serves a page. */
  const here = /^https?:\/\/[^/]*\/[^/]*(?=\/)/.exec(location.href)?.[0] ?? "about:";

  function written(element) {
    const isTracker = nameOf(element) === "script" && apply(hasAttribute, element, ["data-gallery"]);
    let said = "";
    for (const { name, value } of attributesOf(element)) if (!(isTracker && name === "src")) said += ` ${name}=${quoted(value.replace(here, ""))}`;
    return said;
  }

  const quoted = (text) => '"' + text.replace(/\\/g, "\\\\").replace(/"/g, '\\"') + '"';

  function indent(node) {
    let steps = 0;
    for (let above = node; (above = parentOf(above) || above.host); ) steps++;
    return " ".repeat(steps);
  }

  const isScript = (node) => typeOf(node) === 1 && nameOf(node) === "script";

  /* A line of its own for each node. What the page's own steps are written in is left out. */
  function line(node) {
    const type = typeOf(node);
    const isMachinery = type === 3 && isScript(parentOf(node)) && apply(hasAttribute, parentOf(node), ["data-page"]);
    if (isMachinery) return `${indent(node)}…`;
    if (type === 3 || type === 4) return indent(node) + quoted(node.data);
    if (type === 8) return `${indent(node)}<!--${node.data.replace(/lit\$\d+/, "lit")}-->`;
    if (type !== 1) return `${indent(node)}#${type}`;
    const typed = /^(input|textarea|select)$/.test(nameOf(node)) ? ` [${quoted(String(node.value))}]` : "";
    return `${indent(node)}<${nameOf(node)}${written(node)}>${typed}`;
  }

  function snapshot() {
    const lines = [];
    for (const node of walk(document)) lines[lines.length] = line(node);
    return lines.join("\n");
  }

  /* How many of the nodes that the parser made are still where they were. */
  function lost() {
    const now = new Set(walk(document));
    return nodes.filter((node) => !now.has(node)).length;
  }

  function boxes() {
    const found = [];
    for (const node of walk(document)) {
      if (typeOf(node) !== 1 || documentOf(node) !== document) continue;
      const { x, y } = apply(getBoundingClientRect, node, []);
      found[found.length] = `${nameOf(node)} ${x.toFixed(1)} ${y.toFixed(1)}`;
    }
    return found.join("\n");
  }

  const types = PerformanceObserver.supportedEntryTypes;
  if (types.includes("layout-shift")) {
    new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (shift += value))).observe({
      type: "layout-shift",
      buffered: true,
    });
  }
  addEventListener("DOMContentLoaded", () => (nodes = [...walk(document)]), { once: true });
  defineProperty(window, "__eye", { value: { snapshot, lost, boxes, shift: () => shift } });
})();
