// How loud it is, so that people see that they are heard.

/** A meter on a microphone. */
export interface Meter {
  /** From 0 (silence) to 1 (as loud as it gets). */
  level(): number;
  /** Lets go of the audio system. */
  close(): void;
}

/** A meter for a stream; null where the browser has none: it is a help, not a need. */
export function meterOf(stream: MediaStream): Meter | null {
  if (typeof AudioContext === "undefined") return null;
  try {
    const audio = new AudioContext();
    const analyser = audio.createAnalyser();
    analyser.fftSize = 1024;
    audio.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    return {
      level: () => {
        analyser.getFloatTimeDomainData(samples);
        return loudness(samples);
      },
      close: () => void audio.close().catch(() => undefined),
    };
  } catch {
    return null;
  }
}

/** Loudness of samples from -1 to 1, as people hear it: 60 decibels below the loudest is silence. */
export function loudness(samples: Float32Array): number {
  const mean = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length);
  if (mean === 0) return 0;
  return Math.min(1, Math.max(0, 1 + (10 * Math.log10(mean)) / 60));
}
