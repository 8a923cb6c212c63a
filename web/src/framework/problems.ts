// What is wrong with a story on this device, in the same paths and codes as the server's answer.

/** One thing that is wrong. */
export interface FieldProblem {
  /** JSON path of the member, such as `$.placements['fitting-work'].value.shares`; `$` is the whole story. */
  path: string;
  /** The server's code, such as `tooLong`. */
  code: string;
}

/** Takes up what is wrong, each place and code once. */
export class Problems {
  readonly list: FieldProblem[] = [];

  /** Adds a problem unless the same is there already. */
  add(path: string, code: string): void {
    if (!this.list.some((p) => p.path === path && p.code === code)) {
      this.list.push({ path, code });
    }
  }
}

/** The path of a member below `parent`: `$.a.b`, or `$.a['fitting-work']` where a dot would not do. */
export function member(parent: string, key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key)
    ? `${parent}.${key}`
    : `${parent}['${key.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}']`;
}

/** The path of an item of the list at `parent`. */
export function item(parent: string, index: number): string {
  return `${parent}[${index}]`;
}
