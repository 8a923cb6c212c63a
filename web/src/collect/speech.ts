// Reads questions aloud: a recording where the framework has one, else the voice of the browser.

/** Whether this browser has a voice; on some phones only with a connection. */
export function canSpeak(): boolean {
  return typeof speechSynthesis !== "undefined";
}

/** Reads a text in its language; `done` is called at its end, also when it was stopped. */
export function speak(text: string, language: string, done: () => void): void {
  speechSynthesis.cancel();
  const spoken = new SpeechSynthesisUtterance(text);
  spoken.lang = language;
  spoken.rate = 0.9;
  spoken.onend = done;
  spoken.onerror = done;
  speechSynthesis.speak(spoken);
}

/** Stops reading. */
export function hush(): void {
  if (canSpeak()) speechSynthesis.cancel();
}
