import { hydrateRoot } from "react-dom/client";
import { App } from "./react.jsx";

/* Real pages hydrate when their script has come and the browser has a moment. */
setTimeout(() => hydrateRoot(document.getElementById("app"), <App />), 250);
