// What layout.py asks of a page: an expression whose value has the functions.
(() => {
  const ACCENTS = { a: "á", e: "ê", i: "ï", o: "ö", u: "ü", A: "Å", E: "É", O: "Ø", c: "ç", n: "ñ", s: "š" };
  const SCROLLS = ".wide-table, .subnav, pre";
  const NOT_OURS = "bdi, code, pre, time, script, style, svg, .phone, textarea";
  const brief = (node) => JSON.stringify(node.textContent.trim().replace(/\s+/g, " ").slice(0, 40));

  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    return found;
  };

  const isHidden = (element) => {
    for (let each = element; each; each = each.parentElement) {
      if (getComputedStyle(each).clipPath !== "none") return true;
      if (each.matches("[aria-hidden=true], option, datalist, .skip")) return true;
    }
    return !element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };

  const shifts = async () => {
    const moved = [];
    new PerformanceObserver((list) => moved.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true });
    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    const name = ({ node }) => node && (node.outerHTML ?? node.textContent).slice(0, 80);
    return moved.filter((each) => !each.hadRecentInput).map((each) => [each.value, each.sources.map(name)]);
  };

  const speakLonger = (way) => {
    document.documentElement.dir = way;
    for (const node of texts()) {
      const text = node.textContent;
      if (!/[a-z]{2}/i.test(text) || node.parentElement.closest(NOT_OURS)) continue;
      const words = text.trim().split(/\s+/);
      // One long word more, as a German compound.
      const more = words.length < 2 ? words[0].slice(0, 3) : words.slice(0, Math.ceil(words.length * 0.35)).join("");
      const longer = text.replace(/\s*$/, (end) => ` ${more.slice(0, 18)}${end}`);
      node.textContent = longer.replace(/[a-zA-Z]/g, (each) => ACCENTS[each] ?? each);
    }
  };

  const tooWide = () => {
    const [wide, all] = [document.documentElement.clientWidth, document.documentElement.scrollWidth];
    if (all <= wide) return [];
    const sticks = [...document.querySelectorAll("main *")].filter((each) => {
      const box = each.getBoundingClientRect();
      return box.width && (box.right > wide + 1 || box.left < -1) && !each.closest(SCROLLS);
    });
    return [`${all} wide: ${sticks.slice(0, 2).map((each) => `${each.tagName}.${each.className} ${brief(each)}`)}`];
  };

  // An opened menu lies above the page on purpose: what overlaps is looked for within it, and within the page.
  const layer = (node) => node.parentElement.closest("details[open] > .menu-body");

  // Of a line, what is in view of the table that scrolls around it.
  const inView = (box, scrolled) => {
    const left = Math.max(box.left, scrolled?.left ?? -Infinity);
    const right = Math.min(box.right, scrolled?.right ?? Infinity);
    return { left, right, top: box.top, bottom: box.bottom, width: right - left, height: box.height };
  };

  // The lines of each text that can be seen, and whether a word of it is broken.
  const written = () => {
    const [pieces, said, range] = [[], [], document.createRange()];
    for (const node of texts()) {
      if (!node.textContent.trim() || isHidden(node.parentElement)) continue;
      range.selectNodeContents(node);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 2 && box.height > 2);
      const scrolled = node.parentElement.closest(SCROLLS)?.getBoundingClientRect();
      const seen = boxes.map((box) => inView(box, scrolled)).filter((box) => box.width > 2);
      pieces.push(...seen.map((box) => ({ node, box })));
      const lines = new Set(boxes.map((box) => Math.round(box.top))).size;
      // What visitors and people wrote may be as long as it likes.
      if (node.parentElement.closest("bdi")) continue;
      const words = node.textContent.trim().split(/[\s/–-]+/);
      if (lines > words.length + 1 || (lines > words.length && words.every((word) => word.length < 20)))
        said.push(`${brief(node)} is broken within its words`);
    }
    return [pieces, said];
  };

  const overlaps = (pieces) => {
    const said = [];
    pieces.sort((one, other) => one.box.top - other.box.top);
    pieces.forEach((one, place) => {
      for (const other of pieces.slice(place + 1)) {
        if (other.box.top > one.box.bottom) break;
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down = Math.min(one.box.bottom, other.box.bottom) - other.box.top;
        if (other.node === one.node || layer(other.node) !== layer(one.node)) continue;
        if (across > 3 && down > 6) said.push(`${brief(one.node)} overlaps ${brief(other.node)}`);
      }
    });
    return said;
  };

  const cut = () => {
    const said = [];
    for (const element of document.querySelectorAll("body *:not(svg *)")) {
      const style = getComputedStyle(element);
      const isOver = element.scrollWidth > element.clientWidth + 1 && element.textContent.trim() && !isHidden(element);
      if (isOver && ["hidden", "clip"].includes(style.overflowX) && style.textOverflow !== "ellipsis")
        said.push(`${brief(element)} is cut`);
      if (isOver && element.matches("button, .button")) said.push(`${brief(element)} sticks out of its button`);
    }
    return said;
  };

  const misplaced = () => {
    const [pieces, broken] = written();
    return [...tooWide(), ...broken, ...overlaps(pieces), ...cut()];
  };

  // Of each kind of what a keyboard reaches, whether it shows that it is reached; in the order of the page.
  const unseenFocus = () => {
    const [said, kinds, before] = [[], new Set(), document.activeElement];
    for (const element of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")) {
      if (element.tabIndex > 0) said.push(`${brief(element)} is out of order for a keyboard`);
      const kind = `${element.tagName} ${element.type} ${element.className}`;
      if (kinds.has(kind) || element.tabIndex < 0 || element.disabled || !element.checkVisibility({ visibilityProperty: true })) continue;
      kinds.add(kind);
      element.focus({ focusVisible: true, preventScroll: true });
      const shows = [null, "::after"].map((part) => getComputedStyle(element, part));
      if (document.activeElement === element && shows.every((each) => each.outlineStyle === "none" || each.outlineWidth === "0px"))
        said.push(`${element.tagName}.${element.className} ${brief(element)} does not show that a keyboard is on it`);
    }
    (before ?? document.body).focus?.({ preventScroll: true });
    return said;
  };

  const misplacedInLongerWords = (way) => {
    speakLonger(way);
    return misplaced();
  };

  return { shifts, misplaced, unseenFocus, misplacedInLongerWords };
})()
