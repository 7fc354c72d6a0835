import { gzipSync } from "node:zlib";
import { bundle, bundleParts } from "./bundle.mjs";

/** Bytes after gzip. The core is on every page; a part only where it is needed. */
const LIMIT_BYTES = 3072;
const PART_LIMIT_BYTES = {
  abroad: 256,
  choices: 640,
  compat: 512,
  deep: 448,
  debug: 1792,
  forms: 768,
  handover: 704,
  hydration: 1216,
  lines: 768,
  number: 320,
  vanity: 512,
};

function check(name, script, limit) {
  const size = gzipSync(script, { level: 9 }).length;
  console.log(`${name}: ${size} bytes gzip (limit ${limit})`);
  if (size <= limit) return;
  console.error(`${name} is ${size - limit} bytes over the limit.`);
  process.exitCode = 1;
}

check("tracker.js", await bundle(), LIMIT_BYTES);
for (const [name, script] of Object.entries(await bundleParts())) {
  check(`parts/${name}.js`, script, PART_LIMIT_BYTES[name] ?? 0);
}
