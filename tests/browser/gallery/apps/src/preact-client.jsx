/** @jsxImportSource preact */
import { render } from "preact";
import { PreactShop } from "./preact.jsx";

render(<PreactShop />, document.getElementById("app"));
