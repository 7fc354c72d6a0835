import { describe, expect, test } from "vitest";
import { finder } from "../src/find";

const US = "+12025550100";
const GB = "+442079460958";

const found = (text: string, numbers: string[]): [string, string][] => {
  const hits: [string, string][] = [];
  finder(numbers)(text, (number, written) => {
    hits.push([number, written]);
    return written;
  });
  return hits;
};

describe("finds a number of North America", () => {
  test.each([
    "(202) 555-0100",
    "(202)555-0100",
    "202.555.0100",
    "202 555 0100",
    "202-555-0100",
    "202/555-0100",
    "202 / 555 - 0100",
    "2025550100",
    "12025550100",
    "+12025550100",
    "+1 202-555-0100",
    "+1 (202) 555-0100",
    "(+1) 202 555 0100",
    "1-202-555-0100",
    "1 (202) 555-0100",
    "001 202 555 0100",
    "011 1 202 555 0100",
    "202\u00a0555\u00a00100",
    "202\u2011555\u20110100",
    "202\u2013555\u20130100",
    "202\u2009555\u20090100",
    "202\u202f555\u202f0100",
    "202\u00b7555\u00b70100",
    "\u202a202\u202c 555\u200b0100",
    "(202)\n      555-0100",
  ])("%j", (written) => {
    const trimmed = written.replace(/^\u202a/, "");
    for (const text of [written, `Call ${written}.`, `Call ${written}, or come by`, `Phone:${written}`, `“${written}”`]) {
      expect(found(text, [US])).toEqual([[US, trimmed]]);
    }
  });

  test.each([
    ["202-555-0100 ext. 7", "202-555-0100"],
    ["202-555-0100x7", "202-555-0100"],
    ["202-555-0100 24/7", "202-555-0100"],
    ["24/7 202-555-0100", "202-555-0100"],
    ["Suite 21 202-555-0100", "202-555-0100"],
    ["Suite 5, (202) 555-0100", "(202) 555-0100"],
    ["Tel.202-555-0100", "202-555-0100"],
    ["Phone(202) 555-0100", "(202) 555-0100"],
    ["Tel+1 202-555-0100", "+1 202-555-0100"],
    ["(call 202-555-0100)", "202-555-0100"],
    ["(202-555-0100)", "(202-555-0100"],
    ["tel:+12025550100", "+12025550100"],
    ["tel:%2B1-202-555-0100;ext=7", "%2B1-202-555-0100"],
    ["tel:(202)%20555-0100", "(202)%20555-0100"],
    ["tel://2025550100", "2025550100"],
  ])("in %j", (text, written) => {
    expect(found(text, [US])).toEqual([[US, written]]);
  });

  test("wherever it stands, however often", () => {
    const text = "202-555-0100 202-555-0100/202-555-0100, (202) 555-0100";
    expect(found(text, [US])).toHaveLength(4);
  });
});

describe("finds a number with a trunk prefix", () => {
  test.each([
    ["020 7946 0958", GB],
    ["(020) 7946 0958", GB],
    ["02079460958", GB],
    ["0207 946 0958", GB],
    ["0207 9460 958", GB],
    ["20 7946 0958", GB],
    ["+44 20 7946 0958", GB],
    ["+442079460958", GB],
    ["+44 (0)20 7946 0958", GB],
    ["+44 (0) 20 7946 0958", GB],
    ["+44(0)20-7946-0958", GB],
    ["+44 020 7946 0958", GB],
    ["(+44) 20 7946 0958", GB],
    ["0044 20 7946 0958", GB],
    ["44 20 7946 0958", GB],
  ])("%j", (written, number) => {
    expect(found(`Ring ${written} today`, [number])).toEqual([[number, written]]);
  });
});

describe("leaves alone", () => {
  test.each([
    ["a longer number", "4202-555-0100"],
    ["a longer number", "202-555-01001"],
    ["a longer number", "12025550100999"],
    ["a longer number", "92025550100"],
    ["a longer number", "21-202-555-0100"],
    ["a longer number", "202-555-0100-12"],
    ["a longer number", "202.555.0100.5"],
    ["a longer number", "0.2025550100"],
    ["a longer number", "0202-555-0100"],
    ["another number", "202-555-0101"],
    ["a local number", "555-0100"],
    ["another country's number", "+44 2025550100"],
    ["another country's number", "+44 (0) 202 555 0100"],
    ["another country's number", "+2025550100"],
    ["another country's number", "+49 202 5550100"],
    ["an order number", "INV2025550100"],
    ["an order number", "order #2025550100"],
    ["an order number", "ref_2025550100"],
    ["an order number", "2025550100_a"],
    ["an address on the web", "https://www.example.com/?id=2025550100"],
    ["an IBAN", "DE89 3704 2025 5501 00"],
    ["an IBAN", "GB29 NWBK 6020 2555 0100 19"],
    ["an amount", "$2,025,550,100"],
    ["a time", "20:25:55:01:00"],
    ["a sum", "202+555+0100"],
  ])("%s: %j", (_, text) => {
    expect(found(text, [US])).toEqual([]);
  });

  test.each(["4111 2079 4609 5812", "120 7946 09581", "+1 20 7946 0958", "+31 20 7946 0958"])(
    "what is no number of Britain: %j",
    (text) => expect(found(text, [GB])).toEqual([]),
  );

  test("a card number around an eight-digit number", () => {
    const singapore = "+6561234567";
    expect(found("4111 6123 4567 1111", [singapore])).toEqual([]);
    expect(found("6123 4567 1111 1111", [singapore])).toEqual([]);
    expect(found("Call 6123 4567 now", [singapore])).toEqual([[singapore, "6123 4567"]]);
  });
});

test("tells several numbers apart", () => {
  const text = "US (202) 555-0100, UK 020 7946 0958, again +1 202 555 0100";
  expect(found(text, [US, GB]).map(([number]) => number)).toEqual([US, GB, US]);
});

test("knows the trunk prefixes that are not 0, and the countries without one", () => {
  expect(found("8 (495) 555-01-00", ["+74955550100"])).toHaveLength(1);
  expect(found("06 1 555 0100", ["+3615550100"])).toEqual([["+3615550100", "06 1 555 0100"]]);
  expect(found("02025550100", [US])).toEqual([]);
});

test("finds nothing where there is nothing to look for", () => {
  expect(found("202-555-0100", [])).toEqual([]);
  expect(found("", [US])).toEqual([]);
});

test("puts the answer where the number stood and keeps the rest", () => {
  expect(finder([US])("a (202) 555-0100 b 202.555.0100 c", (number, written) => `<${number}|${written}>`)).toBe(
    "a <+12025550100|(202) 555-0100> b <+12025550100|202.555.0100> c",
  );
});
