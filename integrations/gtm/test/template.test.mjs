import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { parse as parseYaml } from "yaml";
import { faultsOf } from "./language.mjs";
import { readPermissions } from "./permissions.mjs";
import { runScenario } from "./sandbox.mjs";
import { readTemplate } from "./template.mjs";

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), "utf-8");
const text = read("template.tpl");
const template = readTemplate(text);
const permissions = readPermissions(template.permissions);

describe("the template's own tests", () => {
  for (const scenario of template.tests.scenarios) {
    test(scenario.name, () => runScenario(template, permissions, scenario));
  }
});

test("there are tests", () => assert.ok(template.tests.scenarios.length >= 5));

test("the code is as the sandbox wants it, with a permission for all that needs one", () => {
  assert.deepEqual(faultsOf(template.code, permissions), []);
});

test("the gallery's terms stand on top", () => {
  assert.match(template.terms, /^By creating or modifying this file you agree to Google Tag Manager's Community\s/);
});

test("it is a tag for websites", () => {
  assert.equal(template.info.type, "TAG");
  assert.deepEqual(template.info.containerContexts, ["WEB"]);
  assert.ok(template.info.displayName && template.info.description.length <= 200);
});

test("every field that the code reads can be filled in, and the other way round", () => {
  const fields = template.parameters.map(({ name }) => name);
  const used = [...template.code.matchAll(/\bdata\.(\w+)/g)].map(([, name]) => name);
  const given = new Set(used.filter((name) => !name.startsWith("gtmOn")));
  assert.deepEqual([...given].sort(), fields.sort());
});

test("the address of a script is checked as the set-up page writes it", () => {
  const [, { args }] = template.parameters.find(({ name }) => name === "scriptUrl").valueValidators;
  const pattern = new RegExp(args[0]);
  for (const good of ["https://calls.example.com/t/0a1b.js", "https://www.example.com/call/t/0a1b.js"]) {
    assert.match(good, pattern);
  }
  for (const bad of ["http://calls.example.com/t/0a1b.js", "<script async src=", "https://calls.example.com/t/0a1b"]) {
    assert.doesNotMatch(bad, pattern);
  }
});

test("metadata.yaml is as the gallery asks", () => {
  const { homepage, documentation, versions } = parseYaml(read("metadata.yaml"));
  for (const address of [homepage, documentation]) assert.equal(new URL(address).protocol, "https:");
  for (const { sha, changeNotes } of versions) {
    assert.match(sha, /^[0-9a-f]{40}$/);
    assert.ok(changeNotes);
  }
  assert.ok(versions.length);
  assert.match(read("LICENSE"), /Apache License\s+Version 2\.0/);
});
