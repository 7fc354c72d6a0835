import type { Part } from "../part";

/** Tells the page's own code which number is shown for a target: `swapboard("number", target, tell)`. */
const number: Part = (config, hooks, _places, _look, _watch, _roots, _note, _flush, _session, _reply, seen, swaps, _write, shown) => {
  const update = hooks[3]!;
  const asked: { target: string; tell: (number: string) => void; told?: string }[] = [];

  const tellAll = () => {
    if (!swaps()) return;
    for (const each of asked) {
      const { number } = shown(each.target);
      if (number === each.told) continue;
      each.told = number;
      try {
        each.tell(number);
      } catch {
        // What the page does with it is the page's own matter.
      }
    }
  };

  hooks[3] = () => {
    update();
    tellAll();
  };
  hooks[6] = (target, tell) => {
    if (config.known[target]) seen.add(target);
    asked.push({ target, tell });
    tellAll();
    update();
  };
};

export default number;
