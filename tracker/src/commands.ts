import { attempt } from "./guard";

/** What a page may say through `window.swapboard(command, …)`. */
export interface Commands {
  event(name: string, props?: object): void;
  number(target: string, tell: (number: string) => void): unknown;
  consent(state: string): void;
  forget(): void;
}

interface CommandFunction {
  (name: keyof Commands, ...given: unknown[]): void;
  /** Commands that were given before the script was there. */
  q?: Parameters<CommandFunction>[];
  on?: boolean;
}

declare global {
  interface Window {
    swapboard?: CommandFunction | undefined;
  }
}

/** Whether another snippet on this page was here first. */
export function isTaken(): boolean {
  return !!(window.swapboard || ({} as Partial<CommandFunction>)).on;
}

/** Carries out the commands that wait in `window.swapboard.q`, and from then on each one at once. */
export function obey(commands: Commands): void {
  const early = window.swapboard;
  const run: CommandFunction = (name, ...given) =>
    attempt(() => (commands[name] as (...given: unknown[]) => void)(...given));
  run.on = true;
  window.swapboard = run;
  attempt(() => early!.q!.forEach((command) => run(...command)));
}
