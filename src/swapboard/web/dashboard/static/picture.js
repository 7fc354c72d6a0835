// Saves a plot, or a table where there is none, as a PNG: in the colours of the page, at twice its size.
(() => {
  "use strict";

  const SCALE = 2;
  // Browsers draw nothing that is higher.
  const HIGHEST = 30_000;
  // What style sheets say of a drawing; as attributes it holds without them.
  const DRAWN = [
    "fill", "fill-opacity", "opacity", "paint-order", "stroke", "stroke-dasharray", "stroke-linecap",
    "stroke-linejoin", "stroke-opacity", "stroke-width", "font-family", "font-size", "font-weight", "text-anchor",
    "visibility",
  ];

  const alone = (plot, width, height) => {
    const copy = plot.cloneNode(true);
    const [drawn, copied] = [plot, copy].map((svg) => [svg, ...svg.querySelectorAll("*")]);
    drawn.forEach((element, place) => {
      const style = getComputedStyle(element);
      for (const name of DRAWN) copied[place].setAttribute(name, style.getPropertyValue(name));
      copied[place].removeAttribute("class");
    });
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    return new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
  };

  const paper = (plot) => getComputedStyle(plot.closest(".card") ?? document.body).backgroundColor;

  const loaded = async (blob) => {
    const image = new Image();
    image.src = URL.createObjectURL(blob);
    try {
      await image.decode();
    } finally {
      URL.revokeObjectURL(image.src);
    }
    return image;
  };

  const blank = (shown, width, height) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const drawing = canvas.getContext("2d");
    drawing.fillStyle = paper(shown);
    drawing.fillRect(0, 0, width, height);
    return drawing;
  };

  const plotted = async (plot) => {
    const { width, height } = plot.viewBox.baseVal;
    const drawing = blank(plot, width * SCALE, height * SCALE);
    drawing.drawImage(await loaded(alone(plot, width * SCALE, height * SCALE)), 0, 0);
    return drawing.canvas;
  };

  const CLEAR = "rgba(0, 0, 0, 0)";

  const shade = (drawing, cell, at) => {
    const style = getComputedStyle(cell);
    if (style.backgroundColor !== CLEAR) {
      drawing.fillStyle = style.backgroundColor;
      drawing.fillRect(at.x, at.y, at.width, at.height);
    }
    const line = parseFloat(style.borderBottomWidth);
    drawing.fillStyle = style.borderBottomColor;
    if (line) drawing.fillRect(at.x, at.y + at.height - line, at.width, line);
  };

  // Word by word, where the browser put each.
  const write = (drawing, text, origin) => {
    const style = getComputedStyle(text.parentElement);
    drawing.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    drawing.fillStyle = style.color;
    const range = document.createRange();
    for (const word of text.data.matchAll(/\S+/g)) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const box = range.getBoundingClientRect();
      if (box.width) drawing.fillText(word[0], box.x - origin.x, box.y - origin.y + box.height / 2);
    }
  };

  const tabled = (table) => {
    const origin = table.getBoundingClientRect();
    const scale = Math.min(SCALE, HIGHEST / origin.height);
    const drawing = blank(table, Math.ceil(origin.width * scale), Math.ceil(origin.height * scale));
    drawing.scale(scale, scale);
    Object.assign(drawing, { textBaseline: "middle", textAlign: "left" });
    for (const cell of table.querySelectorAll("th, td")) {
      const box = cell.getBoundingClientRect();
      shade(drawing, cell, { x: box.x - origin.x, y: box.y - origin.y, width: box.width, height: box.height });
    }
    const texts = document.createTreeWalker(table, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      if (!texts.currentNode.parentElement.closest(".unseen")) write(drawing, texts.currentNode, origin);
    }
    return drawing.canvas;
  };

  const picture = async (named) => {
    const plot = named.closest("svg");
    const canvas = plot ? await plotted(plot) : tabled(named.closest(".card").querySelector("table"));
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-picture]");
    if (!button) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await picture(document.getElementById(button.dataset.picture)));
    link.download = `${button.dataset.picture.replace(/-title$/, "")}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });
})();
