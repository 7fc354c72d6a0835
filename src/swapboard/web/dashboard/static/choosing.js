// One box that ticks all boxes of its form, and tells by itself when all or some are ticked.
(() => {
  "use strict";

  document.querySelectorAll("[data-choose-all]").forEach((all) => {
    const boxes = [...all.form.querySelectorAll(`input[name="${all.dataset.chooseAll}"]`)];
    const tell = () => {
      const count = boxes.filter((box) => box.checked).length;
      all.checked = count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    };
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
    });
    for (const box of boxes) box.addEventListener("change", tell);
    tell();
  });
})();
