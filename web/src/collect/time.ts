// Times and sizes as people read them.

/** Day and time of an ISO 8601 moment, in the words of a language. */
export function moment(iso: string, language: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(date);
}

/** Seconds as minutes and seconds, `4:07`. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Bytes in megabytes, in the words of a language. */
export function megabytes(bytes: number, language: string): string {
  const digits = bytes < 10_000_000 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: "unit", unit: "megabyte", maximumFractionDigits: digits }).format(bytes / 1e6);
}
