import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Where the committed build lies: the server sends this file with the site's configuration put in. */
export const builtFile = fileURLToPath(new URL("../src/swapboard/web/static/tracker.js", import.meta.url));

/** What the server replaces by the site's configuration; it must stand in the script exactly once. */
export const configToken = "__SWAPBOARD_CONFIG__";

/** The whole tracker as one minified script: the same source gives the same bytes. */
export async function bundle() {
  const { outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: ["src/main.ts"],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2018",
    charset: "ascii",
    minify: true,
    legalComments: "none",
    banner: { js: "/*! Swapboard, MIT */" },
    tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
  });
  const script = outputFiles[0].text;
  const tokens = script.split(configToken).length - 1;
  if (tokens !== 1) throw new Error(`${configToken} stands ${tokens} times in the script instead of once`);
  return script;
}
