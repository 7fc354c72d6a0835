/* Builds the applications as their makers do, by Vite: for production, and once more for development, which is when
   frameworks complain of what does not hydrate. Then renders the pages that a server would send. */
import { readdirSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import vue from "@vitejs/plugin-vue";
import { build } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const sources = readdirSync(here("src"));
const entries = (pattern) => sources.filter((name) => pattern.test(name)).map((name) => here(`src/${name}`));

async function make(mode, input, outDir, ssr) {
  process.env.NODE_ENV = mode;
  await build({
    configFile: false,
    root: here("."),
    logLevel: "warn",
    mode,
    publicDir: false,
    plugins: [vue(), svelte({ configFile: false })],
    define: { "process.env.NODE_ENV": JSON.stringify(mode) },
    oxc: { jsx: { runtime: "automatic", development: false } },
    build: {
      outDir: here(outDir),
      emptyOutDir: false,
      ssr,
      minify: mode === "production",
      modulePreload: false,
      rollupOptions: { input, output: { format: "es", entryFileNames: "[name].js", chunkFileNames: "shared-[name].js" } },
    },
  });
}

rmSync(here("dist"), { recursive: true, force: true });
await make("production", entries(/-(client|hydrated|suspense)\./), "dist/production", false);
await make("development", entries(/-(hydrated|suspense)\./), "dist/development", false);
await make("production", entries(/\.server\./), "dist/server", true);

mkdirSync(here("dist/rendered"));
for (const name of readdirSync(here("dist/server")).filter((file) => file.endsWith(".server.js"))) {
  const { pages } = await import(pathToFileURL(here(`dist/server/${name}`)));
  for (const [page, html] of Object.entries(await pages())) writeFileSync(here(`dist/rendered/${page}.html`), html);
}
