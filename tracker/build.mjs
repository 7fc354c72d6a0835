import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { builtFile, bundle } from "./bundle.mjs";

const script = await bundle();
mkdirSync(dirname(builtFile), { recursive: true });
writeFileSync(builtFile, script);
console.log(`src/swapboard/web/static/tracker.js: ${script.length} bytes`);
