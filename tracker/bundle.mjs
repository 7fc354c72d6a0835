import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";

const here = fileURLToPath(new URL(".", import.meta.url));
const partsFolder = new URL("src/parts/", import.meta.url);

/** Where the committed builds lie: the server sends these files, the core with the site's configuration put in. */
export const builtFolder = fileURLToPath(new URL("../src/swapboard/web/static/", import.meta.url));

/** What the server replaces by the site's configuration; it must stand in the script exactly once. */
export const configToken = "__SWAPBOARD_CONFIG__";

const LICENCE = "/*Swapboard MIT*/";

/** esbuild resolves, types and lowers; terser squeezes a twentieth more out of it than esbuild does alone. */
async function squeezed(entry, format) {
  const { outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format,
    target: "es2019",
    supported: { "dynamic-import": true },
    charset: "ascii",
    minifySyntax: true,
    tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
  });
  const { code } = await minify(outputFiles[0].text, {
    ecma: 2019,
    toplevel: true,
    module: format === "esm",
    compress: { hoist_funs: true, keep_fargs: false, passes: 4, pure_getters: true, unsafe: true },
    format: { ascii_only: true, comments: false },
  });
  return code.replace(/;$/, "");
}

/** The core as one script: the same source gives the same bytes. Nothing it does can throw into the page. */
export async function bundle() {
  const script = `${LICENCE}try{${await squeezed("src/main.ts", "iife")}}catch{}\n`;
  const tokens = script.split(configToken).length - 1;
  if (tokens !== 1) throw new Error(`${configToken} stands ${tokens} times in the script instead of once`);
  return script;
}

/** The parts that the core loads where they are needed, as modules, by name. */
export async function bundleParts() {
  const names = readdirSync(partsFolder).map((file) => file.replace(/\.ts$/, ""));
  const built = names.sort().map(async (name) => [name, `${LICENCE}${await squeezed(`src/parts/${name}.ts`, "esm")}\n`]);
  return Object.fromEntries(await Promise.all(built));
}
