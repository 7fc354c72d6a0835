import type { Part } from "../part";
import type { Reply } from "../visit";

const PARAMETER = /([?#&])_swb=[\w.-]+&?/;
/** A word lasts five minutes (src/swapboard/web/handover.py); no link gets one that may end on its way. */
const NEW_AFTER_MS = 120_000;
const LASTS_MS = 270_000;
const TICK_MS = 10_000;

/** Hands the session over to the company's other hosts by a signed word in links, and takes it off the address bar. */
const handover: Part = (config, hooks, _places, _look, _watch, _roots, _note, _flush, session, reply, _seen, _swaps, _write, _shown, post) => {
  const update = hooks[3]!;
  let last: unknown;
  let word = "";
  let at = 0;
  let askedAt = 0;

  const take = (told?: Reply | false) => {
    if (!told || !told.link) return;
    word = told.link;
    at = askedAt = Date.now();
  };

  const isOther = (host: string): boolean =>
    host !== location.hostname && config.hosts!.some((each) => host === each || host.endsWith(`.${each}`));

  const strip = () => {
    if (!PARAMETER.test(location.href)) return;
    const clean = location.href.replace(PARAMETER, "$1").replace(/[?#&]$/, "");
    history.replaceState(history.state, "", clean);
  };

  const heed = () => {
    const told = reply();
    if (told && told !== last) {
      last = told;
      take(told);
      // The visit must have told the address first: the server reads the word in it.
      strip();
    }
  };

  const keepFresh = () => {
    if (!session() || document.hidden || Date.now() - askedAt < NEW_AFTER_MS) return;
    askedAt = Date.now();
    post("/beat", { link: session() }, (_, told) => take(told));
  };

  const tick = () => {
    keepFresh();
    // Where no visit may be told, the word is worth nothing by now.
    if (performance.now() > LASTS_MS) strip();
    setTimeout(tick, TICK_MS);
  };

  const decorate = (event: MouseEvent) => {
    try {
      const path = event.composedPath() as HTMLAnchorElement[];
      const link = path.find((each) => each.matches && each.matches("a[href]"));
      if (!link || !word || !session() || Date.now() - at > LASTS_MS || event.button > 1) return;
      if (!/^https?:/.test(link.protocol) || !isOther(link.hostname) || PARAMETER.test(link.href)) return;
      // Where a fragment is free it is used: it breaks no page cache, and no server's log keeps it.
      const before = link.getAttribute("href")!;
      const url = new URL(link.href);
      if (url.hash) url.searchParams.set("_swb", word);
      else url.hash = `_swb=${word}`;
      link.href = url.href;
      // Who copies the link's address gets it as it was.
      setTimeout(() => link.href === url.href && link.setAttribute("href", before));
    } catch {
      // The link leads where it led.
    }
  };

  hooks[3] = () => {
    update();
    heed();
  };
  addEventListener("click", decorate, true);
  addEventListener("auxclick", decorate, true);
  addEventListener("visibilitychange", keepFresh, true);
  heed();
  tick();
};

export default handover;
