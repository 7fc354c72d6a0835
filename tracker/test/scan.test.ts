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
  vi.spyOn(performance, "now").mockImplementation(() => now++);
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
  look([document.body.lastChild]);
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
  look([document.body.lastChild]);
  runToEnd();
  expect(tasks.flat()).toEqual(["a", "b"]);
});
