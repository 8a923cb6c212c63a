// Recorded questions, for tellers who do not read: fetched while there is signal, played without.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Enrolment } from "./model";

/** Where they are kept. They are no secrets: every enrolled phone of the project has them. */
const CACHE = "duiding-recorded";
const place = (hash: string): string => `/collect/recorded/${hash}`;

/** Fetches what is not here yet. What does not come, or is not what was named, is tried again next time. */
export async function fetchRecorded(enrolments: readonly Enrolment[], ask: typeof fetch = fetch): Promise<void> {
  if (typeof caches === "undefined") return;
  const kept = await caches.open(CACHE);
  for (const { token, package: pkg, unknown } of enrolments) {
    for (const asset of unknown ? [] : pkg.assets) {
      if (await kept.match(place(asset.sha256))) continue;
      const path = `/v1/projects/${pkg.assignment.projectId}/framework-assets/${encodeURIComponent(asset.name)}`;
      const answer = await ask(path, { headers: { Authorization: `Bearer ${token}` } }).catch(() => null);
      const bytes = answer?.ok ? await answer.arrayBuffer().catch(() => null) : null;
      if (!bytes || bytesToHex(sha256(new Uint8Array(bytes))) !== asset.sha256) continue;
      await kept.put(place(asset.sha256), new Response(bytes, { headers: { "Content-Type": asset.mediaType } }));
    }
  }
}

/** The recording that a framework names, if it is on this device. */
export async function recorded(assets: Enrolment["package"]["assets"], name: string | undefined): Promise<Blob | null> {
  const asset = name === undefined ? undefined : assets.find((one) => one.name === name);
  if (!asset || typeof caches === "undefined") return null;
  const answer = await (await caches.open(CACHE)).match(place(asset.sha256));
  return answer ? answer.blob() : null;
}
