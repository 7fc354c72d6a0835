// Saves a plot as a PNG: what is drawn, in the colours of the page, at twice its size.
(() => {
  "use strict";

  const SCALE = 2;
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

  const picture = async (plot) => {
    const { width, height } = plot.viewBox.baseVal;
    const canvas = Object.assign(document.createElement("canvas"), { width: width * SCALE, height: height * SCALE });
    const drawing = canvas.getContext("2d");
    drawing.fillStyle = paper(plot);
    drawing.fillRect(0, 0, canvas.width, canvas.height);
    drawing.drawImage(await loaded(alone(plot, canvas.width, canvas.height)), 0, 0);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-picture]");
    if (!button) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await picture(document.getElementById(button.dataset.picture).closest("svg")));
    link.download = `${button.dataset.picture.replace(/-title$/, "")}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });
})();
