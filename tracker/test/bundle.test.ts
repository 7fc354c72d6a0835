import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, inject, test } from "vitest";
import { bundle, builtFile, configToken } from "../bundle.mjs";

test("the same source gives the same bytes, and they are the ones that are committed", async () => {
  expect(await bundle()).toBe(inject("script"));
  expect(readFileSync(builtFile, "utf8")).toBe(inject("script"));
});

test("the configuration's place stands in it exactly once", () => {
  expect(inject("script").split(configToken)).toHaveLength(2);
});

test("it is small", () => {
  expect(gzipSync(inject("script"), { level: 9 }).length).toBeLessThanOrEqual(3072);
});

test("it is plain ASCII, so that no character set can spoil it", () => {
  expect(inject("script")).toMatch(/^[\n\x20-\x7e]*$/);
});
