import type { Part } from "../part";
import type { Vanity } from "../config";

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/[\s-]+/g, "[\\s\\u00a0\\u2010-\\u2015.-]*");

/** What is written in a vanity text's place: the template, with the number in it. */
function written(template: string, number: string): string {
  return template.replace("{number}", number);
}

const install: Part = () => {};
export default install;
void escaped; void written;
export type V = Vanity;
