import { parse as parseYaml } from "yaml";

/** The sections of a web template, in the order in which Tag Manager exports them. */
export const SECTIONS = [
  "TERMS_OF_SERVICE",
  "INFO",
  "TEMPLATE_PARAMETERS",
  "SANDBOXED_JS_FOR_WEB_TEMPLATE",
  "WEB_PERMISSIONS",
  "TESTS",
  "NOTES",
];

/** A `.tpl` file as its parts. Throws an Error that names the part which cannot be read. */
export function readTemplate(text) {
  const pieces = text.split(/^___([A-Z_]+)___$/m);
  const found = new Map();
  for (let at = 1; at < pieces.length; at += 2) found.set(pieces[at], pieces[at + 1].trim());
  const names = [...found.keys()];
  if (pieces[0].trim() || names.join() !== SECTIONS.join()) {
    throw new Error(`The sections are ${names.join(", ")}; they must be ${SECTIONS.join(", ")}.`);
  }
  return {
    terms: found.get("TERMS_OF_SERVICE"),
    info: json(found, "INFO"),
    parameters: json(found, "TEMPLATE_PARAMETERS"),
    code: found.get("SANDBOXED_JS_FOR_WEB_TEMPLATE"),
    permissions: json(found, "WEB_PERMISSIONS"),
    tests: parseYaml(found.get("TESTS")),
    notes: found.get("NOTES"),
  };
}

function json(found, section) {
  try {
    return JSON.parse(found.get(section));
  } catch (error) {
    throw new Error(`___${section}___ is not JSON: ${error.message}`);
  }
}
