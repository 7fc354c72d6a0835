// node build.mjs PROPS SCRIPT FOLDER: a page as a React server writes it, and the program that hydrates it.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const [props, script, folder] = process.argv.slice(2);
const here = fileURLToPath(new URL(".", import.meta.url));
const packageFolder = fileURLToPath(new URL("../..", import.meta.url));

const bundle = (name, options) =>
  build({
    entryPoints: [join(here, name)],
    bundle: true,
    jsx: "automatic",
    alias: { "@swapboard/react": join(packageFolder, "dist/index.js") },
    nodePaths: [join(packageFolder, "node_modules")],
    define: { "process.env.NODE_ENV": '"development"' },
    ...options,
  });

const server = join(folder, "server.cjs");
await bundle("server.jsx", { outfile: server, platform: "node", format: "cjs" });
await bundle("browser.jsx", { outfile: join(folder, "app.js"), format: "iife" });
const rendered = execFileSync(process.execPath, [server, props], { encoding: "utf-8" });
const inline = JSON.stringify(JSON.parse(props)).replace(/</g, "\\u003c");
writeFileSync(
  join(folder, "page.html"),
  `<!DOCTYPE html><meta charset="utf-8"><title>React</title><link rel="icon" href="data:,"><div id="root">${rendered}</div>` +
    `<script>window.props = ${inline}</script><script src="app.js"></script><script async src="${script}"></script>`,
);
