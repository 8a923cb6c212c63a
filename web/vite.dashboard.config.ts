// Builds the dashboard into dist/dashboard, from where the server embeds it; in development passes the API on to a server.

import { join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const server = process.env.DUIDING_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: join(import.meta.dirname, "dashboard"),
  base: "/",
  // Two development servers in one tree do not share a cache.
  cacheDir: join(import.meta.dirname, "node_modules", `.vite-dashboard-${process.env.VITE_CACHE ?? "one"}`),
  plugins: [svelte({ configFile: join(import.meta.dirname, "svelte.config.js") })],
  server: {
    host: "127.0.0.1",
    strictPort: true,
    proxy: { "/v1": { target: server }, "/collect": { target: server } },
  },
  build: {
    outDir: "../dist/dashboard",
    assetsDir: "app",
    emptyOutDir: true,
    target: "es2022",
    // Inlined files would be `data:` addresses, which the policy of the page does not let scripts load.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
