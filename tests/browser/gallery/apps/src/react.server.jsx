import { Writable } from "node:stream";
import { lazy } from "react";
import { renderToPipeableStream, renderToString } from "react-dom/server";
import { Late } from "./react-late.jsx";
import { App } from "./react.jsx";

const Lazy = lazy(() => Promise.resolve({ default: Late }));

function whole(element) {
  return new Promise((done, failed) => {
    let html = "";
    const sink = new Writable({
      write(chunk, _, next) {
        html += chunk;
        next();
      },
      final(next) {
        done(html);
        next();
      },
    });
    const stream = renderToPipeableStream(element, { onAllReady: () => stream.pipe(sink), onError: failed });
  });
}

export const pages = async () => ({
  react: renderToString(<App />),
  "react-suspense": await whole(<App Late={Lazy} />),
});
