// The paths by which the server names parts of a story.

/** One step of a path: the name of a member, or the place in a list, from 0. */
export type Step = string | number;

const STEP = /^(?:\.([^.[\]]+)|\[(\d+)\]|\['((?:\\.|[^'\\])*)'\])/;

/** The steps of a path such as `$.placements['fitting-work'].value.shares[0]`; null for anything that is no such path. */
export function stepsOf(path: string): Step[] | null {
  if (!path.startsWith("$")) return null;
  const steps: Step[] = [];
  for (let rest = path.slice(1); rest !== ""; ) {
    const found = STEP.exec(rest);
    if (!found) return null;
    const [whole, name, place, quoted] = found;
    steps.push(name ?? (place === undefined ? (quoted ?? "").replace(/\\(.)/g, "$1") : Number(place)));
    rest = rest.slice(whole.length);
  }
  return steps;
}
