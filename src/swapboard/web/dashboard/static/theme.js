// Loaded before the page is painted, so that a chosen theme never flashes.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const chosen = localStorage.getItem("swapboard-theme");
    // A page for the wall is dark whatever was chosen.
    if (root.dataset.theme === undefined && (chosen === "light" || chosen === "dark")) root.dataset.theme = chosen;
  } catch {
    // Storage may be forbidden; then the system's theme stands.
  }
})();
