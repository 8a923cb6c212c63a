// Shows every kind of question for development: `npx vite --config src/signifiers/gallery/vite.config.ts`.

import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));
const repository = fileURLToPath(new URL("../../../../", import.meta.url));

export default defineConfig({
  root: here,
  cacheDir: fileURLToPath(new URL("../../../node_modules/.vite-gallery", import.meta.url)),
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  server: { fs: { allow: [repository] } },
});
