// The order of rules by drag, by arrows that keep the focus, and the lines of a rule's editor.
(() => {
  "use strict";

  const list = document.querySelector("[data-order]");
  if (list) {
    const said = document.getElementById("order-said");
    const items = () => [...list.children];
    let dragged = null;

    const refresh = () =>
      items().forEach((item, place, all) => {
        item.querySelector('[value="up"]').disabled = place === 0;
        item.querySelector('[value="down"]').disabled = place === all.length - 1;
      });

    const save = async (moved) => {
      refresh();
      const order = new URLSearchParams(items().map((item) => ["order", item.dataset.id]));
      const answer = await fetch(list.dataset.order, { method: "POST", body: order, redirect: "manual" }).catch(() => null);
      if (answer?.type !== "opaqueredirect") {
        location.reload();
        return;
      }
      const place = items().indexOf(moved) + 1;
      said.textContent = list.dataset.moved.replace("{name}", moved.dataset.name).replace("{place}", String(place));
    };

    items().forEach((item) => {
      item.draggable = true;
      item.addEventListener("dragstart", (event) => {
        dragged = item;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", item.dataset.id);
        item.classList.add("dragged");
      });
      item.addEventListener("dragend", () => {
        item.classList.remove("dragged");
        if (dragged) save(dragged);
        dragged = null;
      });
      item.addEventListener("dragover", (event) => {
        if (!dragged) return;
        event.preventDefault();
        if (dragged === item) return;
        const box = item.getBoundingClientRect();
        const below = event.clientY > box.top + box.height / 2;
        list.insertBefore(dragged, below ? item.nextSibling : item);
      });
      item.addEventListener("drop", (event) => event.preventDefault());
      item.querySelector("form").addEventListener("submit", (event) => {
        event.preventDefault();
        const button = event.submitter;
        if (button.value === "up") list.insertBefore(item, item.previousElementSibling);
        else list.insertBefore(item, item.nextElementSibling?.nextElementSibling ?? null);
        save(item);
        const other = item.querySelector(`.arrow:not([value="${button.value}"])`);
        (button.disabled ? other : button).focus();
      });
    });
  }

  document.querySelectorAll("[data-add-line]").forEach((button) =>
    button.addEventListener("click", () => {
      const lines = document.getElementById(button.dataset.addLine);
      const line = lines.lastElementChild.cloneNode(true);
      line.querySelectorAll("select").forEach((select) => (select.selectedIndex = 0));
      line.querySelector("input").value = "";
      const legend = line.querySelector("legend");
      legend.textContent = legend.textContent.replace(/\d+/, String(lines.children.length + 1));
      lines.append(line);
      line.querySelector("select").focus();
    }),
  );

  // Each fact has its own words to choose from.
  document.addEventListener("change", (event) => {
    if (event.target.name !== "asked") return;
    const input = event.target.closest(".line").querySelector('[name="value"]');
    input.setAttribute("list", `words-${event.target.value || "none"}`);
  });
})();
