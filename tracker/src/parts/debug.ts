import type { Part } from "../part";

const HASH = "#swapboard-debug";
const REFRESH_MS = 1000;
const MOST_ROWS = 200;

interface Row {
  where: string;
  text: string;
  verdict: string;
}

/** A short way to an element, for people. */
function pathOf(element: Element | null): string {
  const steps: string[] = [];
  for (let each = element; each && steps.length < 3; each = each.parentElement) {
    steps.unshift(each.localName + (each.id && `#${each.id}`));
  }
  return steps.join(" > ");
}

/** Explains on the page what was found, what was swapped, and why not. */
const debug: Part = (config, hooks, places, _look, _watch, roots, _note, _flush, session, reply) => {
  if (location.hash !== HASH) return;

  const verdictOf = (place: Text | Attr, owner: Element): string | undefined => {
    const [original, shown] = places.get(place) || [];
    if (shown === place.nodeValue && original !== shown) return `swapped; the business wrote: ${original!.trim()}`;
    const found: string[] = [];
    hooks[0](place.nodeValue!, (written, target) => (found.push(target), written));
    if (!found[0]) return undefined;
    const off = config.skip.split(",").find((selector) => owner.closest(selector));
    if (off) return `left alone: it stands in ${off}`;
    if (!(place.nodeName + place.nodeValue!).match(config.links)) return "left alone: this link reaches no number";
    if (!reply()) return "waits for the server's answer (or for consent, or until the page is seen)";
    if (hooks[2] && !hooks[2](place)) return "waits until the page's framework is done";
    return "not swapped: the server gave this visit no number of its own for it";
  };

  const rows = (): Row[] => {
    const found: Row[] = [];
    const add = (place: Text | Attr, owner: Element | null) => {
      const verdict = owner && found.length < MOST_ROWS && verdictOf(place, owner);
      if (verdict) found.push({ where: `${pathOf(owner)}${place.nodeType === 2 ? ` @${place.nodeName}` : ""}`, text: place.nodeValue!.trim().slice(0, 80), verdict });
    };
    for (const root of roots) {
      const walker = document.createTreeWalker(root, 5);
      while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node === host || host.contains(node)) continue;
        if (node.nodeType === 3) add(node as Text, node.parentElement);
        else for (const name of config.watch.attributeFilter) {
          const place = (node as Element).getAttributeNode(name);
          if (place) add(place, node as Element);
        }
      }
    }
    return found;
  };

  /** How many of our scripts the page loads. */
  const snippets = (): number => {
    const sources = Array.from(document.scripts, ({ src }) => src);
    const own = sources.find((src) => src.includes(`/${config.key}.js`)) || "";
    const prefix = own.slice(0, own.indexOf(`${config.key}.js`));
    return prefix ? sources.filter((src) => src.startsWith(prefix) && /^[\w-]+\.js/.test(src.slice(prefix.length))).length : 1;
  };

  const facts = (): string[] => {
    const { swaps } = reply() || {};
    return [
      `Site ${config.key}, consent: ${config.consent}, parts: ${config.parts.join(", ") || "none"}`,
      `Looks for ${config.targets.join(", ") || "no number: add one on the set-up page"}`,
      session() ? `Session ${session()}` : "No session yet",
      swaps ? `The server's answer: ${JSON.stringify(swaps)}` : "No answer yet",
      ...(snippets() > 1 ? ["Warning: there is more than one Swapboard script on this page; the first one works."] : []),
    ];
  };

  const host = document.createElement("div");
  host.setAttribute("data-swapboard", "off");
  host.id = "swapboard-debug-panel";
  const panel = host.appendChild(document.createElement("section"));
  Object.assign(panel.style, {
    position: "fixed", bottom: "0", left: "0", right: "0", maxHeight: "45vh", overflow: "auto", zIndex: "2147483647",
    background: "#fff", color: "#111", font: "13px/1.5 sans-serif", padding: "12px", borderTop: "3px solid #2b6cb0",
  });
  panel.setAttribute("role", "region");
  panel.setAttribute("aria-label", "Swapboard debug");

  const line = (tag: string, text: string, into: Element = panel): Element => {
    const element = into.appendChild(document.createElement(tag));
    element.textContent = text;
    return element;
  };

  let last = "";
  const draw = () => {
    const [told, listed] = [facts(), rows()];
    const state = JSON.stringify([told, listed]);
    if (state !== last) {
      last = state;
      panel.textContent = "";
      line("strong", "Swapboard: what is done on this page");
      const list = line("ul", "");
      told.forEach((fact) => line("li", fact, list));
      const table = line("table", "");
      for (const { where, text, verdict } of listed) {
        const row = line("tr", "", table);
        for (const cell of [where, text, verdict]) (line("td", cell, row) as HTMLElement).style.padding = "0 12px 0 0";
      }
      if (!listed.length) line("p", "No number of the business was found on this page.");
    }
    setTimeout(draw, REFRESH_MS);
  };
  (document.body || document.documentElement).appendChild(host);
  draw();
};

export default debug;
