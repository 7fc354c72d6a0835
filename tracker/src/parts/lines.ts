import type { Part } from "../part";

/** No number is spread over so many nodes; of a longer line only what is near is read. */
const MOST_NODES = 50;

/** What may stand within a number; any other element ends the line. */
const INLINE = /^(a|abbr|bd[io]|big|data|em|font|ins|[biqsu]|label|mark|small|span|strong|su[bp]|time|tt|wbr)$/;

/** Swaps numbers whose digits are spread over inline elements, such as `<b>(202)</b> 555-<i>0100</i>`. */
const lines: Part = (config, hooks, places, look, _watch, roots, _note, _flush, _session, _reply, _seen, _swaps, write) => {
  const [, swapAt] = hooks;

  const isInline = (node: Node): boolean =>
    INLINE.test((node as Element).localName) && !(node as Element).matches(config.skip);

  /** The nearest element around a text that is more than a piece of a line. */
  const blockAround = (node: Node): Element | null => {
    let block = node.parentElement;
    while (block && isInline(block)) block = block.parentElement;
    return block;
  };

  /** The texts of the line on one side of a text, the nearest first. */
  const beside = (text: Text, block: Element, step: "previousNode" | "nextNode"): Text[] => {
    const walker = document.createTreeWalker(block, 5);
    const found: Text[] = [];
    walker.currentNode = text;
    for (let node = walker[step](), left = MOST_NODES; node && left--; node = walker[step]()) {
      if (node.nodeType === 3 && blockAround(node) === block) found.push(node as Text);
      else if (!isInline(node)) break;
    }
    return found;
  };

  const originalOf = (text: Text): string => {
    const [original, shown] = places.get(text) || [];
    return shown === text.nodeValue ? original! : text.nodeValue!;
  };

  /** A number as the core would show it in this place. */
  const shownFor = (written: string, block: Element): string => {
    const place = { parentElement: block, parentNode: block, nodeValue: written, nodeName: "#text" };
    swapAt(place as unknown as Text);
    return place.nodeValue;
  };

  const swapLine = (texts: Text[], block: Element): void => {
    const originals = texts.map(originalOf);
    const line = originals.join("");
    const characters = line.split("");
    const found: [written: string, start: number][] = [];
    if (!block.closest(config.skip)) {
      hooks[0](line, (written, _target, _code, _length, start) => {
        found.push([written, start]);
        return written;
      });
    }
    // Only now, for the finder's patterns remember where they are and cannot be used within themselves.
    for (const [written, start] of found) {
      const shown = shownFor(written, block);
      if (shown.length === written.length) characters.splice(start, written.length, ...shown);
      else characters.fill("", start, start + written.length)[start] = shown;
    }
    texts.forEach((text, index) => {
      const original = originals[index]!;
      const shown = characters.splice(0, original.length).join("");
      if (shown === text.nodeValue) return;
      write(text, original, shown);
    });
  };

  hooks[1] = (text) => {
    const block = /\d/.test(originalOf(text)) && blockAround(text);
    const before = block && beside(text, block, "previousNode");
    const after = block && beside(text, block, "nextNode");
    if (before && after && before.length + after.length) swapLine([...before.reverse(), text, ...after], block);
    else swapAt(text);
  };
  look(roots);
};

export default lines;
