// JSON paths as the server writes them, and which field of the editor a note about a path belongs to.

/** A step into a document: the name of a member, or the number of an item. */
export type Step = string | number;

/** Something to say about a place in the document. */
export interface Note {
  /** JSON path, such as `$.signifiers[3].anchors[0].label`; `$` is the whole document. */
  path: string;
  /** The server's code, such as `anchorTooLong`. */
  code: string;
  /** The server's words, in English. */
  message: string;
  /** `error` stops saving or publishing, `warning` does not. */
  severity: "error" | "warning";
}

const STEP = /\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]/gy;

/** The steps of a path; null when it is not one. */
export function stepsOf(path: string): Step[] | null {
  if (!path.startsWith("$")) {
    return null;
  }
  const steps: Step[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < path.length) {
    const found = STEP.exec(path);
    if (found === null) {
      return null;
    }
    const [, name, index, quoted] = found;
    steps.push(index === undefined ? (name ?? quoted?.replace(/\\(.)/g, "$1") ?? "") : Number(index));
  }
  return steps;
}

/** Whether `path` is `ancestor` itself or a place in it. */
export function isWithin(path: string, ancestor: string): boolean {
  const rest = path.slice(ancestor.length);
  return path.startsWith(ancestor) && (rest === "" || rest.startsWith(".") || rest.startsWith("["));
}

/** The notes about this very place. */
export function notesAt(notes: readonly Note[], path: string): Note[] {
  return notes.filter((note) => note.path === path);
}

/** The notes about this place or anything in it. */
export function notesWithin(notes: readonly Note[], path: string): Note[] {
  return notes.filter((note) => isWithin(note.path, path));
}

/**
 * The field that a note is shown at: of the fields that there are, the one with the longest path that the note's place is
 * in. Null when there is none, so that the note must be shown above all fields.
 */
export function fieldFor(path: string, fields: readonly string[]): string | null {
  return fields.reduce<string | null>(
    (best, field) => (isWithin(path, field) && field.length > (best?.length ?? -1) ? field : best),
    null,
  );
}

/** The parts of the editor. */
export const parts = ["basics", "groups", "prompts", "questions", "consents", "planned"] as const;
export type Part = (typeof parts)[number];

const PART_OF: Record<string, Part> = {
  title: "basics",
  key: "basics",
  languages: "basics",
  defaultLanguage: "basics",
  schema: "basics",
  perspectives: "groups",
  attributes: "groups",
  indicators: "groups",
  prompts: "prompts",
  signifiers: "questions",
  consents: "consents",
  planned: "planned",
};

/** Which part of the editor shows this place, and which item of its list, if it is in one. */
export function placeOf(path: string): { part: Part; item: number | null } {
  const [first, second] = stepsOf(path) ?? [];
  const part = typeof first === "string" && Object.hasOwn(PART_OF, first) ? PART_OF[first] : undefined;
  return { part: part ?? "basics", item: typeof second === "number" ? second : null };
}
