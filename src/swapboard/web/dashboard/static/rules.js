// The order of rules by drag, by arrows that keep the focus, and the lines of a rule's editor.
(() => {
  "use strict";

  const list = document.querySelector("[data-order]");
  if (list) {
    const said = document.getElementById("order-said");
    const items = () => [...list.children];
    let dragged = null;
    let kept = items();

    const refresh = () =>
      items().forEach((item, place, all) => {
        item.querySelector('[value="up"]').disabled = place === 0;
        item.querySelector('[value="down"]').disabled = place === all.length - 1;
      });

    const save = async (moved) => {
      refresh();
      kept = items();
      const order = new URLSearchParams(items().map((item) => ["order", item.dataset.id]));
      const address = `${list.dataset.order}?${new URLSearchParams({ page_of: document.body.dataset.company })}`;
      const answer = await fetch(address, { method: "POST", body: order, redirect: "manual" }).catch(() => null);
      if (answer?.type !== "opaqueredirect") {
        location.reload();
        return;
      }
      const place = items().indexOf(moved) + 1;
      said.textContent = list.dataset.moved.replace("{name}", moved.dataset.name).replace("{place}", String(place));
    };

    // By pointer, so that a finger can drag too.
    const over = (y) => {
      const rest = items().filter((item) => item !== dragged);
      const below = rest.find((item) => {
        const box = item.getBoundingClientRect();
        return y < box.top + box.height / 2;
      });
      if ((below ?? null) !== dragged.nextElementSibling) list.insertBefore(dragged, below ?? null);
    };

    // On the document: an element that is moved in the page loses the pointer.
    document.addEventListener("pointermove", (event) => {
      if (dragged) over(event.clientY);
    });
    const drop = () => {
      const item = dragged;
      dragged = null;
      item?.classList.remove("dragged");
      if (item && items().some((each, place) => each !== kept[place])) save(item);
    };
    document.addEventListener("pointerup", drop);
    document.addEventListener("pointercancel", drop);

    items().forEach((item) => {
      item.querySelector(".grip").addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        // A finger is held to what it touched first, which is about to move.
        if (event.target.hasPointerCapture(event.pointerId)) event.target.releasePointerCapture(event.pointerId);
        dragged = item;
        item.classList.add("dragged");
      });
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
