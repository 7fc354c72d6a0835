import { beforeEach, expect, test, vi } from "vitest";
import { open, serve, settle, visited, TARGET, type Page } from "./page";

beforeEach(() => {
  vi.useFakeTimers();
});

/** How many texts and attributes the tracker wrote to since the page began to count. */
function countWrites(page: Page): () => number {
  const written = new Set<string | Node>();
  new page.window.MutationObserver((changes) => {
    for (const { target, attributeName } of changes) written.add(attributeName ?? target);
  }).observe(page.document, {
    subtree: true,
    characterData: true,
    attributes: true,
  });
  return () => written.size;
}

test("swaps what is added, and only writes what differs", async () => {
  const page = await open("<p>202-555-0100</p><div id=place></div>");
  const writes = countWrites(page);
  page.find("#place").innerHTML = '<ul><li>202.555.0100<li><a href="tel:2025550100">x</a><li>other</ul>';
  await settle(5);
  expect(page.find("#place").innerHTML).toBe(
    '<ul><li>202.555.0143</li><li><a href="tel:2025550143">x</a></li><li>other</li></ul>',
  );
  expect(writes()).toBe(2);
});

test("swaps text and links that the page rewrites", async () => {
  const page = await open('<p>202-555-0100</p><a href="/">x</a>');
  page.find("p").firstChild!.nodeValue = "Ring 202.555.0100!";
  page.find("a").setAttribute("href", "tel:+12025550100");
  await settle();
  expect(page.html).toBe('<p>Ring 202.555.0143!</p><a href="tel:+12025550143">x</a>');
  page.find("p").textContent = "(202) 555-0100";
  await settle();
  expect(page.find("p").textContent).toBe("(202) 555-0143");
});

test("swaps before anything is painted: in the microtasks of the change", async () => {
  const page = await open("<p>202-555-0100</p>");
  page.find("p").textContent = "202.555.0100";
  await Promise.resolve();
  expect(page.find("p").textContent).toBe("202.555.0143");
});

test("leaves comments alone that are added or rewritten", async () => {
  const page = await open("<p>202-555-0100<!----></p>");
  page.find("p").lastChild!.nodeValue = "202-555-0100";
  page.document.body.append(page.document.createComment("202-555-0100"));
  await settle();
  expect(page.html).toBe("<p>202-555-0143<!--202-555-0100--></p><!--202-555-0100-->");
});

test("restores what was added, too", async () => {
  const page = await open("<p>202-555-0100</p>");
  page.document.body.insertAdjacentHTML("beforeend", '<a href="tel:+12025550100">202.555.0100</a>');
  await settle();
  page.command("forget");
  expect(page.html).toBe('<p>202-555-0100</p><a href="tel:+12025550100">202.555.0100</a>');
});

test("nodes that are taken out and put back are still known", async () => {
  const page = await open("<p>202-555-0100</p>");
  const paragraph = page.find("p");
  paragraph.remove();
  await settle();
  page.document.body.append(paragraph);
  await settle();
  expect(page.html).toBe("<p>202-555-0143</p>");
  page.command("forget");
  expect(page.html).toBe("<p>202-555-0100</p>");
});

test("a script that always puts its number back cannot keep us busy", async () => {
  const page = await open("<p>202-555-0100</p>");
  const text = page.find("p").firstChild!;
  let fights = 0;
  new page.window.MutationObserver(() => {
    if (text.nodeValue === "202-555-0100") return;
    fights++;
    text.nodeValue = "202-555-0100";
  }).observe(text, { characterData: true });
  text.nodeValue = "202-555-0100 ";
  await settle(10);
  expect(fights).toBeGreaterThan(0);
  expect(fights).toBeLessThan(2000);
  expect(page.noise).toEqual([]);
});

test("a page that changes all the time is swapped when it comes to rest", async () => {
  const page = await open("<p>202-555-0100</p>");
  for (let change = 0; change < 500; change++) {
    page.find("p").textContent = `${change}: 202-555-0100`;
    await Promise.resolve();
  }
  await settle(2);
  expect(page.find("p").textContent).toBe("499: 202-555-0143");
  page.find("p").textContent = "(202) 555-0100";
  await settle();
  expect(page.find("p").textContent).toBe("(202) 555-0143");
});

test("another lease in a beat's answer goes everywhere, and into what comes later", async () => {
  const page = await open('<p>(202) 555-0100</p><a href="tel:+12025550100">x</a>');
  page.answerWith((path, message) =>
    path === "/beat" ? { status: 200, body: { swaps: { [TARGET]: { number: "+13125550199" } } } } : serve(path, message),
  );
  await settle(20);
  page.document.body.insertAdjacentHTML("beforeend", "<i>202.555.0100</i>");
  await settle();
  expect(page.html).toBe('<p>(312) 555-0199</p><a href="tel:+13125550199">x</a><i>312.555.0199</i>');
});

test("a lease that is gone gives the original back", async () => {
  const page = await open("<p>(202) 555-0100</p>");
  const gone = { swaps: { [TARGET]: { number: TARGET } } };
  page.answerWith((path) => (path === "/beat" ? { status: 200, body: gone } : visited()));
  await settle(20);
  expect(page.html).toBe("<p>(202) 555-0100</p>");
});
