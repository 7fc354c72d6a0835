import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "node",
    globalSetup: "test/build.ts",
    include: ["test/**/*.test.ts"],
    restoreMocks: true,
    // Machines that test are busy: what is slow is not wrong.
    testTimeout: 60_000,
  },
});
