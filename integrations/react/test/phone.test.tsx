import { act, StrictMode, Suspense, useState, type ReactNode } from "react";
import { createRoot, hydrateRoot, type Root } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const TARGET = "+12025550100";
const SHOWN = "+12025550143";
const ORIGINAL = '<a class="big" href="tel:+12025550100" data-swapboard="off">(202) 555-0100</a>';
const SWAPPED = ORIGINAL.replace(/0100/g, "0143");

type Page = Window & { swapboard?: ((...command: unknown[]) => void) & { q?: unknown[][] } };
type Tell = (number: string, display?: string) => void;

const page = window as unknown as Page;
let { Phone, usePhone } = await import("../src/index.js");
let root: Root | undefined;
let container: HTMLElement;
const noise: unknown[][] = [];

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

beforeEach(async () => {
  vi.resetModules();
  ({ Phone, usePhone } = await import("../src/index.js"));
  delete page.swapboard;
  noise.length = 0;
  for (const kind of ["error", "warn"] as const) vi.spyOn(console, kind).mockImplementation((...said) => noise.push(said));
  container = document.body.appendChild(document.createElement("main"));
});

afterEach(() => {
  act(() => root?.unmount());
  root = undefined;
  container.remove();
  expect(noise).toEqual([]);
});

/** Swapboard's script, as far as numbers go. */
function script(): { asked: string[]; tell: Tell } {
  const tellers: Tell[] = [];
  const asked: string[] = [];
  const early = page.swapboard?.q ?? [];
  page.swapboard = (command, target, tell) => {
    expect(command).toBe("number");
    asked.push(target as string);
    tellers.push(tell as Tell);
  };
  early.forEach((command) => page.swapboard!(...command));
  return { asked, tell: (...said) => act(() => tellers.forEach((each) => each(...said))) };
}

const Contact = () => (
  <Phone target={TARGET} className="big">
    (202) 555-0100
  </Phone>
);

function hydrate(children: ReactNode): { recovered: unknown[] } {
  const recovered: unknown[] = [];
  container.innerHTML = renderToString(children);
  act(() => {
    root = hydrateRoot(container, children, { onRecoverableError: (error) => recovered.push(error) });
  });
  return { recovered };
}

test("the server writes the original number", () => {
  expect(renderToString(<Contact />)).toBe(ORIGINAL);
});

test("so it does where there is no window", () => {
  vi.stubGlobal("window", undefined);
  try {
    expect(renderToString(<Contact />)).toBe(ORIGINAL);
  } finally {
    vi.unstubAllGlobals();
  }
});

test("hydration finds what the server wrote, and then the number changes", () => {
  const link = () => container.firstChild;
  container.innerHTML = ORIGINAL;
  const before = link();
  const { tell, asked } = script();
  const { recovered } = hydrate(<Contact />);
  expect(container.innerHTML).toBe(ORIGINAL);
  expect(asked).toEqual([TARGET]);
  const hydrated = link();
  tell(SHOWN);
  expect(container.innerHTML).toBe(SWAPPED);
  expect(link()).toBe(hydrated);
  expect(before).not.toBeNull();
  expect(recovered).toEqual([]);
});

test("a number that is known before hydration does not disturb it", () => {
  page.swapboard = (_command, _target, tell) => (tell as Tell)(SHOWN);
  const { recovered } = hydrate(
    <StrictMode>
      <Suspense>
        <Contact />
      </Suspense>
    </StrictMode>,
  );
  expect(container.querySelector("a")!.outerHTML).toBe(SWAPPED);
  expect(recovered).toEqual([]);
});

test("what is asked before the script is there waits in its queue", () => {
  hydrate(<Contact />);
  expect(page.swapboard!.q).toHaveLength(1);
  const { asked, tell } = script();
  expect(asked).toEqual([TARGET]);
  tell(SHOWN);
  expect(container.innerHTML).toBe(SWAPPED);
});

test("all components of a page ask once, and follow every change", () => {
  const { asked, tell } = script();
  hydrate(
    <>
      <Contact />
      <Contact />
    </>,
  );
  tell(SHOWN);
  expect(asked).toEqual([TARGET]);
  expect(container.innerHTML).toBe(SWAPPED + SWAPPED);
  tell(TARGET);
  expect(container.innerHTML).toBe(ORIGINAL + ORIGINAL);
});

test("a component that comes later shows the number at once", () => {
  const { tell } = script();
  let open: (isOpen: boolean) => void = () => {};
  const Menu = () => {
    const [isOpen, setOpen] = useState(false);
    open = setOpen;
    return isOpen ? <Contact /> : null;
  };
  hydrate(
    <>
      <Contact />
      <Menu />
    </>,
  );
  tell(SHOWN);
  act(() => open(true));
  expect(container.innerHTML).toBe(SWAPPED + SWAPPED);
  act(() => open(false));
  tell(TARGET);
  expect(container.innerHTML).toBe(ORIGINAL);
});

test("rendering again keeps the number", () => {
  const { tell } = script();
  act(() => {
    root = createRoot(container);
    root.render(<Contact />);
  });
  tell(SHOWN);
  act(() => root!.render(<Contact />));
  expect(container.innerHTML).toBe(SWAPPED);
});

test("the hook gives number and text, and follows its target", () => {
  const { asked, tell } = script();
  const Line = ({ target }: { target: string }) => {
    const { number, text } = usePhone(target);
    return `${number} ${text}`;
  };
  hydrate(<Line target={TARGET} />);
  tell("+442079460958", "020 7946 0958");
  expect(container.textContent).toBe("+442079460958 020 7946 0958");
  act(() => root!.render(<Line target="+12025550199" />));
  expect(container.textContent).toBe("+12025550199 +12025550199");
  expect(asked).toEqual([TARGET, "+12025550199"]);
});

test("a text that is another number's stays, and so does its link", () => {
  const { tell } = script();
  hydrate(<Phone target={TARGET}>(202) 555-0199</Phone>);
  tell(SHOWN);
  expect(container.innerHTML).toBe('<a href="tel:+12025550100" data-swapboard="off">(202) 555-0199</a>');
});
