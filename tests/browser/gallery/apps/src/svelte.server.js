import { render } from "svelte/server";
import Shop from "./Shop.svelte";

export const pages = async () => ({ svelte: (await render(Shop)).body });
