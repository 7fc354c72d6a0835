"use client";

export { Phone, type PhoneProps } from "./phone.js";
export { usePhone, type PhoneNumber } from "./use-phone.js";
