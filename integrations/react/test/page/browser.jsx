import { hydrateRoot } from "react-dom/client";
import { App } from "./app.jsx";

window.recovered = [];
hydrateRoot(document.getElementById("root"), <App {...window.props} />, {
  onRecoverableError: (error) => window.recovered.push(String(error)),
});
