// What the pages do beside being pages: theme, copy buttons, running clocks.
(() => {
  "use strict";

  const each = (selector, act, within = document) => within.querySelectorAll(selector).forEach(act);

  // --- theme -----------------------------------------------------------------------------------------------
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");

  const nameTheme = () =>
    each("[data-theme-button]", (button) => button.setAttribute("aria-pressed", String(theme() === "dark")));

  each("[data-theme-button]", (button) =>
    button.addEventListener("click", () => {
      const next = theme() === "dark" ? "light" : "dark";
      document.documentElement.dataset.theme = next;
      try {
        localStorage.setItem("swapboard-theme", next);
      } catch {
        // The choice holds for this page, then.
      }
      nameTheme();
    }),
  );
  dark.addEventListener("change", nameTheme);
  nameTheme();

  // --- a form says whose page it stands on: another tab may have opened another company -----------------------
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const { company } = document.body.dataset;
    if (!company || event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
    // Not form.action: a field may be called that.
    const [sent, name] = event.submitter?.hasAttribute("formaction")
      ? [event.submitter, "formaction"]
      : [form, "action"];
    const address = new URL(sent.getAttribute(name) ?? location.href, location.href);
    if (address.origin !== location.origin) return;
    address.searchParams.set("page_of", company);
    sent.setAttribute(name, address.pathname + address.search);
  });

  // --- the menu closes like a menu -----------------------------------------------------------------------------
  each("details.menu", (menu) => {
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
    });
  });

  // --- many links fold behind a button on a phone ---------------------------------------------------------------
  each("[data-folds]", (button) => {
    const links = document.getElementById(button.getAttribute("aria-controls"));
    const unfold = (isOpen) => button.setAttribute("aria-expanded", String(isOpen));
    button.addEventListener("click", () => unfold(button.getAttribute("aria-expanded") === "false"));
    for (const part of [button, links])
      part.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || button.getAttribute("aria-expanded") === "false") return;
        unfold(false);
        button.focus();
      });
  });

  // --- copy ------------------------------------------------------------------------------------------------
  each("[data-copy]", (button) => {
    const label = button.textContent;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent.trim());
        button.textContent = button.dataset.copied;
      } catch {
        // Browsers give the clipboard to secure pages only: select the text, ready to be copied by hand.
        getSelection().selectAllChildren(source);
        button.textContent = button.dataset.selected;
      }
      setTimeout(() => (button.textContent = label), 3000);
    });
  });

  // --- running clocks --------------------------------------------------------------------------------------
  const clockError = Number(document.body.dataset.now ?? Date.now()) - Date.now();

  const spent = (since) => {
    const seconds = Math.max(0, Math.floor((Date.now() + clockError - since) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  };

  const tick = () => each("[data-since]", (clock) => (clock.textContent = spent(Number(clock.dataset.since))));
  tick();
  setInterval(tick, 1000);
  document.addEventListener("swapboard:news", tick);

  // --- recordings: the waveform shows where the sound is, and leads there ---------------------------------------
  each("[data-waveform]", (drawing) => {
    const player = document.getElementById(drawing.dataset.waveform);
    if (!player) return;
    const head = drawing.querySelector(".playhead");
    const seconds = () => (Number.isFinite(player.duration) ? player.duration : Number(player.dataset.seconds));
    player.addEventListener("timeupdate", () => {
      const at = (player.currentTime / seconds()) * drawing.viewBox.baseVal.width;
      head.setAttribute("x1", at);
      head.setAttribute("x2", at);
    });
    drawing.addEventListener("click", (event) => {
      const box = drawing.getBoundingClientRect();
      player.currentTime = ((event.clientX - box.left) / box.width) * seconds();
      player.play();
    });
  });

  // --- transcripts: a line leads to its sound --------------------------------------------------------------------
  each("[data-plays]", (link) => {
    const player = document.getElementById(link.dataset.plays);
    if (!player) return;
    const line = link.closest("li");
    link.addEventListener("click", (event) => {
      event.preventDefault();
      player.currentTime = Number(link.dataset.from);
      player.play();
    });
    // A click anywhere on the line does the same, unless it marks some words.
    line.addEventListener("click", (event) => {
      if (!event.target.closest("a") && getSelection().isCollapsed) link.click();
    });
  });

  // --- a new company is mostly where its browser is --------------------------------------------------------------
  each("[data-own-place]", (place) => {
    const zone = place.querySelector("[name=time_zone]");
    const country = place.querySelector("[name=country]");
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone.value === "UTC" && [...zone.options].some((each) => each.value === own)) zone.value = own;
    const region = new Intl.Locale(navigator.language).region;
    if (country.value === "US" && region) country.value = region;
  });

  // --- filters: what was left empty stays out of the address -------------------------------------------------
  each("form[data-sparse]", (form) =>
    form.addEventListener("formdata", ({ formData }) => {
      for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
    }),
  );
})();
