import { JSDOM, VirtualConsole, type CookieJar } from "jsdom";
import { inject, vi } from "vitest";
import type { Config } from "../src/config";
import { configure } from "./config";

export const TARGET = "+12025550100";
export const SHOWN = "+12025550143";

/** What the server answers; a function may throw, as a network does. */
type Answer = { status: number; body?: unknown; text?: string };
type Answering = (path: string, message: Message) => Answer | Promise<Answer>;

export interface Message {
  [name: string]: any;
}

export interface Sent {
  by: "fetch" | "beacon";
  url: string;
  path: string;
  message: Message;
  options?: RequestInit;
}

export interface Options {
  config?: Partial<Config>;
  /** Tracking numbers, each with its target. */
  own?: Record<string, string>;
  url?: string;
  referrer?: string;
  scriptUrl?: string;
  hidden?: boolean;
  answering?: Answering;
  cookieJar?: CookieJar;
  /** A policy of the page that lets no part be loaded. */
  refusesParts?: boolean;
  /** Runs in the page before the script does. */
  before?: (window: Page["window"]) => void;
}

export const visited = (swaps: object = { [TARGET]: { number: SHOWN } }): Answer => ({
  status: 200,
  body: { visitor: "v1", session: "s1", swaps, beat: 20 },
});

export const serve: Answering = (path) => (path === "/visit" ? visited() : { status: 204 });

/** A page in a browser of its own, with the built tracker on it. */
export class Page {
  readonly dom: JSDOM;
  readonly sent: Sent[] = [];
  /** Whatever reached the console or the page's error handlers. */
  readonly noise: unknown[] = [];
  /** The parts that were asked for. */
  readonly loaded: string[] = [];
  refusesParts: boolean;
  private isHidden: boolean;
  private isClosed = false;
  private answering: Answering;

  constructor(html: string, options: Options = {}) {
    const virtualConsole = new VirtualConsole();
    for (const kind of ["error", "warn", "info", "log", "debug"] as const) {
      virtualConsole.on(kind, (...said: unknown[]) => this.noise.push([kind, ...said]));
    }
    virtualConsole.on("jsdomError", (error) => this.noise.push(error));
    this.dom = new JSDOM(html, {
      url: options.url ?? "https://www.example.com/",
      ...(options.referrer && { referrer: options.referrer }),
      runScripts: "outside-only",
      pretendToBeVisual: true,
      virtualConsole,
      ...(options.cookieJar && { cookieJar: options.cookieJar }),
    });
    this.isHidden = options.hidden ?? false;
    this.refusesParts = options.refusesParts ?? false;
    this.answering = options.answering ?? serve;
    this.prepare();
    options.before?.(this.window);
    this.run(options);
  }

  get window() {
    return this.dom.window;
  }

  get document() {
    return this.window.document;
  }

  get html(): string {
    return this.document.body.innerHTML;
  }

  get visits(): Message[] {
    return this.sentTo("/visit").map(({ message }) => message);
  }

  get beats(): Message[] {
    return this.sentTo("/beat").map(({ message }) => message);
  }

  get events(): Message[] {
    return this.beats.flatMap(({ events }) => events as Message[]);
  }

  sentTo(path: string): Sent[] {
    return this.sent.filter((sent) => sent.path === path);
  }

  answerWith(answering: Answering): void {
    this.answering = answering;
  }

  /** Loads the script once more, or with another configuration. */
  run({ config, own, scriptUrl = "https://calls.example.com/t/SITEKEY.js" }: Options = {}): void {
    const script = inject("script").replace("__SWAPBOARD_CONFIG__", () => JSON.stringify(configure(config, own)))
      .replace(/\bimport\(/g, "loadPart(");
    Object.defineProperty(this.document, "currentScript", { value: { src: scriptUrl }, configurable: true });
    (this.window as any).loadPart = (url: string) => this.loadPart(url);
    this.window.eval(script);
    Object.defineProperty(this.document, "currentScript", { value: null, configurable: true });
  }

  command(...command: unknown[]): void {
    (this.window as unknown as { swapboard: (...command: unknown[]) => void }).swapboard(...command);
  }

  hide(isHidden = true): void {
    this.isHidden = isHidden;
    this.fire("visibilitychange", this.document);
  }

  /** Leaves the page for good. */
  close(): void {
    this.fire("pagehide");
    this.isClosed = true;
  }

  fire(kind: string, on: EventTarget = this.window): void {
    on.dispatchEvent(new this.window.Event(kind, { bubbles: true }));
  }

  find<Found extends Element = HTMLElement>(selector: string): Found {
    return this.document.querySelector<Found>(selector)!;
  }

  private prepare(): void {
    const { window, document } = this;
    const seen = (error: unknown) => this.noise.push(error);
    window.addEventListener("error", seen);
    window.addEventListener("unhandledrejection", seen);
    Object.defineProperty(document, "hidden", { get: () => this.isHidden });
    Object.defineProperty(document, "visibilityState", { get: () => (this.isHidden ? "hidden" : "visible") });
    Object.assign(window, {
      setTimeout: (run: () => void, milliseconds: number) =>
        setTimeout(() => {
          if (!this.isClosed) run();
        }, milliseconds),
      clearTimeout: (timer: NodeJS.Timeout) => clearTimeout(timer),
      fetch: (url: string, options: RequestInit) => this.fetch(url, options),
    });
    window.Date.now = () => Date.now();
    window.navigator.sendBeacon = (url, body) => {
      this.record("beacon", String(url), String(body));
      return true;
    };
  }

  /** What `import()` does in a browser: jsdom knows no modules. */
  private async loadPart(url: string): Promise<{ default: unknown }> {
    this.loaded.push(url);
    const source = inject("parts")[/\/(\w+)\.js$/.exec(url)![1]!];
    if (!source || this.refusesParts) throw new TypeError("Failed to fetch dynamically imported module");
    return { default: this.window.eval(`(() => {${source.replace(/export\s*\{\s*(\w+) as default\s*\};?/, "return $1")}})()`) };
  }

  private record(by: Sent["by"], url: string, body: string, options?: RequestInit): Sent {
    const path = url.slice(url.lastIndexOf("/"));
    const sent: Sent = { by, url, path, message: JSON.parse(body) as Message, ...(options && { options }) };
    this.sent.push(sent);
    return sent;
  }

  private async fetch(url: string, options: RequestInit): Promise<Partial<Response>> {
    const { path, message } = this.record("fetch", url, String(options.body), options);
    const { status, body, text } = await this.answering(path, message);
    const json = async () => JSON.parse(text ?? JSON.stringify(body)) as unknown;
    return { status, ok: status >= 200 && status < 300, json };
  }
}

/** A page whose visit has been answered. */
export async function open(html: string, options: Options = {}): Promise<Page> {
  const page = new Page(html, options);
  await settle();
  return page;
}

/** Lets pass what needs no time, then `seconds`. */
export async function settle(seconds = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
  if (seconds) await vi.advanceTimersByTimeAsync(seconds * 1000);
}
