import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { builtFolder, bundle, bundleParts } from "./bundle.mjs";

const folder = join(builtFolder, "parts");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

writeFileSync(join(builtFolder, "tracker.js"), await bundle());
for (const [name, script] of Object.entries(await bundleParts())) writeFileSync(join(folder, `${name}.js`), script);
console.log(`src/swapboard/web/static: tracker.js, parts/${readdirSync(folder).join(", parts/")}`);
