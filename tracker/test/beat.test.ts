import { CookieJar } from "jsdom";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { open, serve, settle, TARGET, visited, type Page } from "./page";

const CONTACT = '<p>(202) 555-0100</p><a href="tel:+12025550100"><b>Call</b></a><a href="/x">x</a>';

beforeEach(() => {
  vi.useFakeTimers();
});

function click(page: Page, selector: string): void {
  page.document.addEventListener("click", (event) => event.preventDefault(), { once: true });
  page.find(selector).dispatchEvent(new page.window.MouseEvent("click", { bubbles: true, cancelable: true }));
}

describe("beats", () => {
  test("every interval, as long as the page is there", async () => {
    const page = await open(CONTACT);
    expect(page.beats).toEqual([]);
    await settle(60);
    expect(page.sentTo("/beat").map(({ by, url }) => [by, url])).toEqual(
      Array(3).fill(["fetch", "https://calls.example.com/t/SITEKEY/beat"]),
    );
    expect(page.beats).toEqual(Array(3).fill({ session: "s1", state: "visible", events: [] }));
    expect(page.noise).toEqual([]);
  });

  test("in the interval that the server answers, or else the configured one", async () => {
    const slow = await open(CONTACT, {
      answering: (path) => (path === "/visit" ? { status: 200, body: { ...(visited().body as object), beat: 45 } } : { status: 204 }),
    });
    const { beat: _, ...body } = visited().body as { beat: number };
    const plain = await open(CONTACT, {
      config: { beat: 30 },
      answering: (path) => (path === "/visit" ? { status: 200, body } : { status: 204 }),
    });
    await settle(90);
    expect([slow.beats.length, plain.beats.length]).toEqual([2, 3]);
  });

  test("also where no number is shown: somebody is on the page", async () => {
    const page = await open(CONTACT, { answering: (path) => (path === "/visit" ? visited({}) : { status: 204 }) });
    await settle(20);
    expect(page.beats).toHaveLength(1);
  });

  test("never before the visit is answered", async () => {
    const page = await open(CONTACT, { answering: () => new Promise(() => {}) });
    await settle(60);
    page.hide();
    page.fire("pagehide");
    expect(page.beats).toEqual([]);
  });

  test("on, after one was lost or refused", async () => {
    const page = await open(CONTACT);
    page.answerWith(() => {
      throw new TypeError("offline");
    });
    await settle(20);
    page.answerWith(() => ({ status: 400, body: { error: "no" } }));
    await settle(20);
    page.answerWith(() => ({ status: 200, text: "<html>" }));
    await settle(20);
    page.answerWith(serve);
    await settle(20);
    expect(page.beats).toHaveLength(4);
    expect(page.find("p").textContent).toBe("(202) 555-0143");
    expect(page.noise).toEqual([]);
  });
});

describe("says by beacon", () => {
  test("that the page is hidden, and beats on; that it is seen again, by a beat at once", async () => {
    const page = await open(CONTACT);
    page.hide();
    expect(page.sentTo("/beat")).toMatchObject([{ by: "beacon", message: { state: "hidden" } }]);
    await settle(20);
    expect(page.beats[1]).toMatchObject({ state: "hidden" });
    page.hide(false);
    expect(page.sentTo("/beat")[2]).toMatchObject({ by: "fetch", message: { state: "visible" } });
    await settle(20);
    expect(page.beats).toHaveLength(4);
  });

  test("that the page is left", async () => {
    const page = await open(CONTACT);
    page.fire("pagehide");
    expect(page.sentTo("/beat")).toEqual([
      {
        by: "beacon",
        url: "https://calls.example.com/t/SITEKEY/beat",
        path: "/beat",
        message: { session: "s1", state: "gone", events: [] },
      },
    ]);
  });

  describe("but not while another page of the session beats in this browser", () => {
    const left = (page: Page) => {
      page.fire("pagehide");
      return page.beats.filter(({ state }) => state === "gone").length;
    };

    test("as long as it does", async () => {
      const cookieJar = new CookieJar();
      const page = await open(CONTACT, { cookieJar });
      await settle(5);
      const other = await open(CONTACT, { cookieJar });
      expect(left(page)).toBe(0);
      await settle(25);
      expect([left(page), left(other)]).toEqual([0, 0]);
      other.close();
      await settle(40);
      expect(left(page)).toBe(1);
    });

    test("and whatever else a site stores is no beat", async () => {
      const page = await open(CONTACT);
      page.window.localStorage.chat = "open";
      page.fire("storage");
      page.document.cookie = "chat=open";
      expect(left(page)).toBe(1);
    });
  });

  test("or by a request where the browser takes no beacon", async () => {
    const page = await open(CONTACT);
    page.window.navigator.sendBeacon = () => false;
    page.fire("pagehide");
    expect(page.sentTo("/beat")).toMatchObject([{ by: "fetch", message: { state: "gone" }, options: { keepalive: true } }]);
  });
});

test("a page that comes back from the back-forward cache beats at once, and on", async () => {
  const page = await open(CONTACT);
  page.hide();
  page.fire("pagehide");
  page.hide(false);
  expect(page.beats.map(({ state }) => state)).toEqual(["hidden", "gone", "visible"]);
  await settle(40);
  expect(page.beats).toHaveLength(5);
});

describe("a session that the server has lost", () => {
  const lose = (page: Page) =>
    page.answerWith((path) =>
      path === "/beat"
        ? { status: 205 }
        : { status: 200, body: { visitor: "v1", session: "s2", swaps: { [TARGET]: { number: "+13125550199" } } } },
    );

  test("begins anew with a visit, and shows its number", async () => {
    const page = await open(CONTACT);
    lose(page);
    await settle(20);
    expect(page.visits).toHaveLength(2);
    expect(page.visits[1]).toMatchObject({ visitor: "v1", targets: [TARGET] });
    expect(page.find("p").textContent).toBe("(312) 555-0199");
    page.answerWith(serve);
    await settle(20);
    expect(page.beats[1]).toMatchObject({ session: "s2" });
  });

  test("while a visit is under way: that one begins it", async () => {
    const other = "+12025550177";
    const page = await open(CONTACT, { config: { targets: [TARGET, other] } });
    let answer: (value: object) => void;
    page.answerWith((path) => (path === "/beat" ? { status: 205 } : new Promise((resolve) => (answer = resolve as never))));
    page.document.body.insertAdjacentHTML("beforeend", "<p>202-555-0177</p>");
    await settle(20);
    expect(page.beats).toHaveLength(1);
    page.answerWith(serve);
    answer!({ status: 200, body: { visitor: "v1", session: "s2", swaps: { [TARGET]: { number: "+13125550199" } } } });
    await settle(20);
    expect(page.visits).toHaveLength(2);
    expect(page.find("p").textContent).toBe("(312) 555-0199");
    expect(page.beats[1]).toMatchObject({ session: "s2" });
  });

  test("while the page is hidden: as soon as it is seen", async () => {
    const page = await open(CONTACT);
    lose(page);
    page.hide();
    await settle(3600);
    expect(page.visits).toHaveLength(1);
    expect(page.beats).toHaveLength(2);
    page.hide(false);
    await settle();
    expect(page.visits).toHaveLength(2);
    expect(page.find("p").textContent).toBe("(312) 555-0199");
  });
});

describe("tells that a swapped link was tapped", () => {
  test("at once, for the phone application covers the page", async () => {
    const page = await open(CONTACT);
    await settle(3);
    click(page, "a b");
    expect(page.sentTo("/beat")).toMatchObject([
      { by: "beacon", message: { session: "s1", state: "visible", events: [{ kind: "tap", target: TARGET, age_ms: 0 }] } },
    ]);
    expect(page.noise).toEqual([]);
  });

  test("also within an open shadow root", async () => {
    const page = await open("<div id=host></div>", {
      before: ({ document }) => {
        document.querySelector("#host")!.attachShadow({ mode: "open" }).innerHTML = CONTACT;
      },
    });
    await settle(3);
    const link = page.find("#host").shadowRoot!.querySelector("a b")!;
    link.dispatchEvent(new page.window.MouseEvent("click", { bubbles: true, composed: true }));
    expect(page.events).toMatchObject([{ kind: "tap", target: TARGET }]);
    expect(page.noise).toEqual([]);
  });

  test("also on an icon within it, which has an address of its own", async () => {
    const page = await open(CONTACT);
    const icon = page.document.createElement("span");
    // As SVG's `use` does, whose `href` is no text; jsdom does not know it.
    Object.defineProperty(icon, "href", { value: { baseVal: "#phone" } });
    page.find("a[href^=tel]").append(icon);
    icon.dispatchEvent(new page.window.MouseEvent("click", { bubbles: true }));
    expect(page.events).toMatchObject([{ kind: "tap", target: TARGET }]);
    expect(page.noise).toEqual([]);
  });

  test("but no other link, and no other click", async () => {
    const page = await open(`${CONTACT}<a id=other href="tel:+13125550100">x</a>`);
    for (const selector of ["a[href='/x']", "p", "#other"]) click(page, selector);
    page.fire("click", page.document);
    await settle();
    expect(page.beats).toEqual([]);
    expect(page.noise).toEqual([]);
  });

  test("not one whose number is the business's own", async () => {
    const page = await open(CONTACT, { answering: (path) => (path === "/visit" ? visited({}) : { status: 204 }) });
    click(page, "a");
    expect(page.beats).toEqual([]);
  });
});

test("tells with the next beat that the shown number was copied, and how long ago", async () => {
  const page = await open(`${CONTACT}<i>else</i>`);
  const copy = (selector: string) => {
    page.window.getSelection()!.selectAllChildren(page.find(selector));
    page.fire("copy", page.find(selector));
  };
  await settle(15);
  copy("p");
  copy("i");
  await settle(5);
  expect(page.events).toEqual([{ kind: "copy", target: TARGET, age_ms: 5000 }]);
});

test("events of a beat that did not arrive go with the next one, with their age", async () => {
  const page = await open(CONTACT);
  page.command("event", "quote", { plan: "b" });
  for (const answer of [{ status: 0 }, { status: 503 }]) {
    page.answerWith(() => {
      if (!answer.status) throw new TypeError("offline");
      return answer;
    });
    await settle(20);
  }
  page.answerWith(serve);
  page.command("event", "later");
  await settle(20);
  await settle(20);
  const quote = { kind: "custom", name: "quote", props: { plan: "b" } };
  expect(page.beats.map(({ events }) => events)).toEqual([
    [{ ...quote, age_ms: 20_000 }],
    [{ ...quote, age_ms: 40_000 }],
    [
      { ...quote, age_ms: 60_000 },
      { kind: "custom", name: "later", age_ms: 20_000 },
    ],
    [],
  ]);
});

test("events go along when the page is left", async () => {
  const page = await open(CONTACT);
  page.command("event", "quote");
  page.fire("pagehide");
  expect(page.beats).toMatchObject([{ state: "gone", events: [{ kind: "custom", name: "quote" }] }]);
});

test("too much to send is not sent, and events that cannot be told harm nothing", async () => {
  const page = await open(CONTACT);
  const circle: { self?: object } = {};
  circle.self = circle;
  page.command("event", "circle", circle);
  page.command("event", "huge", { text: "x".repeat(9000) });
  for (let event = 0; event < 1000; event++) page.command("event", "many", { event });
  await settle(20);
  expect(JSON.stringify(page.beats[0]).length).toBeLessThan(8000);
  expect(page.events[0]).toMatchObject({ name: "many", props: { event: 0 } });
  expect(page.noise).toEqual([]);
});
