// The workshop as the server gives it, and how it is asked. Every change says which revision it was made on.

import type { components } from "../../api/schema";
import { Failure, isProblem } from "../failure";
import { session } from "../session.svelte";
import { study } from "../study.svelte";
import type { Lens } from "../types";

type Schemas = components["schemas"];

/** As the server sends it: also the members that are null. */
type Sent<T> = Required<T>;

export type Person = Schemas["Person"];
/** One part of the meeting. */
export type Step = Schemas["Step"];
/** The part that is going on. */
export type RunningStep = Schemas["CurrentStep"];
export type Workshop = Sent<Schemas["Workshop"]>;
export type Exhibit = Sent<Schemas["Exhibit"]>;
export type Votes = Schemas["Votes"];
export type Strength = Schemas["Strength"];
export type Direction = Schemas["Direction"];
export type Observation = Schemas["Observation"];
export type Interpretation = Schemas["Interpretation"];
export type Idea = Sent<Schemas["Idea"]>;
export type ClusterKind = Schemas["ClusterKind"];
export type Cluster = Schemas["Cluster"];

/** Everything of one workshop. */
export interface Board {
  change: number;
  workshop: Workshop;
  exhibits: Exhibit[];
  observations: Observation[];
  interpretations: Interpretation[];
  ideas: Idea[];
  clusters: Cluster[];
}

/** What is on the board, by the name of its path. */
export interface Kinds {
  exhibits: Exhibit;
  observations: Observation;
  interpretations: Interpretation;
  ideas: Idea;
  clusters: Cluster;
}
export type Kind = keyof Kinds;

/** What is sent for each kind. */
export interface Inputs {
  exhibits: Schemas["NewExhibit"];
  observations: Schemas["NewObservation"];
  interpretations: Schemas["NewInterpretation"];
  ideas: Schemas["NewIdea"];
  clusters: Schemas["NewCluster"];
}
export type WorkshopInput = Schemas["NewWorkshop"];

/** An answer with what its headers say. */
export interface Answered<T> {
  data: T;
  etag: string | null;
  /** Server time, in milliseconds; null when it did not say. */
  at: number | null;
}

interface Asked {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Which revision a change is made on: none means that it is new. */
export type On = number | null;

/** Address of a path below the study. */
export function address(path: string): string {
  return `/v1/projects/${study.path.projectId}${path}`;
}

async function send(method: string, path: string, asked: Asked = {}): Promise<Response> {
  const headers: Record<string, string> = { ...asked.headers };
  if (asked.body !== undefined) headers["Content-Type"] = "application/json";
  const body = asked.body === undefined ? null : JSON.stringify(asked.body);
  const request = new Request(address(path), { method, headers, body, signal: asked.signal ?? null, credentials: "omit" });
  const response = await session.send(request).catch(() => {
    throw new Failure(0, null);
  });
  if (response.ok || response.status === 304) return response;
  const problem: unknown = await response.json().catch(() => null);
  throw new Failure(response.status, isProblem(problem) ? problem : null, Number(response.headers.get("Retry-After")) || null);
}

async function read<T>(response: Response): Promise<Answered<T>> {
  const date = Date.parse(response.headers.get("Date") ?? "");
  const data: T = await response.json();
  return { data, etag: response.headers.get("ETag"), at: Number.isNaN(date) ? null : date };
}

function conditions(on: On): Record<string, string> {
  return on === null ? { "If-None-Match": "*" } : { "If-Match": `"${on}"` };
}

/** All workshops of the study, newest first. */
export async function workshops(): Promise<Workshop[]> {
  const all: Workshop[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Answered<{ items: Workshop[]; next: string | null }> = await read(await send("GET", `/workshops?limit=100${query}`));
    all.push(...page.data.items);
    cursor = page.data.next;
  } while (cursor !== null);
  return all;
}

/** Makes or changes a workshop. Errors: `Failure`; 412 when somebody changed it meanwhile. */
export async function putWorkshop(id: string, input: WorkshopInput, on: On): Promise<Answered<Workshop>> {
  return read(await send("PUT", `/workshops/${id}`, { body: input, headers: conditions(on) }));
}

/** Takes a workshop away with everything in it. Errors: `Failure`; 412 when somebody changed it meanwhile. */
export async function removeWorkshop(id: string, revision: number): Promise<void> {
  await gone(send("DELETE", `/workshops/${id}`, { headers: { "If-Match": `"${revision}"` } }));
}

/** The board; null when it is still what `etag` names. */
export async function board(id: string, etag: string | null, signal: AbortSignal): Promise<Answered<Board> | null> {
  const response = await send("GET", `/workshops/${id}/board`, { headers: etag ? { "If-None-Match": etag } : {}, signal });
  return response.status === 304 ? null : read(response);
}

/** Makes or changes something on the board; may be repeated. Errors: `Failure`; 412 when somebody changed it meanwhile. */
export async function put<K extends Kind>(workshop: string, kind: K, id: string, input: Inputs[K], on: On): Promise<Kinds[K]> {
  const response = await send("PUT", `/workshops/${workshop}/${kind}/${id}`, { body: input, headers: conditions(on) });
  return (await read<Kinds[K]>(response)).data;
}

/** Something on the board as it is now. */
export async function one<K extends Kind>(workshop: string, kind: K, id: string): Promise<Kinds[K]> {
  return (await read<Kinds[K]>(await send("GET", `/workshops/${workshop}/${kind}/${id}`))).data;
}

/** Takes something from the board. What is gone already is no error. */
export async function remove(workshop: string, kind: Kind, id: string, revision: number): Promise<void> {
  await gone(send("DELETE", `/workshops/${workshop}/${kind}/${id}`, { headers: { "If-Match": `"${revision}"` } }));
}

/** Gives a vote, or takes it back. */
export async function vote(workshop: string, itemId: string, isMine: boolean): Promise<void> {
  await send(isMine ? "PUT" : "DELETE", `/workshops/${workshop}/votes/${itemId}`);
}

/** Lays an interpretation in a cluster, or takes it out. */
export async function lay(workshop: string, cluster: string, interpretation: string, isIn: boolean): Promise<void> {
  await gone(send(isIn ? "PUT" : "DELETE", `/workshops/${workshop}/clusters/${cluster}/interpretations/${interpretation}`));
}

/** The minutes as a page of its own. */
export async function minutes(workshop: string, language: string): Promise<string> {
  return (await send("GET", `/workshops/${workshop}/minutes?language=${language}&format=html`)).text();
}

/** The id of a lens that a view is made of. */
export async function lensId(lens: Lens): Promise<string> {
  return (await read<{ id: string }>(await send("POST", "/lenses", { body: { lens } }))).data.id;
}

/** The stream of what changes. Errors: `Failure` when it does not begin. */
export function events(workshop: string, lastId: string | null, signal: AbortSignal): Promise<Response> {
  const headers = { Accept: "text/event-stream", ...(lastId === null ? {} : { "Last-Event-ID": lastId }) };
  return send("GET", `/workshops/${workshop}/events`, { headers, signal });
}

async function gone(done: Promise<Response>): Promise<void> {
  await done.catch((cause: unknown) => {
    if (!(cause instanceof Failure) || cause.status !== 404) throw cause;
  });
}
