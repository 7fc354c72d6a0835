import { AssertionError, deepEqual, deepStrictEqual } from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { NEEDS } from "./permissions.mjs";

/**
 * Runs scenarios as Tag Manager's template editor does: `mock`, `runCode`, `assertApi`, `assertThat`, `fail`.
 * APIs that are not mocked are stand-ins that refuse what was not permitted; mocked ones are not checked.
 * https://developers.google.com/tag-platform/tag-manager/templates/tests
 */
export function runScenario(template, permissions, scenario) {
  const sandbox = new Sandbox(template.code, permissions);
  const words = sandbox.words();
  const program = [template.tests.setup ?? "", scenario.code].join("\n");
  new Function(...Object.keys(words), `"use strict";${program}`)(...Object.values(words));
  if (!sandbox.asserted) fail(`"${scenario.name}" asserts nothing.`);
}

class Sandbox {
  asserted = 0;
  calls = new Map();
  mocks = new Map();
  window = {};
  consents = new Map();
  listeners = [];

  constructor(code, permissions) {
    this.code = code;
    this.permissions = permissions;
  }

  words() {
    return {
      require: (name) => this.api(name),
      mock: (name, as) => this.mocks.set(known(name), typeof as === "function" ? as : () => as),
      runCode: (data) => this.run(data),
      assertApi: (name) => this.assertApi(name),
      assertThat: (value, message) => this.assertThat(value, message),
      fail,
    };
  }

  run(data) {
    const given = { ...data };
    for (const name of ["gtmOnSuccess", "gtmOnFailure"]) given[name] = (...args) => this.note(name, args);
    return new Function("require", "data", `"use strict";${this.code}`)((name) => this.api(name), given);
  }

  api(name) {
    const real = this.standIns()[known(name)];
    if (typeof real !== "function") return real;
    return (...args) => {
      this.note(name, args);
      return (this.mocks.get(name) ?? real)(...args);
    };
  }

  note(name, args) {
    this.calls.set(name, [...(this.calls.get(name) ?? []), args]);
  }

  need(permission, ...asked) {
    if (!this.permissions.allows(permission, ...asked)) fail(`${permission} is not given for ${asked.join(" ")}.`);
  }

  standIns() {
    return {
      addConsentListener: (type, tell) => {
        this.need("access_consent", "read", type);
        this.listeners.push([type, tell]);
      },
      callInWindow: (key, ...args) => {
        this.need("access_globals", "execute", key);
        return this.at(key)?.(...args);
      },
      callLater: (run) => run(),
      copyFromWindow: (key) => {
        this.need("access_globals", "read", key);
        return this.at(key);
      },
      createArgumentsQueue: (functionKey, arrayKey) => {
        for (const key of [functionKey, arrayKey]) this.need("access_globals", "readwrite", key);
        if (!this.at(functionKey)) this.put(functionKey, (...args) => this.at(arrayKey).push(args));
        if (!this.at(arrayKey)) this.put(arrayKey, []);
        return this.at(functionKey);
      },
      createQueue: (key) => {
        this.need("access_globals", "readwrite", key);
        if (!this.at(key)) this.put(key, []);
        return (item) => this.at(key).push(item);
      },
      encodeUri: encodeURI,
      encodeUriComponent: encodeURIComponent,
      getType: (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value),
      injectScript: (url, onSuccess) => {
        this.need("inject_script", url);
        onSuccess?.();
      },
      // A type with no state is granted.
      isConsentGranted: (type) => {
        this.need("access_consent", "read", type);
        return this.consents.get(type) ?? true;
      },
      logToConsole: () => this.need("logging"),
      makeInteger: (value) => Math.trunc(Number(value)),
      makeNumber: Number,
      makeString: String,
      makeTableMap: (rows, key, value) =>
        rows?.length ? Object.fromEntries(rows.map((row) => [row[key], row[value]])) : null,
      queryPermission: (permission, ...asked) => this.permissions.allows(permission, ...asked),
      setInWindow: (key, value, overwrite) => {
        this.need("access_globals", "write", key);
        if (this.at(key) !== undefined && !overwrite) return false;
        this.put(key, value);
        return true;
      },
      JSON,
      Math,
      Object,
    };
  }

  at(key) {
    return key.split(".").reduce((value, part) => value?.[part], this.window);
  }

  put(key, value) {
    const [last, ...path] = key.split(".").reverse();
    path.reverse().reduce((owner, part) => owner[part], this.window)[last] = value;
  }

  assertApi(name) {
    this.asserted += 1;
    const calls = this.calls.get(name) ?? [];
    const has = (args) => calls.some((call) => isDeepStrictEqual(call, args));
    return {
      wasCalled: () => calls.length || fail(`${name} was not called.`),
      wasNotCalled: () => calls.length && fail(`${name} was called.`),
      wasCalledWith: (...args) => has(args) || fail(`${name} was called with ${JSON.stringify(calls)}.`),
      wasNotCalledWith: (...args) => has(args) && fail(`${name} was called with ${JSON.stringify(args)}.`),
    };
  }

  assertThat(value, message) {
    this.asserted += 1;
    return {
      isEqualTo: (expected) => deepStrictEqual(value, expected, message),
      isNotEqualTo: (other) => isDeepStrictEqual(value, other) && fail(message ?? "They are equal."),
      isTrue: () => deepEqual(value, true, message),
      isFalse: () => deepEqual(value, false, message),
      isDefined: () => value === undefined && fail(message ?? "It is not defined."),
      isUndefined: () => deepEqual(value, undefined, message),
      hasLength: (length) => deepEqual(value.length, length, message),
    };
  }
}

function known(name) {
  return name in NEEDS ? name : fail(`${name} is not one of the sandbox's APIs.`);
}

function fail(message) {
  throw new AssertionError({ message });
}
