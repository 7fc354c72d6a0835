/** The result, or undefined where there was a failure: it ends here and never reaches the page or its console. */
// @ts-expect-error a failure has no result, and saying so costs bytes
export function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch {}
}

/** Listens, before anybody else, to events of the window or the document; `kinds` are separated by spaces. */
export function on(kinds: string, run: (event: Event) => void): void {
  for (const kind of kinds.split(" ")) addEventListener(kind, (event) => attempt(() => run(event)), true);
}

export type Timer = ReturnType<typeof setTimeout>;

export function later(run: () => void, milliseconds?: number): Timer {
  return setTimeout(() => attempt(run), milliseconds);
}
