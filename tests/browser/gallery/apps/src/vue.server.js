import { createSSRApp } from "vue";
import { renderToString } from "vue/server-renderer";
import Shop from "./Shop.vue";

export const pages = async () => ({ vue: await renderToString(createSSRApp(Shop)) });
