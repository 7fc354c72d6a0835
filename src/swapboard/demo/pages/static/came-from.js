// A page on this machine cannot really be reached from a search engine: the demo's links say where they pretend
// to come from, and this puts it where a browser would. Only the demo's own site does so.
(function () {
  var url = new URL(location.href);
  var from = url.searchParams.get("came-from");
  if (from === null) return;
  Object.defineProperty(document, "referrer", { get: function () { return from; } });
  url.searchParams.delete("came-from");
  history.replaceState(null, "", url);
})();
