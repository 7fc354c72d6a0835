import type { Part } from "../part";

const MOST_CHARACTERS = 1000;

/** What a field is, by what the page calls it. */
const KINDS: Record<string, RegExp> = {
  email: /e-?mail/i,
  phone: /phone|tel\b|mobile|telefon|handy/i,
  message: /message|comment|enquiry|inquiry|question|nachricht|body/i,
  name: /name/i,
};

/** What is never told, whatever is allowed. */
const SECRET = /pass|card|cc-|cvc|cvv|iban|account|ssn|social.?sec|tax|secret|token|pin\b|otp|birth/i;

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What a field is called for the report; undefined where it must not be told. */
function kindOf(field: Field, allowed: string[]): string | undefined {
  const words = `${field.name} ${field.id} ${field.getAttribute("autocomplete") || ""} ${field.type}`;
  if (!/^(text|email|tel|search|textarea|select-one|url|number)$/.test(field.type) || SECRET.test(words)) return;
  if (field.closest("[data-swapboard=off]")) return;
  return allowed.find((each) => field.name === each) || allowed.find((each) => KINDS[each] && KINDS[each].test(words));
}

/** Tells of forms that visitors send: only fields that the site's owner allows, with the visit. */
const forms: Part = (config, hooks, _places, _look, _watch, _roots, note, flush, session) => {
  const chosen = new WeakSet<Node>();

  hooks[5] = (form) => {
    chosen.add(form);
  };

  addEventListener(
    "submit",
    ({ target }) => {
      try {
        const form = target as HTMLFormElement;
        if (!session() || !(config.auto || chosen.has(form)) || form.closest("[data-swapboard=off]")) return;
        const fields: Record<string, string> = {};
        for (const field of form.elements as unknown as Field[]) {
          const kind = kindOf(field, config.forms!);
          if (kind && field.value && !fields[kind]) fields[kind] = field.value.slice(0, MOST_CHARACTERS);
        }
        if (!Object.keys(fields).length) return;
        const form_name = form.getAttribute("name") || form.getAttribute("id") || "";
        note({ kind: "form", name: form_name.slice(0, 100), url: location.href.slice(0, MOST_CHARACTERS), fields });
        flush();
      } catch {
        // The visitor's form goes its way.
      }
    },
    true,
  );
};

export default forms;
