// @vitest-environment jsdom
import fc from "fast-check";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { GB, US } from "./config";
import { core } from "./core";

type Core = Awaited<ReturnType<typeof core>>;

let page: Core;

/** Shows what the server answered, everywhere. */
function show(swaps: Parameters<Core["decide"]>[0]): void {
  page.decide(swaps);
  swapUnder(document);
}

function swapUnder(root: Node): void {
  page.look([root]);
}

async function lookFor(targets: string[], own: Record<string, string> = {}): Promise<void> {
  page = await core({ targets }, own);
  page.hooks[3] = () => {};
  page.hooks[4] = () => {};
}

const SWAPS = { [US]: { number: "+12025550143" }, [GB]: { number: "+442079460123" } };

function put(html: string): void {
  document.body.innerHTML = html;
}

const shown = () => document.body.innerHTML;

beforeEach(async () => {
  // No document here is so large that it may be read in pieces.
  vi.spyOn(Date, "now").mockReturnValue(0);
  put("");
  document.head.innerHTML = "";
  await lookFor([US, GB]);
});

describe("writes another number in the page's notation", () => {
  test.each([
    ["(202) 555-0100", US, "+12025550143", "(202) 555-0143"],
    ["202.555.0100", US, "+12025550143", "202.555.0143"],
    ["202.555.0100", US, "+18885550143", "888.555.0143"],
    ["+1 202-555-0100", US, "+13125550199", "+1 312-555-0199"],
    ["1-202-555-0100", US, "+13125550199", "1-312-555-0199"],
    ["001 202 555 0100", US, "+13125550199", "001 312 555 0199"],
    ["2025550100", US, "+12025550143", "2025550143"],
    ["202\u00a0555\u20110100", US, "+12025550143", "202\u00a0555\u20110143"],
    ["(202)%20555-0100", US, "+13125550199", "(312)%20555-0199"],
    ["%2B12025550100", US, "+13125550199", "%2B13125550199"],
    ["020 7946 0958", GB, "+442079460123", "020 7946 0123"],
    ["020 7946 0958", GB, "+441632960123", "016 3296 0123"],
    ["+44 20 7946 0958", GB, "+442079460123", "+44 20 7946 0123"],
    ["+44 (0)20 7946 0958", GB, "+442079460123", "+44 (0)20 7946 0123"],
    ["0044 20 7946 0958", GB, "+442079460123", "0044 20 7946 0123"],
  ])("%j of %s as %s: %j", (written, target, number, expected) => {
    put(`<a href="tel:${written}">Call</a>`);
    show({ [target]: { number } });
    expect(shown()).toBe(`<a href="tel:${expected.replace(/\u00a0/g, "&nbsp;")}">Call</a>`);
  });
});

describe("swaps", () => {
  test.each([
    ["<p>Call (202) 555-0100 now</p>", "<p>Call (202) 555-0143 now</p>"],
    ["<p>202.555.0100</p><p>202 555 0100</p>", "<p>202.555.0143</p><p>202 555 0143</p>"],
    ["202&nbsp;555&nbsp;0100", "202&nbsp;555&nbsp;0143"],
    ["<p>US 202-555-0100, UK 020 7946 0958</p>", "<p>US 202-555-0143, UK 020 7946 0123</p>"],
    ['<a href="tel:+12025550100">Call</a>', '<a href="tel:+12025550143">Call</a>'],
    [
      '<a href="tel:202-555-0100" class="x"><b>Call</b> <i>us</i></a>',
      '<a href="tel:202-555-0143" class="x"><b>Call</b> <i>us</i></a>',
    ],
    ['<a href="TEL:+1(202)555-0100;ext=7">7</a>', '<a href="TEL:+1(202)555-0143;ext=7">7</a>'],
    ['<a href="tel:(202)%20555-0100"></a>', '<a href="tel:(202)%20555-0143"></a>'],
    ['<map><area href="tel:2025550100"></map>', '<map><area href="tel:2025550143"></map>'],
    ['<a href="sms:+12025550100?body=Hi">x</a>', '<a href="sms:+12025550143?body=Hi">x</a>'],
    ['<a href="https://wa.me/12025550100?text=Hi">x</a>', '<a href="https://wa.me/12025550143?text=Hi">x</a>'],
    [
      '<b aria-label="Call 202-555-0100" title="202.555.0100"><img alt="2025550100"></b>',
      '<b aria-label="Call 202-555-0143" title="202.555.0143"><img alt="2025550143"></b>',
    ],
    ['<input placeholder="202-555-0100">', '<input placeholder="202-555-0143">'],
    ["<select><option>202-555-0100</option></select>", "<select><option>202-555-0143</option></select>"],
    ["<p>202-555-0100 ext. 7</p>", "<p>202-555-0143 ext. 7</p>"],
    ["<pre>T  202-555-0100\n</pre>", "<pre>T  202-555-0143\n</pre>"],
  ])("%j", (before, after) => {
    put(before);
    show(SWAPS);
    expect(shown()).toBe(after);
    show({});
    expect(shown()).toBe(before);
  });
});

describe("never touches", () => {
  test.each([
    "<script type='text/plain'>tel = '202-555-0100'</script>",
    '<script type="application/ld+json">{"telephone": "202-555-0100"}</script>',
    "<style>a::after { content: '202-555-0100' }</style>",
    "<noscript>202-555-0100</noscript>",
    "<template><p>202-555-0100</p></template>",
    "<textarea>202-555-0100</textarea>",
    '<input value="202-555-0100">',
    '<textarea placeholder="202-555-0100"></textarea>',
    '<option value="202-555-0100">x</option>',
    '<span itemprop="telephone">202-555-0100</span>',
    '<a itemprop="telephone" href="tel:+12025550100" content="+12025550100">x</a>',
    '<link title="202-555-0100">',
    '<div contenteditable="true"><p>202-555-0100</p></div>',
    "<div contenteditable>202-555-0100</div>",
    '<div data-swapboard="off"><p>202-555-0100 <a href="tel:+12025550100">x</a></p></div>',
    "<!-- 202-555-0100 -->",
    '<a href="https://www.example.com/2025550100">x</a>',
    '<p data-phone="2025550100">x</p>',
    '<meta itemprop="telephone" content="202-555-0100">',
    "<p>Order 92025550100</p>",
  ])("%s", (html) => {
    put(html);
    const before = shown();
    show(SWAPS);
    expect(shown()).toBe(before);
    expect([...page.seen]).toEqual([]);
  });

  test("what stands in the head", () => {
    document.head.innerHTML = '<title>Call 202-555-0100</title><meta name="description" content="202-555-0100">';
    const before = document.head.innerHTML;
    show(SWAPS);
    expect(document.head.innerHTML).toBe(before);
  });
});

test("keeps the nodes, and the listeners on them", () => {
  put('<p>202-555-0100</p><a href="tel:+12025550100">x</a>');
  const text = document.querySelector("p")!.firstChild;
  const link = document.querySelector("a");
  show(SWAPS);
  expect(document.querySelector("p")!.firstChild).toBe(text);
  expect(document.querySelector("a")).toBe(link);
});

test("a number of another country is displayed as the server says, but dialled as E.164", () => {
  put('<p>(202) 555-0100</p><a href="tel:202-555-0100">x</a>');
  show({ [US]: { number: "+442079460123", display: "020 7946 0123" } });
  expect(shown()).toBe('<p>020 7946 0123</p><a href="tel:+442079460123">x</a>');
  show({ [US]: { number: "+442079460123" } });
  expect(shown()).toBe('<p>+442079460123</p><a href="tel:+442079460123">x</a>');
});

test("so is one of the same country that has another length", () => {
  put('<p>(202) 555-0100, 020 7946 0958</p><a href="sms:020 7946 0958">x</a>');
  show({ [GB]: { number: "+44800946095", display: "0800 946 095" } });
  expect(shown()).toBe('<p>(202) 555-0100, 0800 946 095</p><a href="sms:+44800946095">x</a>');
  show({});
  expect(shown()).toBe('<p>(202) 555-0100, 020 7946 0958</p><a href="sms:020 7946 0958">x</a>');
});

test("two megabytes of numbers in one text are swapped, and put back", () => {
  put("<p></p>");
  const written = "(202) 555-0100, ".repeat(125_000);
  document.querySelector("p")!.textContent = written;
  show(SWAPS);
  expect(document.querySelector("p")!.textContent === written.replace(/0100/g, "0143")).toBe(true);
  show({});
  expect(document.querySelector("p")!.textContent === written).toBe(true);
});

test("what the server displays is text, never mark-up", () => {
  put("<p>(202) 555-0100</p>");
  show({ [US]: { number: "+442079460123", display: "<img src=x>" } });
  expect(shown()).toBe("<p>&lt;img src=x&gt;</p>");
});

test("another answer starts from what the business wrote", () => {
  put("<p>(202) 555-0100</p><p>020 7946 0958</p>");
  show(SWAPS);
  show({ [US]: { number: "+442079460123" } });
  show({ [US]: { number: "+13125550199" } });
  expect(shown()).toBe("<p>(312) 555-0199</p><p>020 7946 0958</p>");
});

test("a tracking number that is another target is not swapped a second time", async () => {
  await lookFor([US, "+12025550143"]);
  put("<p>202-555-0100 or 202-555-0143</p>");
  show({ [US]: { number: "+12025550143" }, "+12025550143": { number: "+12025550177" } });
  const once = "<p>202-555-0143 or 202-555-0177</p>";
  expect(shown()).toBe(once);
  swapUnder(document);
  expect(shown()).toBe(once);
});

test("what the page writes anew is the business's", () => {
  put("<p>202-555-0100</p>");
  show(SWAPS);
  const text = document.querySelector("p")!.firstChild!;
  text.nodeValue = "Closed. (202) 555-0100 is open";
  swapUnder(text);
  expect(shown()).toBe("<p>Closed. (202) 555-0143 is open</p>");
  show({});
  expect(shown()).toBe("<p>Closed. (202) 555-0100 is open</p>");
});

test("what becomes untouchable gets its original back", () => {
  put("<p>202-555-0100</p>");
  show(SWAPS);
  document.querySelector("p")!.setAttribute("contenteditable", "");
  swapUnder(document);
  expect(document.querySelector("p")!.textContent).toBe("202-555-0100");
});

test("notes which targets stand on the page", () => {
  put("<p>020 7946 0958</p>");
  swapUnder(document);
  expect([...page.seen]).toEqual([GB]);
});

test("says what is shown", () => {
  show(SWAPS);
  expect([page.shown(US).number, page.shown("+13125550100").number]).toEqual(["+12025550143", "+13125550100"]);
});

test.each([[{ number: 5 }], [{ number: "javascript:alert(1)" }], [{ number: "+1202555014x" }], [{}], [null], ["+1"], [[]]])(
  "an answer that is no number changes nothing: %j",
  (swap) => {
    put("<p>202-555-0100</p>");
    show({ [US]: swap } as never);
    expect(shown()).toBe("<p>202-555-0100</p>");
  },
);

const separator = fc.constantFrom("", " ", "-", ".", "\u00a0", "\u2011", " - ", "/");
const usNumber = fc
  .tuple(fc.constantFrom("", "+1", "1", "+1 ", "1-", "001 "), fc.boolean(), separator, separator)
  .map(([prefix, isBracketed, first, second]) => `${prefix}${isBracketed ? "(202)" : "202"}${first}555${second}0100`);
const gbNumber = fc
  .tuple(fc.constantFrom("0", "(0)", "+44 ", "+44 (0)", "0044 0", "44"), separator, separator)
  .map(([prefix, first, second]) => `${prefix}20${first}7946${second}0958`);
const words = fc.constantFrom("Call", "or", "us!", "Ä", "<", "&", "24/7", "\n", "Tel.: ", "#", "12", "+44", "99-");
const text = fc.array(fc.oneof(usNumber, gbNumber, words), { maxLength: 6 }).map((pieces) => pieces.join(" "));

interface Tree {
  tag: string;
  attributes: Record<string, string>;
  children: (Tree | string)[];
}

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.record({
    tag: fc.constantFrom("p", "b", "div", "a", "span", "noscript", "textarea", "li", "button"),
    attributes: fc.oneof(
      fc.constant({}),
      usNumber.map((number) => ({ href: `tel:${number}` })),
      fc.constantFrom<Record<string, string>>({ contenteditable: "" }, { "data-swapboard": "off" }, { title: "202-555-0100" }),
    ),
    children: fc.array(fc.oneof({ maxDepth: 4 }, text, tie("tree") as fc.Arbitrary<Tree>), { maxLength: 4 }),
  }),
}));

function grow({ tag, attributes, children }: Tree): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map((child) => (typeof child === "string" ? child : grow(child))));
  return element;
}

/** Only digits may change, and only to as many others. */
const shape = (html: string) => html.replace(/\d/g, "9");

test("whatever the document, swapping and restoring gives the same document", () => {
  fc.assert(
    fc.property(tree, (random) => {
      document.body.replaceChildren(grow(random));
      show({});
      const before = shown();
      show(SWAPS);
      const swapped = shown();
      expect(shape(swapped)).toBe(shape(before));
      swapUnder(document);
      expect(shown()).toBe(swapped);
      show({ [US]: { number: "+442079460123", display: "020 7946 0123" } });
      show({});
      expect(shown()).toBe(before);
    }),
    { numRuns: 300 },
  );
});

test("however a number is written, exactly its last digits change", () => {
  fc.assert(
    fc.property(usNumber, (written) => {
      put("<p></p>");
      document.querySelector("p")!.textContent = `Call ${written} now`;
      show(SWAPS);
      expect(document.querySelector("p")!.textContent).toBe(`Call ${written.slice(0, -2)}43 now`);
    }),
  );
});
