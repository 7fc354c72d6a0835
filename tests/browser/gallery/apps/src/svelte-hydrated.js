import { hydrate } from "svelte";
import Shop from "./Shop.svelte";

setTimeout(() => hydrate(Shop, { target: document.getElementById("app") }), 250);
