import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultsOf } from "./language.mjs";
import { matchesUrl, readPermissions } from "./permissions.mjs";
import { runScenario } from "./sandbox.mjs";
import { readTemplate } from "./template.mjs";

const access = (publicId, param) => ({ instance: { key: { publicId }, param } });
const text = (string) => ({ type: 1, string });
const row = (names, values) => ({ type: 3, mapKey: names.map(text), mapValue: values });
const yes = { type: 8, boolean: true };
const no = { type: 8, boolean: false };
const globals = (key, ...values) =>
  access("access_globals", [
    { key: "keys", value: { type: 2, listItem: [row(["key", "read", "write", "execute"], [text(key), ...values])] } },
  ]);
const scripts = (url) => access("inject_script", [{ key: "urls", value: { type: 2, listItem: [text(url)] } }]);

function run(code, scenario, declared = [], setup = "") {
  const template = { code, tests: { setup } };
  runScenario(template, readPermissions(declared), { name: "test", code: scenario });
}

describe("the language", () => {
  const faults = (code, ...declared) => faultsOf(code, readPermissions(declared));

  for (const [code, fault] of [
    ["window.x = 1;", "window is not there in the sandbox."],
    ["const x = new Date();", "The sandbox has no new."],
    ["const x = /a/;", "The sandbox has no regular expressions."],
    ["const x = `a`;", "The sandbox has no templates."],
    ["const [a] = data.x;", "The sandbox has no destructuring."],
    ["const f = require('getCookieValues');", "getCookieValues is not one of the sandbox's APIs."],
    ["const f = require(data.name);", "require takes a text."],
    ["const f = require('injectScript');", "inject_script is needed, but not declared."],
  ]) {
    test(`finds fault with ${code}`, () => assert.ok(faults(code).includes(fault), faults(code).join()));
  }

  test("finds what is declared and not needed", () => {
    assert.deepEqual(faults("", scripts("https://*/*")), ["inject_script is declared, but not needed."]);
  });

  test("finds no fault with what may be", () => {
    const code = "const log = require('makeString'); const f = x => { return log(x); }; f(data.a); if (!data.b) return;";
    assert.deepEqual(faults(code), []);
  });
});

describe("a script's address", () => {
  for (const [pattern, url, isAllowed] of [
    ["https://*/*", "https://calls.example.com/t/a.js", true],
    ["https://*/*", "http://calls.example.com/t/a.js", false],
    ["https://*/*", "calls.example.com/t/a.js", false],
    ["https://*/*", undefined, false],
    ["https://*.example.com/t/*", "https://calls.example.com/t/a.js", true],
    ["https://*.example.com/t/*", "https://calls.example.com.example.net/t/a.js", false],
    ["https://*.example.com/t/*", "https://calls.example.com/x/a.js", false],
    ["https://example.com/a.js", "https://example.com/aXjs", false],
  ]) {
    test(`${pattern} ${isAllowed ? "takes" : "refuses"} ${url}`, () => {
      assert.equal(matchesUrl(pattern, url), isAllowed);
    });
  }
});

describe("the sandbox", () => {
  const inject = "require('injectScript')(data.url, data.gtmOnSuccess, data.gtmOnFailure);";
  const succeeded = "runCode({url: 'https://a.example.com/x.js'}); assertApi('gtmOnSuccess').wasCalled();";

  test("lets through what is permitted", () => run(inject, succeeded, [scripts("https://*.example.com/*")]));

  test("stops what is not permitted", () => {
    assert.throws(() => run(inject, succeeded, [scripts("https://*.example.net/*")]), /inject_script is not given/);
    assert.throws(() => run(inject, succeeded), /inject_script is not given/);
  });

  test("does not check what is mocked, as Tag Manager does not", () => {
    run(inject, succeeded, [], "mock('injectScript', function(url, done) { done(); });");
  });

  test("tells read from write and execute", () => {
    const call = "require('callInWindow')('a', 1);";
    const called = "runCode({}); assertApi('callInWindow').wasCalledWith('a', 1);";
    run(call, called, [globals("a", no, no, yes)]);
    assert.throws(() => run(call, called, [globals("a", yes, yes, no)]), /access_globals is not given for execute a/);
    const queue = "require('createArgumentsQueue')('a', 'a.q');";
    assert.throws(() => run(queue, called, [globals("a", yes, yes, yes)]), /readwrite a\.q/);
  });

  test("asks for consent types by their names", () => {
    const code = "require('isConsentGranted')('ad_storage');";
    assert.throws(() => run(code, "runCode({}); assertApi('isConsentGranted').wasCalled();"), /access_consent/);
  });

  for (const wrong of [
    "runCode({}); assertApi('gtmOnSuccess').wasCalled();",
    "runCode({}); assertThat(1).isEqualTo(2);",
    "runCode({}); assertThat([{a: 1}]).isEqualTo([{a: '1'}]);",
    "runCode({}); assertThat(undefined).isDefined();",
    "runCode({}); assertApi('injectScript').wasCalledWith('x');",
    "runCode({});",
    "mock('noSuchApi', 1); assertThat(1).isEqualTo(1);",
    "fail('as asked');",
  ]) {
    test(`a scenario fails: ${wrong}`, () => assert.throws(() => run("", wrong), { name: "AssertionError" }));
  }

  test("a late call reaches the queue, and then the script", () => {
    const code = "const f = require('createArgumentsQueue')('a', 'a.q'); require('callInWindow')('a', 'b');";
    const asked = "runCode({}); assertThat(require('copyFromWindow')('a.q')).isEqualTo([['b']]);";
    const both = globals("a", yes, yes, yes);
    both.instance.param[0].value.listItem.push(row(["key", "read", "write", "execute"], [text("a.q"), yes, yes, no]));
    run(code, asked, [both]);
  });
});

test("a template with a section missing, or with broken JSON, is not read", () => {
  assert.throws(() => readTemplate("___INFO___\n{}\n"), /The sections are INFO/);
  const sections = ["TERMS_OF_SERVICE", "INFO", "TEMPLATE_PARAMETERS", "SANDBOXED_JS_FOR_WEB_TEMPLATE"];
  const broken = [...sections, "WEB_PERMISSIONS", "TESTS", "NOTES"].map((name) => `___${name}___\n\n{\n`).join("\n");
  assert.throws(() => readTemplate(broken), /___INFO___ is not JSON/);
});
