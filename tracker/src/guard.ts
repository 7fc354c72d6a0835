/** The result, or undefined where there was a failure: it ends here and never reaches the page or its console. */
// @ts-expect-error a failure has no result, and saying so costs bytes
export function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch {}
}

/** Listens, before anybody else, to an event of the window or the document. */
export function on(kind: string, run: (event: Event) => void): void {
  addEventListener(kind, (event) => attempt(() => run(event)), true);
}

export type Timer = ReturnType<typeof setTimeout>;

export function later(run: () => void, milliseconds?: number): Timer {
  return setTimeout(() => attempt(run), milliseconds);
}
