// Builds the story form into dist/collect, from where the server embeds it; and names the kinds of tests.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

const { version }: { version: string } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

const node = { environment: "node", testTimeout: 60_000, hookTimeout: 120_000, fileParallelism: false } as const;

export default defineConfig({
  root: join(import.meta.dirname, "collect"),
  base: "/collect/",
  define: { __APP_VERSION__: JSON.stringify(version) },
  plugins: [
    svelte({ configFile: join(import.meta.dirname, "svelte.config.js") }),
    VitePWA({
      strategies: "injectManifest",
      srcDir: "../src/collect/worker",
      filename: "sw.ts",
      injectRegister: null,
      manifest: false,
      injectManifest: { globPatterns: ["**/*.{js,css,html,svg,png,webmanifest,woff2}"], injectionPoint: "self.__WB_MANIFEST" },
    }),
  ],
  build: {
    outDir: "../dist/collect",
    emptyOutDir: true,
    target: "es2022",
    // Inlined files would be `data:` addresses, which the policy of the page does not let scripts load.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    projects: [
      {
        extends: true,
        root: import.meta.dirname,
        resolve: { conditions: ["browser"] },
        test: { name: "unit", include: ["src/**/*.test.ts"], environment: "jsdom", testTimeout: 60_000 },
      },
      { root: import.meta.dirname, test: { name: "client", include: ["tests/client/*.test.ts"], ...node } },
      { root: import.meta.dirname, test: { name: "speed", include: ["tests/speed/*.test.ts"], ...node, testTimeout: 240_000 } },
      {
        root: import.meta.dirname,
        // A browser on a machine that does other things too is at times too late; what is wrong is wrong twice.
        test: { name: "e2e", include: ["tests/e2e/*.test.ts"], ...node, testTimeout: 600_000, retry: 1, expect: { poll: { timeout: 30_000 } } },
      },
    ],
  },
});
