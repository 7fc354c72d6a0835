import type { Part } from "../part";

/** A number of another country in a WhatsApp link: its addresses have no plus (https://faq.whatsapp.com/5913398998672934). */
const abroad: Part = (_config, hooks, _places, look, _watch, roots) => {
  const [find] = hooks;
  hooks[0] = (text, replace) =>
    find(text, (written, target, code, length, start) => {
      const shown = replace(written, target, code, length, start);
      const isBare = written[0] !== "+" && /wa\.me\/$/.test(text.slice(0, start));
      return isBare ? shown.replace("+", "") : shown;
    });
  look(roots);
};

export default abroad;
