// The title and note of an exhibit as one text: the title is its first line.

/** What is written about an exhibit by who put it on the table. */
export interface ExhibitTexts {
  title: string;
  note: string;
}

/** Both as one text. */
export function joined({ title, note }: ExhibitTexts): string {
  return note === "" ? title : `${title}\n${note}`;
}

/** Both apart, as they are sent. */
export function parted(text: string): ExhibitTexts {
  const end = text.indexOf("\n");
  return end < 0 ? { title: text.trim(), note: "" } : { title: text.slice(0, end).trim(), note: text.slice(end + 1) };
}
