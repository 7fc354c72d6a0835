import type { Part } from "../part";

/** What pages written for another service's script call. */
interface CallTrk {
  swap(where?: Node | string): void;
  getSwapNumbers(numbers: string[], tell: (swapped: Record<string, string>) => void): void;
  captureForm(form: HTMLFormElement | string): void;
}

const WAIT_MS = 200;
const WAITS = 50;

/** `window.CallTrk`: a site can move over without editing its pages. */
const compat: Part = (_config, hooks, _places, look, _watch, roots) => {
  const [, swapAt] = hooks;

  const nodes = (where: Node | string): Node[] =>
    typeof where === "string" ? Array.from(document.querySelectorAll(where)) : [where];

  const capture = (form: HTMLFormElement | string, waits = 0): void => {
    if (hooks[5]) nodes(form).forEach(hooks[5]);
    else if (waits < WAITS) setTimeout(() => capture(form, waits + 1), WAIT_MS);
  };

  /** A number in its own notation, as it is shown. */
  const shown = (written: string): string => {
    const { documentElement } = document;
    const place = { parentElement: documentElement, parentNode: documentElement, nodeValue: written, nodeName: "#text" };
    swapAt(place as unknown as Text);
    return place.nodeValue;
  };

  const api: CallTrk = {
    swap: (where) => look(where ? nodes(where) : roots),
    captureForm: (form) => capture(form),
    getSwapNumbers(numbers, tell) {
      const targets = new Set<string>();
      numbers.forEach((number) => hooks[0](number, (found, target) => (targets.add(target), found)));
      let left = targets.size;
      const done = () => {
        const swapped: Record<string, string> = {};
        numbers.forEach((number) => (swapped[number] = shown(number)));
        tell(swapped);
      };
      if (!left) return done();
      targets.forEach((target) => window.swapboard!("number", target, () => --left || done()));
    },
  };
  (window as unknown as { CallTrk: CallTrk }).CallTrk = api;
};

export default compat;
