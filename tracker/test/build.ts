import type { TestProject } from "vitest/node";
import { bundle } from "../bundle.mjs";

declare module "vitest" {
  interface ProvidedContext {
    script: string;
  }
}

/** Builds once what the tests of the whole tracker run. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide("script", await bundle());
}
