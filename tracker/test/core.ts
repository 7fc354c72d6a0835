import { vi } from "vitest";
import type { Config } from "../src/config";
import { configure } from "./config";

/** The core's modules, made anew for a configuration. */
export async function core(given: Partial<Config> = {}, own: Record<string, string> = {}) {
  vi.resetModules();
  vi.stubGlobal("__SWAPBOARD_CONFIG__", configure(given, own));
  const { findNumbers } = await import("../src/find");
  const swap = await import("../src/swap");
  const { decide } = await import("../src/decide");
  const { look } = await import("../src/scan");
  return { findNumbers, decide, look, ...swap };
}
