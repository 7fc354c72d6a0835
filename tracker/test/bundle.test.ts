import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { builtFolder, bundle, configToken } from "../bundle.mjs";

test("the same source gives the same bytes, and they are the ones that are committed", async () => {
  expect(await bundle()).toBe(inject("script"));
  expect(readFileSync(join(builtFolder, "tracker.js"), "utf8")).toBe(inject("script"));
  for (const [name, script] of Object.entries(inject("parts"))) {
    expect(readFileSync(join(builtFolder, "parts", `${name}.js`), "utf8")).toBe(script);
  }
});

test("the configuration's place stands in it exactly once", () => {
  expect(inject("script").split(configToken)).toHaveLength(2);
});

test("it is small, and so is each part", () => {
  expect(execFileSync("node", ["size.mjs"], { encoding: "utf8" })).toContain("tracker.js: ");
});

test("it is plain ASCII, so that no character set can spoil it", () => {
  for (const script of [inject("script"), ...Object.values(inject("parts"))]) expect(script).toMatch(/^[\n\x20-\x7e]*$/);
});
