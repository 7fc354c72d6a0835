import { expect, test, vi } from "vitest";
import { subscribe } from "../src/store.js";

test("an element called swapboard is not in the way of what is said before the script is there", () => {
  // As browsers name it; this environment's window does not.
  vi.stubGlobal("swapboard", document.createElement("div"));
  subscribe("+12025550100", vi.fn());
  const { swapboard } = window as unknown as { swapboard: { q: unknown[][] } };
  expect(swapboard.q).toMatchObject([["number", "+12025550100", expect.any(Function)]]);
});
