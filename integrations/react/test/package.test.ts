// @vitest-environment node
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), "utf-8");
const { exports, files } = JSON.parse(read("package.json")) as { exports: { ".": Record<string, string> }; files: string[] };

test("what the package promises is built", () => {
  expect(files).toEqual(["dist"]);
  expect(read(exports["."].types!)).toMatch(/Phone/);
  expect(read(exports["."].default!)).toMatch(/export \{ Phone \}/);
});

test.each(["index", "phone", "use-phone"])("Next's app router takes %s.js for the browser's", (name) => {
  expect(read(`dist/${name}.js`)).toMatch(/^"use client";/);
});

test("what is built runs as an ES module", async () => {
  const built = (await import(new URL("../dist/index.js", import.meta.url).href)) as Record<string, unknown>;
  expect(Object.keys(built).sort()).toEqual(["Phone", "usePhone"]);
});
