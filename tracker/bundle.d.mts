export const builtFolder: string;
export const configToken: string;
export function bundle(): Promise<string>;
export function bundleParts(): Promise<Record<string, string>>;
