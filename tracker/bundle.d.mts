export const builtFile: string;
export const configToken: string;
export function bundle(): Promise<string>;
