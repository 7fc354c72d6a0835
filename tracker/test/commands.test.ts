import { CookieJar } from "jsdom";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { open, Page, settle, SHOWN, TARGET, visited, type Options } from "./page";

const CONTACT = '<p>202-555-0100</p><a href="tel:+12025550100">x</a>';
const SWAPPED = '<p>202-555-0143</p><a href="tel:+12025550143">x</a>';

beforeEach(() => {
  vi.useFakeTimers();
});

/** The usual stub that a site puts before the script, with commands given to it. */
const queue =
  (...commands: unknown[][]): NonNullable<Options["before"]> =>
  (window) => {
    window.eval("window.swapboard = function () { (swapboard.q = swapboard.q || []).push(arguments) }");
    for (const command of commands) (window as any).swapboard(...command);
  };

test("obeys what was said before it was there, in order", async () => {
  const tell = vi.fn();
  const page = await open(CONTACT, {
    before: queue(["event", "first", { a: 1 }], ["number", TARGET, tell], ["event", "second"]),
  });
  expect(tell.mock.calls).toEqual([[SHOWN]]);
  await settle(20);
  expect(page.events.map(({ name, props }) => [name, props])).toEqual([
    ["first", { a: 1 }],
    ["second", undefined],
  ]);
});

test("whatever is said to it, nothing is thrown", async () => {
  const page = await open(CONTACT, {
    before: queue([], ["nothing"], ["constructor"], ["__proto__"], [null], ["number"], ["event"], [{}]),
  });
  for (const command of [[], ["nothing"], [Symbol("x")], ["number", TARGET], ["number", TARGET, "no function"]]) {
    expect(() => page.command(...command)).not.toThrow();
  }
  await settle(20);
  expect(page.noise).toEqual([]);
  expect(page.html).toBe(SWAPPED);
});

test.each([["a queue that is none", "x"], ["a list that is no list of commands", [1, null, "x"]]])(
  "%s is not in the way",
  async (_, q) => {
    const page = await open(CONTACT, { before: (window) => ((window as any).swapboard = { q }) });
    expect(page.html).toBe(SWAPPED);
    expect(page.noise).toEqual([]);
  },
);

describe("number", () => {
  test("tells the number that is shown, once it is known", async () => {
    const tell = vi.fn();
    const page = new Page(CONTACT);
    page.command("number", TARGET, tell);
    expect(tell).not.toHaveBeenCalled();
    await settle();
    expect(tell.mock.calls).toEqual([[SHOWN]]);
    const again = vi.fn();
    page.command("number", TARGET, again);
    await settle();
    expect(again.mock.calls).toEqual([[SHOWN]]);
  });

  test.each<[string, Options["answering"]]>([
    ["there is no swap", () => visited({})],
    ["the visit fails", () => ({ status: 500 })],
  ])("tells the original where %s", async (_, answering) => {
    const tell = vi.fn();
    const page = await open(CONTACT, { answering: answering! });
    page.command("number", TARGET, tell);
    await settle();
    expect(tell.mock.calls).toEqual([[TARGET]]);
  });

  test("asks for a number that does not stand on the page", async () => {
    const tell = vi.fn();
    const page = await open("<p>Hello</p>", { before: queue(["number", TARGET, tell]) });
    expect(page.visits).toMatchObject([{ targets: [TARGET] }]);
    expect(tell.mock.calls).toEqual([[SHOWN]]);
  });

  test("knows nothing of a number that is no target", async () => {
    const tell = vi.fn();
    const page = await open(CONTACT);
    page.command("number", "+13125550100", tell);
    await settle();
    expect(tell.mock.calls).toEqual([["+13125550100"]]);
    expect(page.visits).toHaveLength(1);
  });

  test("tells again when the number changes", async () => {
    const tell = vi.fn();
    const page = await open(CONTACT, { before: queue(["number", TARGET, tell]) });
    page.answerWith(() => ({ status: 200, body: { swaps: { [TARGET]: { number: "+13125550199" } } } }));
    await settle(20);
    page.command("forget");
    expect(tell.mock.calls).toEqual([[SHOWN], ["+13125550199"], [TARGET]]);
  });

  test("one listener that fails does not keep the others from hearing", async () => {
    const tell = vi.fn();
    const fail = () => {
      throw new Error("the page's own fault");
    };
    const page = await open(CONTACT, { before: queue(["number", TARGET, fail], ["number", TARGET, tell]) });
    expect(tell.mock.calls).toEqual([[SHOWN]]);
    expect(page.noise).toEqual([]);
  });
});

describe("consent", () => {
  const waiting = { config: { consent: "wait" } };

  test("nothing is stored or sent before it is granted", async () => {
    const page = await open(CONTACT, waiting);
    await settle(60);
    page.hide();
    page.hide(false);
    page.window.history.pushState(null, "", "/next");
    await settle(60);
    expect(page.sent).toEqual([]);
    expect(page.document.cookie).toBe("");
    expect(page.window.localStorage.length).toBe(0);
    expect(page.html).toBe(CONTACT);
  });

  test("from then on the page is swapped, and the visit says so", async () => {
    const page = await open(CONTACT, waiting);
    page.command("consent", "granted");
    await settle();
    expect(page.visits).toMatchObject([{ consent: "granted" }]);
    expect(page.html).toBe(SWAPPED);
    expect(page.document.cookie).toContain("_swb=");
  });

  test("may be granted before the script is there", async () => {
    const page = await open(CONTACT, { ...waiting, before: queue(["consent", "granted"]) });
    expect(page.html).toBe(SWAPPED);
  });

  test("denied, the page stays as it is and its code hears the original", async () => {
    const tell = vi.fn();
    const page = await open(CONTACT, { ...waiting, before: queue(["number", TARGET, tell], ["consent", "denied"]) });
    await settle(60);
    expect(page.sent).toEqual([]);
    expect(page.html).toBe(CONTACT);
    expect(tell.mock.calls).toEqual([[TARGET]]);
  });

  test.each(["wait", "always"])("withdrawn where the site is set to %s, everything is forgotten", async (consent) => {
    const page = await open(CONTACT, { config: { consent }, before: queue(["consent", "granted"]) });
    page.command("consent", "denied");
    expect(page.html).toBe(CONTACT);
    expect(page.document.cookie).toBe("");
    await settle(60);
    expect(page.beats).toEqual([{ forget: ["v1", "s1", expect.any(String)] }]);
    page.command("consent", "granted");
    await settle();
    expect(page.html).toBe(SWAPPED);
    expect(page.visits[1]).toMatchObject({ visitor: "" });
  });

  test("withdrawn while the visit is under way, its answer is not used", async () => {
    let answer: (value: ReturnType<typeof visited>) => void;
    const page = await open(CONTACT, { answering: () => new Promise((resolve) => (answer = resolve)) });
    page.command("consent", "denied");
    answer!(visited());
    await settle(60);
    expect(page.html).toBe(CONTACT);
    expect(page.document.cookie).toBe("");
    // The server has begun a session by then, and is asked to forget it.
    expect(page.visits).toHaveLength(1);
    expect(page.beats).toEqual([{ forget: ["v1", "s1"] }]);
  });

  test("withdrawn while the visit is under way, the server forgets it where who declines sees their channel's number", async () => {
    const answers: ((value: object) => void)[] = [];
    const page = await open(CONTACT, {
      config: { denied: 1 },
      answering: (path) => (path === "/visit" ? new Promise((resolve) => answers.push(resolve as never)) : { status: 204 }),
    });
    page.command("consent", "denied");
    answers[0]!(visited());
    await settle(1);
    expect(page.beats).toEqual([{ forget: ["v1", "s1"] }]);
    expect(page.visits).toMatchObject([{}, { consent: "denied", visitor: "" }]);
    expect(page.document.cookie).toBe("");
  });

  test("granted by who declined and sees their channel's number, the visit is told at once", async () => {
    const channels = { status: 200, body: { visitor: null, session: null, swaps: { [TARGET]: { number: "+12025550177" } } } };
    const page = await open(CONTACT, {
      config: { consent: "wait", denied: 1 },
      answering: (path, { consent }) =>
        path === "/beat" ? { status: 204 } : consent === "granted" ? visited() : channels,
    });
    page.command("consent", "denied");
    await settle(1);
    expect(page.html).toContain("202-555-0177");
    page.command("consent", "granted");
    await settle(1);
    expect(page.visits.map(({ consent }) => consent as string)).toEqual(["denied", "granted"]);
    expect(page.html).toBe(SWAPPED);
  });

  test("denied by somebody who is not known, nothing is said of it", async () => {
    const page = await open(CONTACT, { config: { consent: "wait" } });
    page.command("consent", "denied");
    await settle(60);
    expect(page.sent).toEqual([]);
  });

  test("but where the server may know them by its own cookie, it is asked to forget them", async () => {
    const page = await open(CONTACT, { config: { consent: "wait", credentials: "include" } });
    page.command("consent", "denied");
    await settle(60);
    expect(page.sent.map(({ path, message }) => [path, message.forget[0]])).toEqual([["/beat", ""]]);
  });
});

test("forget is final for a beat that is under way", async () => {
  let answer: (value: object) => void;
  const page = await open(CONTACT);
  page.answerWith(() => new Promise((resolve) => (answer = resolve as never)));
  await settle(20);
  page.command("forget");
  answer!({ status: 200, body: { swaps: { [TARGET]: { number: SHOWN } } } });
  await settle();
  expect(page.html).toBe(CONTACT);
  expect(page.document.cookie).toBe("");
});

test("forget removes the ids, restores the page and stops beating", async () => {
  const cookieJar = new CookieJar();
  const page = await open(CONTACT, { cookieJar });
  page.command("forget");
  expect(page.html).toBe(CONTACT);
  expect(await cookieJar.getCookies("https://www.example.com/")).toEqual([]);
  expect(page.window.localStorage.length).toBe(0);
  expect(page.beats).toEqual([{ forget: ["v1", "s1", expect.any(String)] }]);
  page.document.body.insertAdjacentHTML("beforeend", "<i>202-555-0100</i>");
  page.hide();
  page.hide(false);
  page.window.history.pushState(null, "", "/next");
  await settle(120);
  expect(page.sent).toHaveLength(2);
  expect(page.html).toBe(`${CONTACT}<i>202-555-0100</i>`);
});
