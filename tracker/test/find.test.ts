// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { GB, US } from "./config";
import { core } from "./core";

const found = async (text: string, numbers: string[], own: Record<string, string> = {}): Promise<[string, string][]> => {
  const { findNumbers } = await core({ targets: numbers }, own);
  const hits: [string, string][] = [];
  findNumbers(text, (written, target) => {
    hits.push([target, written]);
    return written;
  });
  return hits;
};

describe("finds a number of North America", async () => {
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
  ])("%j", async (written) => {
    const trimmed = written.replace(/^\u202a/, "");
    for (const text of [written, `Call ${written}.`, `Call ${written}, or come by`, `Phone:${written}`, `“${written}”`]) {
      expect(await found(text, [US])).toEqual([[US, trimmed]]);
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
    ["(202-555-0100)", "202-555-0100"],
    ["tel:+12025550100", "+12025550100"],
    ["tel:%2B1-202-555-0100;ext=7", "%2B1-202-555-0100"],
    ["tel:(202)%20555-0100", "(202)%20555-0100"],
    ["tel://2025550100", "2025550100"],
  ])("in %j", async (text, written) => {
    expect(await found(text, [US])).toEqual([[US, written]]);
  });

  test("wherever it stands, however often", async () => {
    const text = "202-555-0100 202-555-0100/202-555-0100, (202) 555-0100";
    expect(await found(text, [US])).toHaveLength(4);
  });
});

describe("finds a number with a trunk prefix", async () => {
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
  ])("%j", async (written, number) => {
    expect(await found(`Ring ${written} today`, [number])).toEqual([[number, written]]);
  });
});

describe("leaves alone", async () => {
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
  ])("%s: %j", async (_, text) => {
    expect(await found(text, [US])).toEqual([]);
  });

  test.each(["4111 2079 4609 5812", "120 7946 09581", "+1 20 7946 0958", "+31 20 7946 0958"])(
    "what is no number of Britain: %j",
    async (text) => expect(await found(text, [GB])).toEqual([]),
  );

  test("a card number around an eight-digit number", async () => {
    const singapore = "+6561234567";
    expect(await found("4111 6123 4567 1111", [singapore])).toEqual([]);
    expect(await found("6123 4567 1111 1111", [singapore])).toEqual([]);
    expect(await found("Call 6123 4567 now", [singapore])).toEqual([[singapore, "6123 4567"]]);
  });
});

test("tells several numbers apart", async () => {
  const text = "US (202) 555-0100, UK 020 7946 0958, again +1 202 555 0100";
  expect((await found(text, [US, GB])).map(([number]) => number)).toEqual([US, US, GB]);
});

test("knows the trunk prefixes that are not 0, and the countries without one", async () => {
  expect(await found("8 (495) 555-01-00", ["+74955550100"])).toHaveLength(1);
  expect(await found("06 1 555 0100", ["+3615550100"])).toEqual([["+3615550100", "06 1 555 0100"]]);
  expect(await found("02025550100", [US])).toEqual([]);
});

test("finds nothing where there is nothing to look for", async () => {
  expect(await found("202-555-0100", [])).toEqual([]);
  expect(await found("", [US])).toEqual([]);
});

test("puts the answer where the number stood and keeps the rest", async () => {
  const { findNumbers } = await core();
  expect(findNumbers("a (202) 555-0100 b 202.555.0100 c", (written, number) => `<${number}|${written}>`)).toBe(
    "a <+12025550100|(202) 555-0100> b <+12025550100|202.555.0100> c",
  );
});

test("knows the tracking numbers that a stored page may show, by the target that they mean", async () => {
  const own = { "+12025550143": US, "+442079460123": US };
  expect(await found("202-555-0143, 020 7946 0123, 202-555-0177", [US], own)).toEqual([
    [US, "202-555-0143"],
    [US, "020 7946 0123"],
  ]);
});

test("a number that begins right after one that looks alike is found", async () => {
  expect(await found("Room 2125 202 555 0100", [US])).toEqual([[US, "202 555 0100"]]);
});

describe("reads two megabytes in one go, without reading anything of it again and again:", async () => {
  test.each([
    ["numbers", "(202) 555-0100, ", 125_000],
    ["other numbers", "202 555 0101 ", 0],
    ["encoded spaces", "%20", 0],
    ["brackets", "(2) ", 0],
    ["single digits", "2 0 2 5 5 5 ", 0],
    ["a digit and spaces", `2${" ".repeat(999)}`, 0],
  ])("%s", async (_, text, count) => {
    expect((await found(text.repeat(2e6 / text.length), [US])).length).toBe(count);
  });
});
