// @vitest-environment node
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const HERE = fileURLToPath(new URL("..", import.meta.url));
const read = (name: string) => readFileSync(join(HERE, name), "utf-8");
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

test("an application that installs the packed file renders with its own React", { timeout: 60_000 }, () => {
  const application = mkdtempSync(join(tmpdir(), "application-"));
  onTestFinished(() => rmSync(application, { recursive: true }));
  const run = (command: string, ...given: string[]) => execFileSync(command, given, { cwd: application, encoding: "utf-8" });
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", application], { cwd: HERE, encoding: "utf-8" });
  writeFileSync(join(application, "package.json"), `{ "private": true, "type": "module" }`);
  for (const told of ["README.md", "../../docs/install.md"]) {
    expect(read(told)).toContain("npm ci && npm pack");
    expect(read(told)).toContain(`npm install …/integrations/react/${packed.trim()}`);
    expect(read(told)).not.toContain("npm install @swapboard/react");
  }
  run("npm", "install", "--silent", "--offline", "--no-audit", "--legacy-peer-deps", `./${packed.trim()}`);
  for (const peer of ["react", "react-dom"]) symlinkSync(join(HERE, "node_modules", peer), join(application, "node_modules", peer));
  writeFileSync(
    join(application, "page.js"),
    `import { createElement } from "react";
    import { renderToString } from "react-dom/server";
    import { Phone } from "@swapboard/react";
    process.stdout.write(renderToString(createElement(Phone, { target: "+12025550100" }, "(202) 555-0100")));`,
  );
  expect(run("node", "page.js")).toBe('<a href="tel:+12025550100" data-swapboard="off">(202) 555-0100</a>');
});
