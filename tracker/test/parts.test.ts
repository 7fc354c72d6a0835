import { CookieJar } from "jsdom";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { open, serve, settle, SHOWN, TARGET, visited, type Options, type Page } from "./page";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 24) });
});

const body = (html: string, options: Options = {}) => open(`<!doctype html><body>${html}</body>`, options);
const names = ({ loaded }: Page) => loaded.map((url) => url.replace("https://calls.example.com/t/SITEKEY/", ""));

test("an ordinary page loads no part", async () => {
  const page = await body('<p>Call (202) 555-0100, open 24/7 since 1999</p><a href="tel:+12025550100">x</a><i>$20.50</i>');
  await settle(60);
  expect(page.loaded).toEqual([]);
});

test("where the page's policy refuses a part, the rest goes on without a sound", async () => {
  const page = await body("<p>202-555-0100</p><p><b>202</b>-555-0100</p>", { refusesParts: true, config: { parts: ["forms"] } });
  await settle(1);
  expect(page.html).toBe("<p>202-555-0143</p><p><b>202</b>-555-0100</p>");
  expect(page.noise).toEqual([]);
});

describe("lines: digits across inline elements", () => {
  test.each([
    ["<p><b>(202)</b> 555-<i>0100</i></p>", "<p><b>(202)</b> 555-<i>0143</i></p>"],
    ["<p>Call 202-555-<b>0100</b>!</p>", "<p>Call 202-555-<b>0143</b>!</p>"],
    ["<p><span>+1</span><span> 202 </span><span>555 0100</span></p>", "<p><span>+1</span><span> 202 </span><span>555 0143</span></p>"],
    ["<p>202-555-0100 <b>or</b> <i>202</i>.555.0100</p>", "<p>202-555-0143 <b>or</b> <i>202</i>.555.0143</p>"],
  ])("%s", async (before, after) => {
    const page = await body(before);
    expect(names(page)).toEqual(["lines.js"]);
    expect(page.html).toBe(after);
    page.command("forget");
    expect(page.html).toBe(before);
  });

  test.each([
    "<p>202</p><p>555-0100</p>",
    "<table><tbody><tr><td>202</td><td>555-0100</td></tr></tbody></table>",
    "<p>202<br>555-0100</p>",
    '<p data-swapboard="off"><b>202</b>-555-0100</p>',
    '<p><b>202</b>-<span data-swapboard="off">555</span>-0100</p>',
    "<p>INV<b>202</b>5550100</p>",
    "<p>9<b>202</b>-555-0100</p>",
  ])("never %s", async (html) => {
    const page = await body(html);
    await settle(1);
    expect(page.html).toBe(html);
  });

  test("keeps the nodes; what the page rewrites is the business's again", async () => {
    const page = await body("<p><b>(202)</b> 555-<i>0100</i></p>");
    const text = page.find("i").firstChild!;
    text.nodeValue = "0100 now";
    await settle();
    expect(page.find("i").firstChild).toBe(text);
    expect(page.html).toBe("<p><b>(202)</b> 555-<i>0143 now</i></p>");
  });

  test("a number of another shape goes into the first piece", async () => {
    const page = await body("<p><b>202</b>-555-<i>0100</i>.</p>", {
      answering: () => visited({ [TARGET]: { number: "+442079460123", display: "020 7946 0123" } }),
    });
    expect(page.html).toBe("<p><b>020 7946 0123</b><i></i>.</p>");
    const changes = vi.fn();
    new page.window.MutationObserver(changes).observe(page.document, { subtree: true, characterData: true });
    await settle(1);
    expect(changes).not.toHaveBeenCalled();
    page.command("forget");
    expect(page.html).toBe("<p><b>202</b>-555-<i>0100</i>.</p>");
  });
});

describe("deep", () => {
  test("open shadow roots, and what is added to them", async () => {
    const page = await body("<div id=host></div>", {
      before: ({ document }) => {
        document.querySelector("#host")!.attachShadow({ mode: "open" }).innerHTML = "<p>202-555-0100</p>";
      },
    });
    await settle(1);
    const root = page.find("#host").shadowRoot!;
    expect(root.innerHTML).toBe("<p>202-555-0143</p>");
    root.append(page.document.createElement("i"));
    root.querySelector("i")!.textContent = "202.555.0100";
    await settle();
    expect(root.innerHTML).toBe("<p>202-555-0143</p><i>202.555.0143</i>");
    page.command("forget");
    expect(root.innerHTML).toBe("<p>202-555-0100</p><i>202.555.0100</i>");
  });

  test("frames of the same origin", async () => {
    const page = await body("<iframe></iframe>", {
      before: ({ document }) => (document.querySelector("iframe")!.contentDocument!.body.innerHTML = "<p>202-555-0100</p>"),
    });
    await settle(1);
    expect(page.find<HTMLIFrameElement>("iframe").contentDocument!.body.innerHTML).toBe("<p>202-555-0143</p>");
  });
});

test("vanity: text in, template out, and back", async () => {
  const vanity: [string, string, string, string][] = [["1-800-PLUMBER", TARGET, "{number}", "(202) 555-0100"]];
  const page = await body("<p>Ring 1 800 Plumber, or 1-800-plumbers</p><p>202-555-0100</p>", {
    config: { parts: ["vanity"], vanity },
  });
  expect(page.html).toBe("<p>Ring (202) 555-0143, or 1-800-plumbers</p><p>202-555-0143</p>");
  page.command("forget");
  expect(page.html).toBe("<p>Ring 1 800 Plumber, or 1-800-plumbers</p><p>202-555-0100</p>");
});

test("abroad: a WhatsApp link to another country's number has no plus", async () => {
  const links = '<a href="https://wa.me/12025550100?text=Hi">x</a><a href="tel:12025550100">y</a><p>202-555-0100</p>';
  const page = await body(links, {
    config: { parts: ["abroad"] },
    answering: () => visited({ [TARGET]: { number: "+442079460100", display: "020 7946 0100" } }),
  });
  expect(page.html).toBe(
    '<a href="https://wa.me/442079460100?text=Hi">x</a><a href="tel:+442079460100">y</a><p>020 7946 0100</p>',
  );
  page.command("forget");
  expect(page.html).toBe(links);
});

describe("forms", () => {
  const FORM = `<p>202-555-0100</p><form id=quote>
    <input name=your-name value=Ada><input type=email name=mail value=a@example.com><input type=tel name=p value=2025550111>
    <input type=password name=phone2 value=secret><input name=card-number autocomplete=cc-number value=4111>
    <input type=hidden name=message value=hidden><textarea name=comments>Help</textarea>
    <input name=colour value=red><span data-swapboard=off><input name=email2 value=x></span></form>`;
  const send = (page: Page) => page.find("form").dispatchEvent(new page.window.Event("submit", { bubbles: true }));
  const config = { parts: ["forms"], forms: ["name", "email", "phone", "message"], auto: 1 as const };

  test("are told with the visit, allowed fields only", async () => {
    const page = await body(FORM, { config });
    send(page);
    expect(page.sentTo("/beat")).toMatchObject([{ by: "beacon" }]);
    expect(page.events).toEqual([
      {
        kind: "form",
        name: "quote",
        url: "https://www.example.com/",
        fields: { name: "Ada", email: "a@example.com", phone: "2025550111", message: "Help" },
        age_ms: 0,
      },
    ]);
  });

  test("never without a session, and never under data-swapboard=off", async () => {
    const waiting = await body(FORM, { config: { ...config, consent: "wait" } });
    send(waiting);
    const off = await body(`<div data-swapboard=off>${FORM}</div>`, { config });
    send(off);
    await settle(30);
    expect([...waiting.events, ...off.events]).toEqual([]);
  });

  test("only those that the page's code chooses, where not all are wanted", async () => {
    const page = await body(FORM, { config: { parts: ["forms", "compat"], forms: ["email"] } });
    send(page);
    expect(page.events).toEqual([]);
    (page.window as any).CallTrk.captureForm("form");
    send(page);
    expect(page.events).toMatchObject([{ kind: "form", fields: { email: "a@example.com" } }]);
  });
});

test("CallTrk: numbers as they are shown, in the page's own notation", async () => {
  const page = await body("<p>Hello</p>", { config: { parts: ["compat"] } });
  const tell = vi.fn();
  (page.window as any).CallTrk.getSwapNumbers(["(202) 555-0100", "312-555-0100"], tell);
  await settle(1);
  expect(tell.mock.calls).toEqual([[{ "(202) 555-0100": "(202) 555-0143", "312-555-0100": "312-555-0100" }]]);
  expect(() => (page.window as any).CallTrk.swap("p")).not.toThrow();

  // What is not in the document yet is not watched: the page's code says when it is ready.
  const card = page.window.document.createElement("div");
  card.innerHTML = '<a href="tel:+12025550100">202.555.0100</a>';
  await settle(1);
  expect(card.textContent).toBe("202.555.0100");
  (page.window as any).CallTrk.swap(card);
  expect(card.innerHTML).toBe('<a href="tel:+12025550143">202.555.0143</a>');
});

describe("choices", () => {
  const config = { consent: "wait", parts: ["choices"] };
  const layer = (...entries: unknown[][]): NonNullable<Options["before"]> => (window) => ((window as any).dataLayer = entries);

  test.each([
    ["granted by default", [["consent", "default", { analytics_storage: "granted" }]], 1],
    ["granted by the visitor", [["consent", "default", { analytics_storage: "denied" }], ["consent", "update", { analytics_storage: "granted" }]], 1],
    ["advertising only, where analytics is not spoken of", [["consent", "update", { ad_storage: "granted" }]], 1],
    ["denied by default", [["consent", "default", { analytics_storage: "denied" }]], 0],
    ["denied by the visitor", [["consent", "update", { analytics_storage: "denied", ad_storage: "granted" }]], 0],
    ["silent", [["js", 5]], 0],
  ])("Consent Mode: %s", async (_, entries, visits) => {
    const page = await body("<p>202-555-0100</p>", { config, before: layer(...entries)! });
    await settle(1);
    expect(page.visits).toHaveLength(visits);
    expect(page.document.cookie.includes("_swb")).toBe(!!visits);
  });

  test.each([
    [{ gdprApplies: false }, 1],
    [{ eventStatus: "useractioncomplete", purpose: { consents: { 1: true, 8: true } } }, 1],
    [{ eventStatus: "tcloaded", purpose: { consents: { 1: true } } }, 0],
    [{ eventStatus: "cmpuishown", purpose: { consents: { 1: true, 8: true } } }, 0],
  ])("TCF: %j", async (data, visits) => {
    const page = await body("<p>202-555-0100</p>", {
      config,
      before: (window) =>
        ((window as any).__tcfapi = (_c: string, _v: number, callback: (...given: unknown[]) => void) => callback(data, true)),
    });
    await settle(1);
    expect(page.visits).toHaveLength(visits);
  });

  test("one that is made later counts, and one that is taken back is heeded", async () => {
    const page = await body("<p>202-555-0100</p>", { config, before: layer() });
    const { dataLayer } = page.window as any;
    dataLayer.push(["consent", "update", { analytics_storage: "granted" }]);
    await settle(1);
    expect(page.html).toBe("<p>202-555-0143</p>");
    dataLayer.push(["consent", "update", { analytics_storage: "denied" }]);
    await settle(1);
    expect(page.html).toBe("<p>202-555-0100</p>");
    expect(page.document.cookie).toBe("");
  });
});

describe("a visitor who declines", () => {
  test("sees the channel's static number where the owner wants it, with nothing stored and no beats", async () => {
    const page = await body("<p>202-555-0100</p>", {
      config: { consent: "wait", denied: 1 },
      answering: (_, message) => ({
        status: 200,
        body: { visitor: null, session: null, swaps: message.consent === "denied" ? { [TARGET]: { number: SHOWN } } : {}, beat: 20 },
      }),
      before: ({ document }) => (document.cookie = "_ga=GA1.1.5.6"),
    });
    page.command("consent", "denied");
    await settle(60);
    expect(page.visits).toMatchObject([{ visitor: "", consent: "denied", cookies: {} }]);
    expect(page.html).toBe("<p>202-555-0143</p>");
    expect(page.document.cookie).toBe("_ga=GA1.1.5.6");
    expect(page.window.localStorage.length).toBe(0);
    expect(page.beats).toEqual([]);
  });
});

test("cookieless: swaps, beats, and stores nothing", async () => {
  const { cookies: _, ...config } = { cookies: undefined, consent: "cookieless" };
  const page = await body("<p>202-555-0100</p>", { config: { ...config, cookies: undefined } as never });
  await settle(20);
  expect(page.html).toBe("<p>202-555-0143</p>");
  expect(page.document.cookie).toBe("");
  expect(page.window.localStorage.length).toBe(0);
  expect(page.beats).toHaveLength(1);
});

describe("a stored page", () => {
  const own = { "+12025550177": TARGET };

  test("with somebody's tracking number in it shows the visit's own", async () => {
    const page = await body('<p>(202) 555-0177</p><a href="tel:+12025550177">x</a>', { own });
    expect(page.visits[0]!.targets).toEqual([TARGET]);
    expect(page.html).toBe('<p>(202) 555-0143</p><a href="tel:+12025550143">x</a>');
  });

  test("shows the business's number where the visit gets none", async () => {
    const page = await body("<p>(202) 555-0177</p>", { own, answering: () => visited({}) });
    expect(page.html).toBe("<p>(202) 555-0100</p>");
  });
});

describe("a kept number", () => {
  const never: Options["answering"] = () => new Promise(() => {});

  test("is shown before the server answers, on the next page", async () => {
    const cookieJar = new CookieJar();
    (await body("<p>202-555-0100</p>", { cookieJar })).close();
    const next = await body("<p>202.555.0100</p>", { cookieJar, answering: never });
    expect(next.html).toBe("<p>202.555.0143</p>");
  });

  test("but not when it may be another's by now", async () => {
    const cookieJar = new CookieJar();
    (await body("<p>202-555-0100</p>", { cookieJar })).close();
    await settle(60);
    const next = await body("<p>202.555.0100</p>", { cookieJar, answering: never });
    expect(next.html).toBe("<p>202.555.0100</p>");
  });

  test("nor before a page's framework is there", async () => {
    const cookieJar = new CookieJar();
    (await body("<p>202-555-0100</p>", { cookieJar })).close();
    const next = await body("<div id=root><p>202.555.0100</p></div>", { cookieJar, answering: never });
    expect(next.find("p").textContent).toBe("202.555.0100");
  });
});

describe("hydration", () => {
  const asReact = (node: object, key: string) => ((node as any)[`${key}$abc`] = {});

  test("React's elements are written to when React has taken them", async () => {
    const page = await body("<div id=app9><p>202-555-0100</p></div>", {
      before: ({ document }) => {
        asReact(document, "_reactListening");
        asReact(document.querySelector("#app9")!, "__reactContainer");
      },
    });
    await settle(2);
    expect(page.find("p").textContent).toBe("202-555-0100");
    asReact(page.find("p"), "__reactFiber");
    await settle(2);
    expect(page.find("p").textContent).toBe("202-555-0143");
    expect(names(page)).toEqual(["hydration.js"]);
  });

  test("what React waits with is left alone until its turn", async () => {
    const page = await body("<div id=root><!--$--><p>202-555-0100</p><!--/$--><i>202-555-0100</i></div>", {
      before: ({ document }) => {
        asReact(document, "_reactListening");
        for (const each of ["#root", "i"]) asReact(document.querySelector(each)!, "__reactFiber");
      },
    });
    await settle(2);
    expect(page.find("i").textContent).toBe("202-555-0143");
    expect(page.find("p").textContent).toBe("202-555-0100");
    asReact(page.find("p"), "__reactFiber");
    await settle(2);
    expect(page.find("p").textContent).toBe("202-555-0143");
  });

  test("Vue's application is alive when it is mounted", async () => {
    const page = await body("<div id=app><p>202-555-0100</p></div>", { before: (window) => ((window as any).__VUE__ = true) });
    await settle(2);
    expect(page.find("p").textContent).toBe("202-555-0100");
    (page.find("#app") as any).__vue_app__ = {};
    await settle(2);
    expect(page.find("p").textContent).toBe("202-555-0143");
  });
});

describe("handover", () => {
  const config = { parts: ["handover"], hosts: ["shop.example.org"] };
  const LINK = '<a id=a href="https://shop.example.org/x">a</a>';

  /** Where the link leads at the moment of a click. */
  const followed = (page: Page, id: string, button = 0): string => {
    const link = page.find<HTMLAnchorElement>(`#${id}`);
    let led = "";
    const look = (event: Event) => {
      led = link.href;
      event.preventDefault();
    };
    page.document.addEventListener(button ? "auxclick" : "click", look, { once: true });
    link.dispatchEvent(new page.window.MouseEvent(button ? "auxclick" : "click", { bubbles: true, cancelable: true, button }));
    return led;
  };
  const answering: Options["answering"] = (path, message) =>
    path === "/visit" ? { status: 200, body: { ...(visited().body as object), link: "s1.5.abc" } } : serve(path, message);

  test("links to the company's other hosts carry the word, others do not", async () => {
    const page = await body(
      '<a id=a href="https://shop.example.org/x">a</a><a id=b href="https://shop.example.org/x?y=1#z">b</a><a id=c href="https://www.example.net/">c</a>',
      { config, answering },
    );
    await settle(1);
    const written = page.html;
    expect(["a", "b", "c"].map((id) => followed(page, id))).toEqual([
      "https://shop.example.org/x#_swb=s1.5.abc",
      "https://shop.example.org/x?y=1&_swb=s1.5.abc#z",
      "https://www.example.net/",
    ]);
    expect(followed(page, "a", 1)).toBe("https://shop.example.org/x#_swb=s1.5.abc");
    // Who copies an address afterwards hands nothing on.
    await settle();
    expect(page.html).toBe(written);
    expect(followed(page, "a", 2)).toBe("https://shop.example.org/x");
  });

  test("links within open shadow roots carry it, too", async () => {
    const page = await body("<div id=host></div>", { config, answering });
    await settle(1);
    const root = page.find("#host").attachShadow({ mode: "open" });
    root.innerHTML = '<a href="https://shop.example.org/x"><b>a</b></a>';
    const link = root.querySelector("a")!;
    let led = "";
    root.addEventListener("click", (event) => {
      led = link.href;
      event.preventDefault();
    });
    const how = { bubbles: true, composed: true, cancelable: true };
    root.querySelector("b")!.dispatchEvent(new page.window.MouseEvent("click", how));
    expect(led).toBe("https://shop.example.org/x#_swb=s1.5.abc");
    expect(page.noise).toEqual([]);
  });

  test("a page that is open for long has a fresh word; one that is away has none that is old", async () => {
    let words = 0;
    const page = await body(LINK, {
      config,
      answering: (path, message) => (message.link ? { status: 200, body: { link: `s1.${++words}.new` } } : answering(path, message)),
    });
    await settle(135);
    expect(page.beats.filter(({ link }) => link)).toEqual([{ link: "s1" }]);
    expect(followed(page, "a")).toBe("https://shop.example.org/x#_swb=s1.1.new");
    page.answerWith(() => ({ status: 503 }));
    await settle(400);
    expect(followed(page, "a")).toBe("https://shop.example.org/x");
  });

  test("who is forgotten hands nothing on", async () => {
    const page = await body(LINK, { config, answering });
    await settle(1);
    page.command("forget");
    await settle(200);
    expect(followed(page, "a")).toBe("https://shop.example.org/x");
    expect(page.beats.filter(({ link }) => link)).toEqual([]);
  });

  test("a word that nobody may be told leaves the address bar when it is over", async () => {
    const page = await body(LINK, { config: { ...config, consent: "wait" }, url: "https://www.example.com/x#_swb=s1.5.abc" });
    await settle(200);
    expect(page.window.location.hash).toBe("#_swb=s1.5.abc");
    await settle(100);
    expect(page.window.location.href).toBe("https://www.example.com/x");
    expect(page.sent).toEqual([]);
  });

  test("the visit tells the word that brought it; then it leaves the address bar", async () => {
    const page = await body("<p>202-555-0100</p>", { config, url: "https://www.example.com/x?a=1#_swb=s1.5.abc" });
    expect(page.visits[0]!.url).toBe("https://www.example.com/x?a=1#_swb=s1.5.abc");
    await settle(3);
    expect(page.window.location.href).toBe("https://www.example.com/x?a=1");
    expect(page.events).toEqual([]);
  });
});

test("debug explains what was found and why it was left alone, and warns of a second script", async () => {
  const page = await body('<p>202-555-0100</p><p data-swapboard="off">202-555-0100</p>', {
    url: "https://www.example.com/#swapboard-debug",
  });
  for (const src of ["https://calls.example.com/t/SITEKEY.js", "https://calls.example.com/t/OTHER.js"]) {
    const script = page.document.createElement("script");
    script.type = "text/plain";
    script.src = src;
    page.document.head.append(script);
  }
  await settle(2);
  const told = page.find("#swapboard-debug-panel").textContent!;
  expect(told).toContain("swapped; the business wrote: 202-555-0100");
  expect(told).toContain("left alone: it stands in [data-swapboard=off]");
  expect(told).toContain("more than one Swapboard script");
  expect(page.noise).toEqual([]);
});
