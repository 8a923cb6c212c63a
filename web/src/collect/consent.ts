// Which text people agree to before they tell.

import type { Framework, Texts } from "../framework/types";
import type { DevicePackage } from "./model";

/** A text with the version that a consent names. */
export interface AgreedText {
  version: string;
  texts: Texts;
}

/**
 * The text about taking part: the project's own where it has one under the key of the framework's consent, else that of
 * the framework, whose version is then the framework's.
 */
export function consentText(pkg: DevicePackage, framework: Framework): AgreedText {
  const asked = framework.consents?.find((consent) => consent.scope === "participation");
  const own = pkg.consentTexts.filter((text) => text.key === asked?.key).sort((a, b) => b.version - a.version)[0];
  if (own) return { version: String(own.version), texts: own.texts };
  return { version: `framework-${pkg.framework?.version ?? 0}`, texts: asked?.text ?? {} };
}

/** The question before the microphone opens; null when the framework has none. */
export function recordingText(framework: Framework): Texts | null {
  return framework.consents?.find((consent) => consent.scope === "recording")?.text ?? null;
}
