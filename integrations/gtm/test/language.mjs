import { parse } from "acorn";
import { ancestor } from "acorn-walk";
import { NEEDS } from "./permissions.mjs";

/**
 * What sandboxed JavaScript does not have: it is ECMAScript 5.1 with arrow functions, const and let.
 * https://developers.google.com/tag-platform/tag-manager/templates/sandboxed-javascript
 */
const ABSENT = {
  AwaitExpression: "await",
  ClassDeclaration: "classes",
  ClassExpression: "classes",
  NewExpression: "new",
  ObjectPattern: "destructuring",
  ArrayPattern: "destructuring",
  SpreadElement: "spread",
  RestElement: "rest parameters",
  TaggedTemplateExpression: "templates",
  TemplateLiteral: "templates",
  ThisExpression: "this",
  ThrowStatement: "throw",
  TryStatement: "try",
  WithStatement: "with",
  YieldExpression: "generators",
};
const GIVEN = new Set(["data", "require", "undefined"]);

/** What is wrong with the template's code, as sentences; none when it is as the sandbox wants it. */
export function faultsOf(code, permissions) {
  const tree = parse(code, { ecmaVersion: 2022, allowReturnOutsideFunction: true });
  const faults = [];
  const required = [];
  const known = declaredIn(tree);
  const visit = {
    Identifier(node) {
      if (!GIVEN.has(node.name) && !known.has(node.name)) faults.push(`${node.name} is not there in the sandbox.`);
    },
    CallExpression({ callee, arguments: [name] }) {
      if (callee.name !== "require") return;
      if (typeof name?.value === "string") required.push(name.value);
      else faults.push("require takes a text.");
    },
    Literal({ regex }) {
      if (regex) faults.push("The sandbox has no regular expressions.");
    },
  };
  for (const [kind, name] of Object.entries(ABSENT)) visit[kind] = () => faults.push(`The sandbox has no ${name}.`);
  ancestor(tree, visit);
  return [...faults, ...permissionFaults(required, permissions)];
}

function permissionFaults(required, permissions) {
  const faults = required.filter((name) => !(name in NEEDS)).map((name) => `${name} is not one of the sandbox's APIs.`);
  const needed = new Set(required.map((name) => NEEDS[name]).filter(Boolean));
  for (const name of needed) if (!permissions.names.includes(name)) faults.push(`${name} is needed, but not declared.`);
  for (const name of permissions.names) if (!needed.has(name)) faults.push(`${name} is declared, but not needed.`);
  return faults;
}

function declaredIn(tree) {
  const names = new Set();
  ancestor(tree, {
    VariableDeclarator: ({ id }) => names.add(id.name),
    FunctionDeclaration: ({ id, params }) => [id, ...params].forEach(({ name }) => names.add(name)),
    FunctionExpression: ({ params }) => params.forEach(({ name }) => names.add(name)),
    ArrowFunctionExpression: ({ params }) => params.forEach(({ name }) => names.add(name)),
  });
  return names;
}
