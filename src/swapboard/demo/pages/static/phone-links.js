// A click on a number rings it on the demo's phone, as a real one would open the dialler.
document.addEventListener("click", function (event) {
  var link = event.target.closest && event.target.closest("a[href^='tel:']");
  if (!link) return;
  event.preventDefault();
  window.open("/phone?to=" + encodeURIComponent(link.getAttribute("href").slice(4)), "phone", "width=400,height=640");
});
