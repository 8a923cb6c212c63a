// Where in the dashboard somebody is: the fragment of the address, `#/projects/{id}/{area}/{...rest}?key=value`.

/** The parts of a study's dashboard. */
export const areas = ["overview", "explore", "patterns", "read", "workshop", "manage"] as const;
export type Area = (typeof areas)[number];

/** A place in the dashboard. */
export interface Place {
  /** `project`: inside a study. */
  screen: "projects" | "account" | "project";
  /** Id of the study; empty outside one. */
  projectId: string;
  area: Area;
  /** What follows the area in the path, decoded. */
  rest: string[];
  query: URLSearchParams;
}

/** Reads a fragment. What is no address of the dashboard is the choice of a study. */
export function parse(hash: string): Place {
  const [path = "", search = ""] = split(hash.replace(/^#/, ""));
  const parts = path.split("/").filter((part) => part !== "").map(decoded);
  const query = new URLSearchParams(search);
  const [first, projectId, area, ...rest] = parts;
  if (first === "account") return { screen: "account", projectId: "", area: "overview", rest: parts.slice(1), query };
  if (first !== "projects" || projectId === undefined) {
    return { screen: "projects", projectId: "", area: "overview", rest: [], query };
  }
  const known = areas.find((name) => name === area);
  return { screen: "project", projectId, area: known ?? "overview", rest: known ? rest : [], query };
}

/** The fragment of a place in a study. Members of `query` that are null or empty are left out. */
export function address(projectId: string, area: Area, rest: readonly string[] = [], query: Query = {}): string {
  const path = ["projects", projectId, area, ...rest].map(encodeURIComponent).join("/");
  const search = searchOf(query);
  return `#/${path}${search === "" ? "" : `?${search}`}`;
}

/** What comes after `?`. */
export type Query = URLSearchParams | Record<string, string | null | undefined>;

function searchOf(query: Query): string {
  if (query instanceof URLSearchParams) return query.toString();
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") search.set(key, value);
  }
  return search.toString();
}

function split(text: string): string[] {
  const at = text.indexOf("?");
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

class Route implements Place {
  #place = $state.raw(parse(globalThis.location.hash));
  /** Whether the focus is still to move to the heading of the screen that somebody went to. */
  arriving = false;

  constructor() {
    globalThis.addEventListener("hashchange", () => this.#follow());
  }

  get screen(): Place["screen"] {
    return this.#place.screen;
  }
  get projectId(): string {
    return this.#place.projectId;
  }
  get area(): Area {
    return this.#place.area;
  }
  get rest(): string[] {
    return this.#place.rest;
  }
  get query(): URLSearchParams {
    return this.#place.query;
  }
  /** The path without the query: what makes a screen another screen. */
  get path(): string {
    return [this.screen, this.projectId, this.area, ...this.rest].join("/");
  }

  /** Looks again at the address, after it was replaced without an event. */
  refresh(): void {
    this.#follow();
  }

  #follow(): void {
    const before = this.path;
    this.#place = parse(globalThis.location.hash);
    if (this.path !== before) this.arriving = true;
  }
}

/** Where somebody is. */
export const route = new Route();

/** The fragment of a place in the study that is open. */
export function href(area: Area, rest: readonly string[] = [], query: Query = {}): string {
  return address(route.projectId, area, rest, query);
}

/** Goes to a place in the study that is open; `replace` leaves no step in the history (for a query that changes often). */
export function go(area: Area, rest: readonly string[] = [], query: Query = {}, options: { replace?: boolean } = {}): void {
  goTo(href(area, rest, query), options);
}

/** Goes to any fragment. */
export function goTo(hash: string, options: { replace?: boolean } = {}): void {
  if (options.replace) {
    globalThis.history.replaceState(null, "", hash);
    route.refresh();
  } else {
    globalThis.location.hash = hash;
  }
}
