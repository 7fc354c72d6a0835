import { createSSRApp } from "vue";
import Shop from "./Shop.vue";

setTimeout(() => createSSRApp(Shop).mount("#app"), 250);
