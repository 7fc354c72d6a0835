import type { Part } from "../part";

const PARAMETER = /([?#&])_swb=[\w.-]+&?/;
const STRIP_AFTER_MS = 1000;

/** Hands the session over to the company's other hosts by a signed word in links, and takes it off the address bar. */
const handover: Part = (config, _hooks, _places, _look, _watch, _roots, _note, _flush, _session, reply) => {
  const isOther = (host: string): boolean =>
    host !== location.hostname && config.hosts!.some((each) => host === each || host.endsWith(`.${each}`));

  const strip = () => {
    // The visit must have told the address first: the server reads the word in it.
    if (!reply()) return void setTimeout(strip, STRIP_AFTER_MS);
    const clean = location.href.replace(PARAMETER, "$1").replace(/[?#&]$/, "");
    history.replaceState(history.state, "", clean);
  };

  const decorate = ({ target }: Event) => {
    try {
      const link = (target as Element).closest<HTMLAnchorElement>("a[href]");
      const word = (reply() || {}).link;
      if (!link || !word || !/^https?:/.test(link.protocol) || !isOther(link.hostname)) return;
      // Where a fragment is free it is used: it breaks no page cache, and no server's log keeps it.
      const url = new URL(link.href.replace(PARAMETER, "$1").replace(/[?#&]$/, ""));
      if (url.hash) url.searchParams.set("_swb", word);
      else url.hash = `_swb=${word}`;
      link.href = url.href;
    } catch {
      // The link leads where it led.
    }
  };

  for (const kind of ["mousedown", "touchstart", "click", "auxclick"]) addEventListener(kind, decorate, { capture: true, passive: true });
  if (PARAMETER.test(location.href)) strip();
};

export default handover;
