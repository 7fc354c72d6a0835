import { expect, test } from "vitest";
import { digits } from "../src/format";

test("digits leave percent-encoded characters out", () => {
  expect(digits("tel:%2B1%20(202)%20555-0100")).toBe("12025550100");
});
