import { beforeEach, expect, test, vi } from "vitest";
import { open, settle, TARGET, visited, type Page } from "./page";

const CONTACT = "<title>Home</title><p>202-555-0100</p>";

beforeEach(() => {
  vi.useFakeTimers();
});

function go(page: Page, to: string, title = "Next"): void {
  page.window.history.pushState({ page: to }, "", to);
  page.document.title = title;
}

test("a page that goes elsewhere without being loaded tells so, with its new title", async () => {
  const page = await open(CONTACT);
  go(page, "/contact", "Contact");
  await settle(0.25);
  expect(page.events).toEqual([
    { kind: "page", url: "https://www.example.com/contact", title: "Contact", age_ms: 0 },
  ]);
  expect(page.visits).toHaveLength(1);
  expect(page.window.history.state).toEqual({ page: "/contact" });
  expect(page.window.location.pathname).toBe("/contact");
});

test("by replacing its address, or going back, as well", async () => {
  const page = await open(CONTACT);
  page.window.history.replaceState(null, "", "/a");
  page.document.title = "A";
  await settle(1);
  go(page, "/b");
  await settle(1);
  page.window.history.back();
  await vi.waitFor(() => expect(page.window.location.pathname).toBe("/a"));
  page.document.title = "A";
  await settle(1);
  expect(page.events.map(({ url }) => url as string)).toEqual([
    "https://www.example.com/a",
    "https://www.example.com/b",
    "https://www.example.com/a",
  ]);
});

test("to a route behind the hash too, but not down the page", async () => {
  const page = await open(CONTACT);
  for (const to of ["#contact", "#", "/#top"]) go(page, to);
  page.window.history.replaceState({ scrolled: 5 }, "");
  await settle(1);
  expect(page.events).toEqual([]);
  go(page, "#/contact");
  await settle(1);
  expect(page.events).toMatchObject([{ url: "https://www.example.com/#/contact" }]);
});

test("only where it ends up", async () => {
  const page = await open(CONTACT);
  go(page, "/a");
  go(page, "/b");
  await settle(1);
  expect(page.events.map(({ url }) => url as string)).toEqual(["https://www.example.com/b"]);
});

test("a number that turns up on the new page is asked for there; that is its page view", async () => {
  const page = await open("<title>Home</title><div id=app></div>", {
    referrer: "https://www.google.com/",
    answering: (path, { targets }) => (path === "/visit" ? visited(targets.length ? undefined : {}) : { status: 204 }),
  });
  await settle(1);
  go(page, "/contact");
  page.find("#app").innerHTML = "<p>202-555-0100</p>";
  await settle(1);
  expect(page.visits).toMatchObject([
    { url: "https://www.example.com/", targets: [], referrer: "https://www.google.com/" },
    { url: "https://www.example.com/contact", targets: [TARGET], referrer: "https://www.example.com/", session: "s1" },
  ]);
  expect(page.events).toEqual([]);
  expect(page.find("#app").innerHTML).toBe("<p>202-555-0143</p>");
});

test("after a visit that failed, the next page tries again", async () => {
  const page = await open(CONTACT, { answering: () => ({ status: 503 }) });
  page.answerWith((path) => (path === "/visit" ? visited() : { status: 204 }));
  go(page, "/contact");
  await settle(1);
  expect(page.visits).toHaveLength(2);
  expect(page.html).toContain("202-555-0143");
});

test("where it goes on while its first visit is under way, the answer counts, and the last page is told after it", async () => {
  let answer: (value: ReturnType<typeof visited>) => void;
  const page = await open("<title>Home</title><div id=content></div>", {
    answering: (path) => (path === "/visit" ? new Promise((resolve) => (answer = resolve)) : { status: 204 }),
  });
  go(page, "/en");
  page.find("#content").innerHTML = "<p>202-555-0100</p>";
  await settle(0.1);
  go(page, "/en/home", "Welcome");
  await settle(1);
  answer!(visited());
  await settle(1);
  // A second visit would begin another session, with a number of its own.
  expect(page.visits).toMatchObject([{ url: "https://www.example.com/en" }]);
  expect(page.html).toContain("202-555-0143");
  expect(page.events).toMatchObject([{ kind: "page", url: "https://www.example.com/en/home", title: "Welcome" }]);
});
