import type { TestProject } from "vitest/node";
import { bundle, bundleParts } from "../bundle.mjs";

declare module "vitest" {
  interface ProvidedContext {
    script: string;
    parts: Record<string, string>;
  }
}

/** Builds once what the tests of the whole tracker run. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide("script", await bundle());
  project.provide("parts", await bundleParts());
}
