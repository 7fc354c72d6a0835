// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { core } from "./core";

/** A clock that the work itself moves on: each node costs a millisecond. */
let now: number;

/** Texts that were looked at, those of each task apart. */
let tasks: string[][];

beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
  tasks = [];
  vi.spyOn(Date, "now").mockImplementation(() => now++);
});

async function looker(): Promise<Awaited<ReturnType<typeof core>>["look"]> {
  const { look, hooks } = await core();
  hooks[1] = (text) => tasks.at(-1)!.push(text.data);
  hooks[3] = () => {};
  return (nodes) => {
    tasks.push([]);
    look(nodes);
  };
}

function runToEnd(): void {
  while (vi.getTimerCount()) {
    tasks.push([]);
    vi.advanceTimersToNextTimer();
  }
}

test("a large page is looked through in small pieces, each text of it once", async () => {
  const texts = Array.from({ length: 1000 }, (_, at) => String(at));
  document.body.innerHTML = texts.map((text) => `<p>${text}</p>`).join("");
  (await looker())([document.body]);
  runToEnd();
  expect(tasks.flat()).toEqual(texts);
  expect(Math.max(...tasks.map(({ length }) => length))).toBeLessThanOrEqual(10);
});

test("so is a large change, and what changes meanwhile waits for its turn", async () => {
  document.body.innerHTML = "<p>x</p>".repeat(500);
  const look = await looker();
  look([...document.body.children]);
  look([document.body.lastChild!]);
  expect(tasks[1]).toEqual([]);
  runToEnd();
  expect(tasks.flat()).toHaveLength(500);
  expect(Math.max(...tasks.map(({ length }) => length))).toBeLessThanOrEqual(10);
});

test("after a change only what has changed is looked at, however large the page is", async () => {
  document.body.innerHTML = "<p>x</p>".repeat(1000);
  const look = await looker();
  look([document.body]);
  runToEnd();
  tasks = [];
  document.body.insertAdjacentHTML("beforeend", "<ul><li>a<li>b</ul>");
  look([document.body.lastChild!]);
  runToEnd();
  expect(tasks.flat()).toEqual(["a", "b"]);
});

test("what the first piece finds is written at once; what later ones find, when all has been read", async () => {
  const { look, decide, hooks } = await core();
  /** What each task wrote, and whether the last text had been looked at by then. */
  const written: [text: string, isAllRead: boolean][] = [];
  const [, visitText] = hooks;
  let isAllRead = false;
  hooks[1] = (text) => {
    const before = text.data;
    isAllRead = isAllRead || before === "End";
    visitText(text);
    if (before !== text.data) written.push([text.data, isAllRead]);
  };
  hooks[3] = () => {};
  document.body.innerHTML = `<p>202-555-0100</p>${"<p>x</p>".repeat(100)}<p>202.555.0100</p>${"<p>x</p>".repeat(100)}<p>End</p>`;
  decide({ "+12025550100": { number: "+12025550143" } });
  look([document.body]);
  runToEnd();
  expect(written).toEqual([
    ["202-555-0143", false],
    ["202.555.0143", true],
  ]);
});

test("a number that stands in several elements is written in one go", async () => {
  const { look, decide, hooks } = await core();
  hooks[3] = () => {};
  hooks[4] = () => {};
  const [, swapAt] = hooks;
  const lines = (await import("../src/parts/lines")).default;
  const swap = await import("../src/swap");
  lines(...([{ skip: "script" }, hooks, swap.places, () => {}, 0, [], 0, 0, 0, 0, 0, 0, swap.write] as unknown as Parameters<typeof lines>));
  expect(hooks[1]).not.toBe(swapAt);
  document.body.innerHTML = `${"<p>x</p>".repeat(100)}<p id="line"><b>(202)</b> 555-<i>0100</i></p>${"<p>x</p>".repeat(50)}`;
  const line = document.querySelector("#line")!;
  const seen = new Set<string>();
  decide({ "+12025550100": { number: "+13125550143" } });
  look([document.body]);
  while (vi.getTimerCount()) {
    seen.add(line.textContent!);
    vi.advanceTimersToNextTimer();
  }
  seen.add(line.textContent!);
  expect([...seen]).toEqual(["(202) 555-0100", "(312) 555-0143"]);
});
