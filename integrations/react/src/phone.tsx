"use client";

import type { AnchorHTMLAttributes, ReactElement } from "react";
import { usePhone } from "./use-phone.js";

export interface PhoneProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "children" | "href"> {
  /** Your number, E.164: `+12025550100`. */
  target: string;
  /** Your number as the page writes it, or words such as "Call us". */
  children: string;
}

/**
 * A link that dials the visitor's number and shows it: `<Phone target="+12025550100">(202) 555-0100</Phone>`.
 *
 * React alone writes into it: the page's script is told to keep out, and tells React the number instead.
 */
export function Phone({ target, children, ...rest }: PhoneProps): ReactElement {
  const { number, text } = usePhone(target, children);
  return (
    <a {...rest} href={`tel:${number}`} data-swapboard="off">
      {text}
    </a>
  );
}
