import { beforeEach, describe, expect, test, vi } from "vitest";
import { open, serve, settle, SHOWN, TARGET, visited } from "./page";

const CONTACT = '<p>Call (202) 555-0100</p><a href="tel:+12025550100">Call</a>';
const SWAPPED = '<p>Call (202) 555-0143</p><a href="tel:+12025550143">Call</a>';

beforeEach(() => {
  vi.useFakeTimers();
});

test("tells of the visit and shows the answer's number", async () => {
  const page = await open(`<title>Pipes &amp; Co</title>${CONTACT}`, {
    url: "https://www.example.com/repair?gclid=abc#top",
    referrer: "https://www.google.com/",
  });
  expect(page.visits).toEqual([
    {
      visitor: "",
      url: "https://www.example.com/repair?gclid=abc#top",
      referrer: "https://www.google.com/",
      title: "Pipes & Co",
      targets: [TARGET],
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      cookies: {},
      visible: true,
    },
  ]);
  expect(page.html).toBe(SWAPPED);
  expect(page.noise).toEqual([]);
});

test("posts plain text, without credentials, so that the browser need not ask first", async () => {
  const page = await open(CONTACT);
  const { options, url } = page.sent[0]!;
  expect(url).toBe("https://calls.example.com/t/SITEKEY/visit");
  expect(options).toMatchObject({ method: "POST", credentials: "omit", keepalive: true });
  expect(typeof options!.body).toBe("string");
  expect(options!.headers).toBeUndefined();
});

test.each([
  ["https://calls.example.com/t/SITEKEY.js", "https://calls.example.com/t/SITEKEY/visit"],
  ["https://www.example.com/some/prefix/t/SITEKEY.js?v=2", "https://www.example.com/some/prefix/t/SITEKEY/visit"],
  ["https://www.example.js.org/t/SITEKEY.js#x", "https://www.example.js.org/t/SITEKEY/visit"],
  ["http://127.0.0.1:8000/t/SITEKEY.js", "http://127.0.0.1:8000/t/SITEKEY/visit"],
])("finds the server from the script's own address: %s", async (scriptUrl, expected) => {
  const page = await open(CONTACT, { scriptUrl });
  expect(page.sent[0]!.url).toBe(expected);
});

test("does nothing where the script has no address", async () => {
  const page = await open(CONTACT, { scriptUrl: "" });
  await settle(60);
  expect(page.sent).toEqual([]);
  expect(page.noise).toEqual([]);
  expect(page.html).toBe(CONTACT);
});

test("tells only the ids of analytics and ads of all cookies", async () => {
  const told = {
    _ga: "GA1.1.1234567890.1700000000",
    _ga_ABC123: "GS2.1.s1760000000$o5$g1$t1760000100$j60$l0$h0",
    _fbp: "fb.1.1700000000000.1234567890",
    _fbc: "fb.1.1700000000000.AbC-d_e",
    _gcl_aw: "GCL.1700000000.Cj0KCQ=x",
    _gcl_gb: "GCL.1700000000.gb",
    _uetmsclkid: "_uetabc",
    _ttp: "ttp1",
    li_fat_id: "li1",
    "_pk_id.3.1fff": "8d4b5c6e7f8a9b0c.1700000000.",
  };
  const page = await open(CONTACT, {
    before: ({ document }) => {
      const all = { ...told, sessionid: "secret", ga: "1", _gat: "1", x_ga: "1", _gcl_au: "1.1.5", csrf: "a_ga=1" };
      for (const [name, value] of Object.entries(all)) document.cookie = `${name}=${value}`;
      const person = JSON.stringify({ $sesid: [1, "x"], distinct_id: "01890a5d-7c", $epp: true });
      document.cookie = `ph_phc_abc_posthog=${encodeURIComponent(person)}`;
    },
  });
  expect(page.visits[0]!.cookies).toEqual({ ...told, ph_phc_abc_posthog: "01890a5d-7c" });
});

test("keeps the message under the server's limit", async () => {
  const long = "x".repeat(9000);
  const many = Array.from({ length: 50 }, (_, place) => `+12025550${100 + place}`);
  const html = many.map((each) => `<a href="tel:${each}">Call</a>`).join("");
  const page = await open(`<title>${"x".repeat(2000)}</title>${html}`, {
    url: `https://www.example.com/?q=${long}`,
    referrer: `https://www.example.com/?r=${long}`,
    config: { targets: many },
    before: ({ document }) => {
      for (let place = 0; place < 20; place++) document.cookie = `_ga_ABC${place}=GS2.1.s1760000000$o5$g1$t1760000100$j60$l0$h0`;
    },
  });
  expect(JSON.stringify(page.visits[0]).length).toBeLessThan(8000);
  expect(page.visits[0]!.targets).toEqual(many);
  expect(page.visits[0]!.url).toHaveLength(3000);
});

test("tells of the fifty numbers that come first, which is what the server answers", async () => {
  const many = Array.from({ length: 60 }, (_, number) => `+12025550${100 + number}`);
  const page = await open(many.map((each) => `<a href="tel:${each}">Call</a>`).join(""), { config: { targets: many } });
  expect(page.visits[0]!.targets).toEqual(many.slice(0, 50));
});

test("a page without a number is a visit all the same", async () => {
  const page = await open("<p>Hello</p>", { answering: (path) => (path === "/visit" ? visited({}) : { status: 204 }) });
  expect(page.visits).toEqual([]);
  await settle(0.5);
  expect(page.visits).toMatchObject([{ targets: [] }]);
  await settle(20);
  expect(page.beats).toHaveLength(1);
  expect(page.html).toBe("<p>Hello</p>");
});

test("asks for a number that the page draws a moment later, in one visit", async () => {
  const page = await open("<div id=content></div>");
  page.find("#content").innerHTML = CONTACT;
  await settle();
  expect(page.visits).toMatchObject([{ targets: [TARGET] }]);
  expect(page.find("#content").innerHTML).toBe(SWAPPED);
  await settle(5);
  expect(page.visits).toHaveLength(1);
});

test("asks again, in the same session, for a number that turns up late", async () => {
  const page = await open("<div id=content></div>", {
    answering: (path, { targets }) =>
      path === "/visit" ? visited(targets.length ? undefined : {}) : { status: 204 },
  });
  await settle(5);
  page.find("#content").innerHTML = CONTACT;
  await settle();
  expect(page.visits).toMatchObject([
    { targets: [], visitor: "" },
    { targets: [TARGET], session: "s1", visitor: "v1" },
  ]);
  expect(page.find("#content").innerHTML).toBe(SWAPPED);
});

test("a visit that failed for a number that turned up late is told again, in the same session", async () => {
  const page = await open("<div id=content></div>", {
    answering: (path, message) => (path === "/visit" ? visited({}) : serve(path, message)),
  });
  await settle(5);
  page.answerWith((path, message) => (path === "/visit" ? { status: 503 } : serve(path, message)));
  page.find("#content").innerHTML = CONTACT;
  await settle(5);
  expect(page.visits).toHaveLength(2);
  page.answerWith(serve);
  await settle(20);
  expect(page.visits.slice(2)).toMatchObject([{ targets: [TARGET], session: "s1", visitor: "v1" }]);
  expect(page.find("#content").innerHTML).toBe(SWAPPED);
});

test("visits that failed one after the other are told again once", async () => {
  const page = await open("<div id=content></div>", { answering: () => ({ status: 503 }) });
  await settle(5);
  page.find("#content").innerHTML = CONTACT;
  await settle(5);
  expect(page.visits).toHaveLength(2);
  page.answerWith((path, message) => (path === "/visit" ? { status: 503 } : serve(path, message)));
  await settle(20);
  expect(page.visits).toHaveLength(3);
});

test("tells every target found, and swaps those that the server answers", async () => {
  const other = "+12025550177";
  const page = await open("<p>202-555-0100 202-555-0177 202-555-0188</p>", {
    config: { targets: [TARGET, other, "+12025550199"] },
  });
  expect(page.visits[0]!.targets).toEqual([TARGET, other]);
  expect(page.html).toBe("<p>202-555-0143 202-555-0177 202-555-0188</p>");
});

describe("waits", () => {
  // A prerendered page is hidden, too.
  test("until somebody sees the page", async () => {
    const page = await open(CONTACT, { hidden: true });
    await settle(60);
    expect(page.sent).toEqual([]);
    page.hide(false);
    await settle();
    expect(page.visits).toHaveLength(1);
    expect(page.html).toBe(SWAPPED);
  });

  test("until the page has been read", async () => {
    let state = "loading";
    const page = await open(CONTACT, {
      before: ({ document }) => Object.defineProperty(document, "readyState", { get: () => state }),
    });
    await settle(60);
    expect(page.sent).toEqual([]);
    state = "interactive";
    page.fire("DOMContentLoaded", page.document);
    await settle();
    expect(page.html).toBe(SWAPPED);
  });
});

describe("leaves the page as it is, without a sound,", () => {
  const network = () => {
    throw new TypeError("Failed to fetch");
  };
  test.each([
    ["the key is unknown", () => ({ status: 404, body: { error: "unknown key" } })],
    ["the answer is empty", () => ({ status: 204 })],
    ["the answer is no JSON", () => ({ status: 200, text: "<html>" })],
    ["the answer is null", () => ({ status: 200, body: null })],
    ["the answer is a text", () => ({ status: 200, body: "+12025550143" })],
    ["the answer is a list", () => ({ status: 200, body: [] })],
    ["the answer has no session", () => ({ status: 200, body: { swaps: { [TARGET]: { number: SHOWN } } } })],
    ["the answer has no swaps", () => ({ status: 200, body: { visitor: "v1", session: "s1" } })],
    ["the swaps are none", () => visited({})],
    ["the swaps are junk", () => ({ status: 200, body: { visitor: "v1", session: "s1", swaps: 7 } })],
    ["the swap is junk", () => visited({ [TARGET]: "x" })],
    ["the number is junk", () => visited({ [TARGET]: { number: "<b>" } })],
    ["the number is another's", () => visited({ "+13125550100": { number: SHOWN } })],
    ["the answer never comes", () => new Promise<never>(() => {})],
  ])("where %s", async (_, answering) => {
    const page = await open(CONTACT, { answering });
    await settle(120);
    expect(page.html).toBe(CONTACT);
    expect(page.noise).toEqual([]);
    expect(page.visits).toHaveLength(1);
  });

  test.each([
    ["the network fails", network],
    ["the server fails", () => ({ status: 500, body: visited().body })],
    ["the server is busy", () => ({ status: 503, body: { error: "busy" } })],
    ["the server has heard too much", () => ({ status: 429, body: { error: "too many" } })],
  ])("where %s, and asks again after a while", async (_, answering) => {
    const page = await open(CONTACT, { answering });
    page.find("p").append("x");
    await settle(19);
    expect(page.html).toContain("(202) 555-0100");
    expect(page.visits).toHaveLength(1);
    page.answerWith(serve);
    await settle(2);
    expect(page.html).toContain("(202) 555-0143");
    await settle(120);
    expect(page.visits).toHaveLength(2);
    expect(page.noise).toEqual([]);
  });

  test.each<[string, (window: any) => void]>([
    ["fetch", (window) => (window.fetch = undefined)],
    ["fetch that throws", (window) => (window.fetch = () => { throw new Error("blocked"); })],
    ["MutationObserver", (window) => (window.MutationObserver = undefined)],
    ["history", (window) => Object.freeze(window.History.prototype) && Object.freeze(window.history)],
    ["TreeWalker", (window) => (window.document.createTreeWalker = () => { throw new Error("no"); })],
    ["JSON", (window) => (window.JSON.stringify = () => { throw new Error("no"); })],
  ])("where the browser has no usable %s", async (name, before) => {
    const page = await open(CONTACT, { before });
    await settle(60);
    expect(page.noise).toEqual([]);
    expect(page.html).toBe(name === "history" ? SWAPPED : CONTACT);
  });
});

test("an answer that comes late counts: the number is this visit's by then", async () => {
  const late = () => new Promise<ReturnType<typeof visited>>((come) => setTimeout(() => come(visited()), 30_000));
  const page = await open(CONTACT, { answering: (path, message) => (path === "/visit" ? late() : serve(path, message)) });
  expect(page.html).toBe(CONTACT);
  await settle(30);
  expect(page.html).toBe(SWAPPED);
});

test("the second snippet on a page does nothing", async () => {
  const page = await open(CONTACT);
  page.run({ config: { key: "OTHER" }, scriptUrl: "https://calls.example.com/t/OTHER.js" });
  await settle(20);
  expect(page.visits).toHaveLength(1);
  expect(page.beats).toHaveLength(1);
  expect(page.noise).toEqual([]);
});

test("an element called swapboard is not in the way", async () => {
  const page = await open(`<div id="swapboard">202-555-0100</div>`);
  expect(page.html).toBe(`<div id="swapboard">202-555-0143</div>`);
});
