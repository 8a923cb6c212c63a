// Files that a role may take out of a study.

/** A kind of file. */
export type ExportKind = "csv" | "jsonl" | "codebook" | "datapackage";

/** How to ask for it. */
export interface ExportOptions {
  /** BCP 47 tag of the words of code book and description. */
  language: string;
  /** Leave texts that look like formulas as they are. */
  raw: boolean;
}

/** The files, with the names that they get. JSON lines have raw stories: they are for those who read these. */
export function exportsFor(mayReadRaw: boolean): { kind: ExportKind; name: string }[] {
  const files: { kind: ExportKind; name: string }[] = [
    { kind: "csv", name: "stories.csv" },
    { kind: "jsonl", name: "stories.jsonl" },
    { kind: "codebook", name: "codebook.csv" },
    { kind: "datapackage", name: "datapackage.json" },
  ];
  return files.filter(({ kind }) => mayReadRaw || kind !== "jsonl");
}

/** The path and query of a file. */
export function exportPath(projectId: string, kind: ExportKind, { language, raw }: ExportOptions): string {
  const base = `/v1/projects/${projectId}/exports`;
  const query = new URLSearchParams(raw ? { raw: "true" } : {});
  if (kind === "csv" || kind === "jsonl") {
    query.set("format", kind);
    return `${base}/stories?${query}`;
  }
  query.set("language", language);
  return `${base}/${kind}?${query}`;
}
