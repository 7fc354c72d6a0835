import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "jsdom",
    environmentOptions: { jsdom: { url: "https://www.example.com/", pretendToBeVisual: true } },
    include: ["test/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
