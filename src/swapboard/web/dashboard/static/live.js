// The live page's stream: made, kept, and made again when it fails or falls silent.
(() => {
  "use strict";

  const live = document.getElementById("live");
  if (!live) return;

  // The server says something every five seconds.
  const SILENT_MS = 12_000;
  const FIRST_WAIT_MS = 500;
  const LONGEST_WAIT_MS = 5_000;

  const line = document.getElementById("line");
  const announcer = document.getElementById("announcer");
  const title = document.title;

  // --- how fresh the page is -----------------------------------------------------------------------------------
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
    timeStyle: "medium",
    hourCycle: live.dataset.hours === "12" ? "h12" : "h23",
    timeZone: live.dataset.zone,
  });
  let freshAt = Date.now();

  const say = (state) => {
    if (line.dataset.state === state) return;
    line.dataset.state = state;
    line.querySelector("span").textContent = line.dataset[state].replace("{at}", clock.format(freshAt));
  };

  const fresh = () => {
    freshAt = Date.now();
    wait = FIRST_WAIT_MS;
    say("open");
  };

  // --- what it tells ---------------------------------------------------------------------------------------------
  const statuses = () =>
    new Map([...document.querySelectorAll("#live-calls [data-call]")].map((call) => [call.dataset.call, call]));
  let known = new Map([...statuses()].map(([id, call]) => [id, call.dataset.status]));

  const showNews = () => {
    document.dispatchEvent(new Event("swapboard:news"));
    const now = statuses();
    for (const [id, call] of now)
      if (known.get(id) !== call.dataset.status) {
        announcer.textContent = call.dataset.announce;
        tell(call);
      }
    known = new Map([...now].map(([id, call]) => [id, call.dataset.status]));
    const ringing = [...known.values()].filter((status) => status === "ringing").length;
    document.title = ringing ? `(${ringing}) ${live.dataset.ringing} · ${title}` : title;
  };

  // --- told by the browser, if it was asked for ---------------------------------------------------------------------
  const button = document.getElementById("notify");
  const KEPT = "swapboard-notify";

  const kept = () => {
    try {
      return localStorage.getItem(KEPT) === "on";
    } catch {
      return false;
    }
  };
  let isTold = button !== null && "Notification" in window && Notification.permission === "granted" && kept();

  const showChoice = () => {
    button.setAttribute("aria-pressed", String(isTold));
    button.textContent = isTold ? button.dataset.on : button.dataset.off;
  };

  const tell = (call) => {
    if (!isTold || call.dataset.status !== "ringing") return;
    try {
      const shown = new Notification(call.dataset.announce, { tag: call.dataset.call });
      shown.addEventListener("click", () => {
        focus();
        location.assign(`/calls/${call.dataset.call}`);
      });
    } catch {
      // Telephones' browsers show none from a page; the title and the list tell of the call.
    }
  };

  if (button && "Notification" in window) {
    const said = document.getElementById("notify-said");
    button.hidden = false;
    showChoice();
    button.addEventListener("click", async () => {
      const wanted = !isTold;
      isTold = wanted && (await Notification.requestPermission()) === "granted";
      said.textContent = button.dataset.denied;
      said.hidden = !wanted || isTold;
      try {
        localStorage.setItem(KEPT, isTold ? "on" : "off");
      } catch {
        // The choice holds for this page, then.
      }
      showChoice();
    });
  }

  // --- the connection ----------------------------------------------------------------------------------------------
  // The browser makes a broken connection again by itself, but gives up when it is refused, and never notices one
  // that hangs; so it is made anew here in all cases.
  let stream = null;
  let heardAt = Date.now();
  let wait = FIRST_WAIT_MS;
  let timer = null;

  const open = () => {
    timer = null;
    heardAt = Date.now();
    stream = new EventSource(live.dataset.stream);
    stream.addEventListener("error", again);
    stream.addEventListener("edition", ({ data }) => {
      heardAt = Date.now();
      if (data === live.dataset.edition) settled();
      else renew(data);
    });
    stream.addEventListener("still", () => {
      heardAt = Date.now();
      fresh();
    });
    stream.addEventListener("message", async ({ data }) => {
      heardAt = Date.now();
      await htmx.swap({ text: data, sourceElement: live, target: live, swap: "none swapEmpty:false" });
      fresh();
      showNews();
    });
  };

  // Another release of the server has other pages. Two servers of two releases must not make it reload for ever.
  const RELOADED_FOR = "swapboard-edition";
  const renew = (edition) => {
    try {
      if (sessionStorage.getItem(RELOADED_FOR) === edition) return;
      sessionStorage.setItem(RELOADED_FOR, edition);
    } catch {
      return;
    }
    location.reload();
  };

  // This page is what the server has: the same edition may be told again later, after another one.
  const settled = () => {
    try {
      sessionStorage.removeItem(RELOADED_FOR);
    } catch {
      // Then it was never set.
    }
  };

  const again = () => {
    if (timer) return;
    stream.close();
    say("lost");
    timer = setTimeout(open, wait * (0.7 + 0.6 * Math.random()));
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
    askWhy();
  };

  // Only a request of its own says that somebody must log in again.
  const askWhy = async () => {
    try {
      const answer = await fetch(live.dataset.stream, {
        method: "HEAD",
        headers: { Accept: "text/event-stream" },
        signal: AbortSignal.timeout(LONGEST_WAIT_MS),
      });
      if (answer.status === 401) location.reload();
    } catch {
      // No network, no answer: it is tried again anyway.
    }
  };

  setInterval(() => {
    if (!timer && Date.now() - heardAt > SILENT_MS) again();
  }, 1000);
  addEventListener("online", () => timer && (clearTimeout(timer), open()));
  // The browser goes on with a page that it kept: its stream is gone.
  addEventListener("pageshow", (event) => event.persisted && again());
  showNews();
  open();

  // --- a screen on the wall stays on, and does not grow old -----------------------------------------------------------
  if (!document.body.classList.contains("wall")) return;
  const stayOn = () => document.hidden || navigator.wakeLock?.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", stayOn);
  stayOn();
  const DAY_MS = 24 * 60 * 60 * 1000;
  setInterval(() => line.dataset.state === "open" && known.size === 0 && location.reload(), DAY_MS);
})();
