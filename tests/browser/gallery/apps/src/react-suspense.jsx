import { lazy } from "react";
import { hydrateRoot } from "react-dom/client";
import { Late } from "./react-late.jsx";
import { App } from "./react.jsx";

/* The late part's code comes a while after the rest has hydrated, as with any page that is split. */
const Lazy = lazy(() => new Promise((come) => setTimeout(() => come({ default: Late }), 500)));

hydrateRoot(document.getElementById("app"), <App Late={Lazy} />);
