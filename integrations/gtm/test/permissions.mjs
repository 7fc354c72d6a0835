/**
 * Which permission each API asks for; an API that is not here may not be used. From the list of core APIs:
 * https://developers.google.com/tag-platform/tag-manager/templates/api
 */
export const NEEDS = {
  addConsentListener: "access_consent",
  callInWindow: "access_globals",
  callLater: null,
  copyFromWindow: "access_globals",
  createArgumentsQueue: "access_globals",
  createQueue: "access_globals",
  encodeUri: null,
  encodeUriComponent: null,
  getType: null,
  injectScript: "inject_script",
  isConsentGranted: "access_consent",
  logToConsole: "logging",
  makeInteger: null,
  makeNumber: null,
  makeString: null,
  makeTableMap: null,
  queryPermission: null,
  setInWindow: "access_globals",
  JSON: null,
  Math: null,
  Object: null,
};

/** The template's declarations as questions that can be asked. */
export function readPermissions(declared) {
  const byName = new Map(declared.map(({ instance }) => [instance.key.publicId, parameters(instance.param)]));
  const rows = (permission, parameter, name) =>
    new Map((byName.get(permission)?.[parameter] ?? []).map((row) => [row[name], row]));
  const globals = rows("access_globals", "keys", "key");
  const consents = rows("access_consent", "consentTypes", "consentType");
  const urls = byName.get("inject_script")?.urls ?? [];
  return {
    names: [...byName.keys()],
    allows(permission, ...asked) {
      if (permission === "inject_script") return urls.some((pattern) => matchesUrl(pattern, asked[0]));
      if (permission === "logging") return byName.has("logging");
      const [how, key] = asked;
      const row = (permission === "access_globals" ? globals : consents).get(key);
      const needed = how === "readwrite" ? ["read", "write"] : [how];
      return !!row && needed.every((each) => row[each] === true);
    },
  };
}

/**
 * Match patterns are HTTPS only; a star stands for a whole host or its first labels, and for any part of a path.
 * https://developers.google.com/tag-platform/tag-manager/templates/permissions#inject_script
 */
export function matchesUrl(pattern, url) {
  if (typeof url !== "string" || !URL.canParse(url)) return false;
  const [, host, path] = /^https:\/\/([^/]+)(\/.*)$/.exec(pattern) ?? [];
  const { protocol, hostname, pathname, username } = new URL(url);
  if (!host || protocol !== "https:" || username) return false;
  const isHost = host === "*" || hostname === host || (host.startsWith("*.") && hostname.endsWith(host.slice(1)));
  const anything = path.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return isHost && new RegExp(`^${anything.join(".*")}$`).test(pathname);
}

function parameters(list) {
  return Object.fromEntries(list.map(({ key, value }) => [key, plain(value)]));
}

/** Tag Manager's typed values: 1 a text, 2 a list, 3 a map, 8 a truth value. */
function plain({ type, string, listItem, mapKey, mapValue, boolean }) {
  if (type === 1) return string;
  if (type === 2) return listItem.map(plain);
  if (type === 3) return Object.fromEntries(mapKey.map((key, at) => [plain(key), plain(mapValue[at])]));
  if (type === 8) return boolean;
  throw new Error(`There is no value of type ${type}.`);
}
