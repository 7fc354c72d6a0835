import type { Part } from "../part";

type ConsentState = "granted" | "denied" | undefined;
type Storage = Partial<Record<"ad_storage" | "analytics_storage", string>>;

interface TcData {
  gdprApplies?: boolean;
  eventStatus?: string;
  purpose?: { consents?: Record<number, boolean> };
}

/** The page's own words about consent: Google's Consent Mode and the IAB's Transparency and Consent Framework. */
type Speaking = Window & {
  dataLayer?: unknown[];
  __tcfapi?: (command: string, version: number, callback: (data: TcData, isDone: boolean) => void) => void;
};

const LOOK_AGAIN_MS = 500;
const LOOKS = 60;

/** What Consent Mode's words so far add up to. Analytics decides; where it is not spoken of, advertising does. */
function stateOf(words: unknown[]): ConsentState {
  const storage: Storage = {};
  let isChosen = false;
  for (const entry of words) {
    const [command, kind, given] = Array.from(entry as ArrayLike<unknown>);
    if (command !== "consent" || (kind !== "default" && kind !== "update")) continue;
    isChosen = isChosen || kind === "update";
    const before = kind === "default" ? { ...storage } : {};
    Object.assign(storage, given);
    // Defaults may be for some regions only, and ours is unknown: what one of them denies, no other grants.
    for (const name of ["ad_storage", "analytics_storage"] as const) {
      if (before[name] === "denied") storage[name] = "denied";
    }
  }
  const said = storage.analytics_storage || storage.ad_storage;
  // A default of "denied" is no refusal: the visitor was not asked yet.
  return said === "granted" || (isChosen && said === "denied") ? said : undefined;
}

/** Purpose 1 is storing on a device, 7 and 8 are measuring (IAB TCF 2.2, appendix A). */
function stateOfTcf({ gdprApplies, eventStatus, purpose }: TcData): ConsentState {
  if (gdprApplies === false) return "granted";
  if (eventStatus !== "tcloaded" && eventStatus !== "useractioncomplete") return undefined;
  const consents = (purpose && purpose.consents) || {};
  return consents[1] && (consents[7] || consents[8]) ? "granted" : "denied";
}

/** Reads the visitor's choice from the page's consent manager, where the page does not tell it itself. */
const choices: Part = () => {
  const page = window as Speaking;
  let isListening = false;
  let looks = 0;

  // Each says only what is new to it: a yes that one of them has said long ago does not undo the other's no.
  const teller = () => {
    let last: ConsentState;
    return (state: ConsentState) => {
      if (!state || state === last) return;
      last = state;
      window.swapboard!("consent", state);
    };
  };
  const tellMode = teller();
  const tellTcf = teller();

  const readLayer = () => {
    try {
      tellMode(stateOf(page.dataLayer || []));
    } catch {
      // What is in the data layer is the page's own matter.
    }
  };

  const look = () => {
    if (page.__tcfapi && !isListening) {
      isListening = true;
      page.__tcfapi("addEventListener", 2, (data, isDone) => isDone && tellTcf(stateOfTcf(data)));
    }
    readLayer();
    // Consent managers come late, and visitors take their time: then only their clicks are worth a look.
    if (looks++ < LOOKS) setTimeout(look, LOOK_AGAIN_MS);
  };

  addEventListener("click", () => setTimeout(readLayer, LOOK_AGAIN_MS), true);
  look();
};

export default choices;
