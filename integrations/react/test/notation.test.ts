import { expect, test } from "vitest";
import { rewrite } from "../src/notation.js";

const US = "+12025550100";
const GB = "+442079460958";

test.each([
  ["(202) 555-0100", "(212) 555-0143"],
  ["Call 202.555.0100 today", "Call 212.555.0143 today"],
  ["+1 (202) 555-0100", "+1 (212) 555-0143"],
  ["1-202-555-0100", "1-212-555-0143"],
  ["202\u00a0555\u20110100", "212\u00a0555\u20110143"],
  ["Call us", "Call us"],
  ["٢٠٢٥٥٥٠١٠٠", null],
  ["２０２-５５５-0100", null],
  ["555-0100", null],
  ["(202) 555-0101", null],
  ["(202) 555-0100 ext. 7", null],
])("%j is written as %j", (text, shown) => {
  expect(rewrite(text, US, "+12125550143", "(212) 555-0143")).toBe(shown);
});

test.each(["020 7946 0958", "+44 (0)20 7946 0958", "+44 20 7946 0958", "0044 20 7946 0958"])("%j in Europe", (text) => {
  expect(rewrite(text, GB, "+442079460200", "020 7946 0200")).toBe(text.replace("0958", "0200"));
});

test.each([
  ["Call (202) 555-0100 today", "Call 020 7946 0958 today"],
  ["+1 202 555 0100", "020 7946 0958"],
])("another country's number in %j", (text, shown) => {
  expect(rewrite(text, US, GB, "020 7946 0958")).toBe(shown);
});
