import { CookieJar } from "jsdom";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { open, settle, SHOWN, visited, type Page } from "./page";

const CONTACT = "<p>202-555-0100</p>";
const HOUR = 3600;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 24) });
});

const without =
  (...names: ("cookie" | "localStorage")[]) =>
  (window: Page["window"]) => {
    const refuse = () => {
      throw new window.DOMException("blocked", "SecurityError");
    };
    if (names.includes("cookie")) Object.defineProperty(window.document, "cookie", { get: refuse, set: refuse });
    if (names.includes("localStorage")) Object.defineProperty(window, "localStorage", { get: refuse });
  };

const told = ({ visits }: Page) => visits.map(({ visitor, session }) => [visitor || null, session || null]);

test("keeps the ids in a cookie of the site", async () => {
  const cookieJar = new CookieJar();
  const page = await open(CONTACT, { cookieJar });
  const [cookie] = await cookieJar.getCookies("https://www.example.com/deep/page");
  expect(cookie).toMatchObject({ key: "_swb", domain: "example.com", path: "/", secure: true, sameSite: "lax" });
  expect(cookie!.maxAge).toBe(30_000_000);
  const swaps = "%7B%22+12025550100%22%3A%7B%22number%22%3A%22+12025550143%22%7D%7D";
  expect(cookie!.value).toBe(`v1/s1/${Date.now()}/${swaps}`);
  expect(page.window.localStorage.getItem("_swb")).toBe(cookie!.value);
});

test("keeps them also where so many numbers are shown that a browser would drop the cookie", async () => {
  const cookieJar = new CookieJar();
  const many = Array.from({ length: 99 }, (_, place) => `+12025550${100 + place}`);
  const swaps = Object.fromEntries(many.map((each) => [each, { number: SHOWN, display: "(202) 555-0143" }]));
  const options = {
    cookieJar,
    config: { targets: many },
    answering: (path: string) => (path === "/visit" ? visited(swaps) : { status: 204 }),
  };
  await open(CONTACT, options);
  const [cookie] = await cookieJar.getCookies("https://www.example.com/");
  expect(`_swb=${cookie!.value}`.length).toBeLessThan(3500);
  const next = await open(CONTACT, options);
  expect(told(next)).toEqual([["v1", "s1"]]);
  expect(next.html).toBe("<p>202-555-0143</p>");
  expect(next.noise).toEqual([]);
});

test("tries no domain without need where the server knows the site's own", async () => {
  const tried: string[] = [];
  await open(CONTACT, {
    config: { domains: ["example.com"] },
    before: ({ document }) =>
      Object.defineProperty(document, "cookie", { get: () => tried.join("; "), set: (cookie: string) => tried.push(cookie) }),
  });
  expect(tried).toHaveLength(1);
  expect(tried[0]).toContain(";domain=example.com;");
});

test("and does without the secure attribute where the site has no TLS", async () => {
  const cookieJar = new CookieJar();
  await open(CONTACT, { cookieJar, url: "http://www.example.com/" });
  const [cookie] = await cookieJar.getCookies("http://www.example.com/");
  expect(cookie).toMatchObject({ key: "_swb", secure: false });
});

test("the next page goes on with them", async () => {
  const cookieJar = new CookieJar();
  await open(CONTACT, { cookieJar });
  const next = await open(CONTACT, { cookieJar, url: "https://www.example.com/next" });
  expect(told(next)).toEqual([["v1", "s1"]]);
});

describe("a session", () => {
  const later = async (seconds: number) => {
    const cookieJar = new CookieJar();
    const page = await open(CONTACT, { cookieJar });
    page.close();
    await settle(seconds);
    return told(await open(CONTACT, { cookieJar }));
  };

  test("goes on within its time", async () => expect(await later(HOUR / 2 - 1)).toEqual([["v1", "s1"]]));

  test("is not told when its time is over; the visitor is", async () =>
    expect(await later(HOUR / 2)).toEqual([["v1", null]]));

  test("lives on as long as it beats", async () => {
    const cookieJar = new CookieJar();
    await open(CONTACT, { cookieJar });
    await settle(2 * HOUR);
    expect(told(await open(CONTACT, { cookieJar }))).toEqual([["v1", "s1"]]);
  });
});

test("a page that beats does not overwrite the newer session of another page", async () => {
  const cookieJar = new CookieJar();
  await open(CONTACT, { cookieJar });
  await open(CONTACT, {
    cookieJar,
    answering: (path) =>
      path === "/visit" ? { status: 200, body: { visitor: "v1", session: "s2", swaps: {} } } : { status: 204 },
  });
  await settle(60);
  expect(told(await open(CONTACT, { cookieJar }))).toEqual([["v1", "s2"]]);
});

test("what was deleted while the page is open stays deleted", async () => {
  const page = await open(CONTACT);
  page.document.cookie = "_swb=;domain=example.com;path=/;max-age=0";
  page.window.localStorage.clear();
  await settle(60);
  expect(page.document.cookie).toBe("");
  expect(page.window.localStorage.length).toBe(0);
});

test("takes localStorage where cookies are blocked", async () => {
  const page = await open(CONTACT, { before: without("cookie") });
  expect(page.window.localStorage.getItem("_swb")).toMatch(`v1/s1/${Date.now()}/`);
  const next = await open(CONTACT, {
    before: (window) => {
      without("cookie")(window);
      window.localStorage.setItem("_swb", `v1/s1/${Date.now()}`);
    },
  });
  expect(told(next)).toEqual([["v1", "s1"]]);
});

test("takes the cookie where localStorage is blocked", async () => {
  const cookieJar = new CookieJar();
  await open(CONTACT, { cookieJar, before: without("localStorage") });
  expect(told(await open(CONTACT, { cookieJar, before: without("localStorage") }))).toEqual([["v1", "s1"]]);
});

test("works where both are blocked, for as long as the page lives", async () => {
  const page = await open(CONTACT, { before: without("cookie", "localStorage") });
  expect(page.html).toBe("<p>202-555-0143</p>");
  page.answerWith((path) => (path === "/beat" ? { status: 205 } : visited()));
  await settle(20);
  expect(told(page)).toEqual([
    [null, null],
    ["v1", "s1"],
  ]);
  expect(page.noise).toEqual([]);
});

test.each(["x", "//", "v1", "a/b/c/d", "%%%/s/9"])("junk in the cookie harms nothing: %j", async (junk) => {
  const page = await open(CONTACT, { before: ({ document }) => (document.cookie = `_swb=${junk}`) });
  expect(page.html).toBe("<p>202-555-0143</p>");
  expect(page.visits[0]!.session).toBeFalsy();
  expect(page.noise).toEqual([]);
});
