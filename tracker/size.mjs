import { gzipSync } from "node:zlib";
import { bundle } from "./bundle.mjs";

const LIMIT_BYTES = 3072;

const gzipBytes = gzipSync(await bundle(), { level: 9 }).length;
console.log(`tracker.js: ${gzipBytes} bytes gzip (limit ${LIMIT_BYTES})`);
if (gzipBytes > LIMIT_BYTES) {
  console.error(`tracker.js is ${gzipBytes - LIMIT_BYTES} bytes over the limit.`);
  process.exitCode = 1;
}
