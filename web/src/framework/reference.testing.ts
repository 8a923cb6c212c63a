// The reference framework, for tests: the one that the server ships.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Framework } from "./types";

/** The reference framework (Dutch and English; candidate, case manager, job coach). */
export const reference: Framework = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../src/domain/templates/reference.json"), "utf8"),
);
