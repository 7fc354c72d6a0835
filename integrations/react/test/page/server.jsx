import { renderToString } from "react-dom/server";
import { App } from "./app.jsx";

process.stdout.write(renderToString(<App {...JSON.parse(process.argv[2])} />));
