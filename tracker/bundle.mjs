import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Where the committed build lies: the server sends this file with the site's configuration put in. */
export const builtFile = fileURLToPath(new URL("../src/swapboard/web/static/tracker.js", import.meta.url));

/** What the server replaces by the site's configuration; it must stand in the script exactly once. */
export const configToken = "__SWAPBOARD_CONFIG__";

const LICENCE = "/*! Swapboard, MIT */";

/** esbuild resolves, types and lowers; terser squeezes a twentieth more out of it than esbuild does alone. */
async function squeezed() {
  const { outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: ["src/main.ts"],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2018",
    charset: "ascii",
    minify: true,
    tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
  });
  const { code } = await minify(outputFiles[0].text, {
    ecma: 2018,
    toplevel: true,
    compress: { hoist_funs: true, keep_fargs: false, passes: 4, pure_getters: true, unsafe_arrows: true },
    format: { ascii_only: true, comments: false },
  });
  return code.replace(/;$/, "");
}

/** The whole tracker as one script: the same source gives the same bytes. Nothing it does can throw into the page. */
export async function bundle() {
  const script = `${LICENCE}try{${await squeezed()}}catch(e){}\n`;
  const tokens = script.split(configToken).length - 1;
  if (tokens !== 1) throw new Error(`${configToken} stands ${tokens} times in the script instead of once`);
  return script;
}
