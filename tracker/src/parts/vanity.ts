import type { Part } from "../part";

/** A text as a pattern: in any case, with any spaces and hyphens, and never inside a longer word. */
function pattern(text: string): RegExp {
  const words = text.split(/[\s.\u2010-\u2015-]+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return RegExp(`(^|[^\\w-])(${words.join("[\\s.\\u2010-\\u2015-]*")})(?![\\w-])`, "gi");
}

/** Swaps texts that stand for a number, such as `1-800-FLOWERS`, by the template that the site's owner gave. */
const vanity: Part = (config, hooks, _places, look, _watch, roots) => {
  const [find] = hooks;
  const texts = config.vanity!.map(([text, target, template, written]) => {
    const [code, length] = config.shapes.find(([code, length]) => target.startsWith(code) && target.length === code.length + length)!;
    return { target, template, written, code, length, pattern: pattern(text) };
  });
  hooks[0] = (text, replace) => {
    let result = find(text, replace);
    for (const { target, template, written, code, length, pattern } of texts) {
      result = result.replace(pattern, (all: string, before: string, _found: string, at: number) => {
        const number = replace(written, target, code, length, at + before.length);
        return number === written ? all : before + template.replace("{number}", number);
      });
    }
    return result;
  };
  look(roots);
};

export default vanity;
