// One round of the queue: everything that can be delivered now is.

import type { Enrolment } from "../model";
import type { Waiting } from "../store/delivery";
import { nameOf } from "../store/errors";
import type { Store } from "../store/store";
import { uploadAttachments } from "./attachments";
import type { Backoff } from "./backoff";
import { change, refreshPackage, tellStatus } from "./devices";
import type { Session } from "./session";
import { deliverTexts } from "./texts";
import type { Stop } from "./verdict";
import type { Trouble, Wire } from "./wire";

const REFRESH_MS = 6 * 3600_000;

/** What a queue remembers between rounds; a new tab starts without. */
export interface Memory {
  store: Store;
  wire: Wire;
  backoff: Backoff;
  failures: Map<string, number>;
  /** When the package of each enrolment was last fetched, in milliseconds of this device's clock. */
  refreshedAt: Map<string, number>;
}

/** What a round came to. */
export interface Rounded {
  /** What stopped it last; null when nothing did. */
  trouble: Trouble | null;
  /** Whether our server answered. */
  reached: boolean;
}

/** Does a round. Only who may send may call it. Errors: those of the store. */
export async function round(memory: Memory): Promise<Rounded> {
  const { store } = memory;
  await store.delivery.recoverSending();
  const enrolments = await store.enrolments.list();
  const routes = routesOf(await store.delivery.waiting(), enrolments);
  const result: Rounded = { trouble: null, reached: false };
  for (const enrolment of enrolments) {
    const stories = routes.get(enrolment.id) ?? [];
    if (memory.wire.signal?.aborted || !memory.backoff.isDue(enrolment.id)) continue;
    if (stories.length === 0 && !isStale(memory, enrolment)) continue;
    const session: Session = { store, wire: memory.wire, enrolment, failures: memory.failures, reached: false, gained: false };
    const stop = await withOne(memory, session, stories);
    result.trouble = stop?.trouble ?? result.trouble;
    result.reached ||= session.reached;
  }
  return result;
}

/** When a round is due again, in milliseconds of this device's clock; null when there is no enrolment. */
export async function nextDue(memory: Memory): Promise<number | null> {
  const enrolments = await memory.store.enrolments.list();
  const routes = routesOf(await memory.store.delivery.waiting(), enrolments);
  const times = enrolments.map(({ id }) => {
    const stale = (memory.refreshedAt.get(id) ?? 0) + REFRESH_MS;
    return Math.max(memory.backoff.dueAt(id), routes.has(id) ? 0 : stale);
  });
  return times.length === 0 ? null : Math.min(...times);
}

/**
 * By which enrolment each story goes: its own, or, when the server does not know that one any more, the newest other in the
 * same project.
 */
export function routesOf(waiting: readonly Waiting[], enrolments: readonly Enrolment[]): Map<string, Waiting[]> {
  const routes = new Map<string, Waiting[]>();
  for (const story of waiting) {
    const own = enrolments.find((e) => e.id === story.enrolment);
    const others = enrolments.filter((e) => !e.unknown && e.package.assignment.projectId === story.project);
    const by = own && !own.unknown ? own : (others.at(-1) ?? own);
    if (by) routes.set(by.id, [...(routes.get(by.id) ?? []), story]);
  }
  return routes;
}

function isStale(memory: Memory, { id }: Enrolment): boolean {
  const age = memory.wire.now() - (memory.refreshedAt.get(id) ?? 0);
  return age >= REFRESH_MS || age < 0;
}

/** All that is to be done with one enrolment; what goes wrong with it does not touch the others. */
async function withOne(memory: Memory, session: Session, stories: Waiting[]): Promise<Stop | null> {
  const { id } = session.enrolment;
  const stop = await deliver(session, stories).catch(stopOfStore);
  const late = mayGoOn(stop) && isStale(memory, session.enrolment) ? await refresh(memory, session) : null;
  const end = stop ?? late;
  await note(memory, session, end);
  // Not to one that asked to be left alone, or that does not know us.
  if (session.reached && mayGoOn(end)) await tellStatus(session).catch(() => undefined);
  if (end) return end;
  memory.backoff.worked(id);
  return null;
}

async function deliver(session: Session, stories: Waiting[]): Promise<Stop | null> {
  const sealed = stories.filter((story) => story.state === "sealed");
  const stop = await deliverTexts(session, sealed);
  if (!mayGoOn(stop)) return stop;
  return (await deliverAttachments(session, stories)) ?? stop;
}

/** Recordings of all stories whose text the server has by now. */
async function deliverAttachments(session: Session, stories: Waiting[]): Promise<Stop | null> {
  const ours = new Set(stories.map((story) => story.id));
  const now = (await session.store.delivery.waiting()).filter((story) => ours.has(story.id) && story.state !== "sealed");
  const failures = ({ id }: Waiting): number => session.failures.get(id) ?? 0;
  let stopped: Stop | null = null;
  for (const story of now.sort((a, b) => failures(a) - failures(b))) {
    const stop = await uploadAttachments(session, story.id).catch(stopOfStore);
    if (stop?.heavy) session.failures.set(story.id, failures(story) + 1);
    stopped = stop ?? stopped;
    if (!mayGoOn(stop)) return stop;
  }
  return stopped;
}

/** Whether the next story may fare better: what stopped was one story, not the connection. */
function mayGoOn(stop: Stop | null): boolean {
  return stop === null || (stop.heavy && stop.retryAfter === null && stop.trouble !== "noConnection");
}

async function refresh(memory: Memory, session: Session): Promise<Stop | null> {
  const stop = await refreshPackage(session);
  if (!stop) memory.refreshedAt.set(session.enrolment.id, memory.wire.now());
  return stop;
}

/** Notes when to try again, and on the enrolment whether the server knows it. */
async function note(memory: Memory, session: Session, stop: Stop | null): Promise<void> {
  const { id, unknown } = session.enrolment;
  const refused = stop?.trouble === "unknownDevice";
  // A connection that comes and goes does some work each time: that is no reason to wait longer and longer.
  if (session.gained) memory.backoff.worked(id);
  if (refused) memory.backoff.waitAnHour(id);
  else if (stop) memory.backoff.failed(id, stop.retryAfter);
  if (refused && !unknown) await change(session, { unknown: true });
  if (session.reached && !refused) {
    await change(session, { contactAt: new Date(memory.wire.now()).toISOString(), unknown: false });
  }
}

/** What the store could not do is no reason to stop trying, and nothing that was saved is lost. */
function stopOfStore(cause: unknown): Stop {
  const gone = nameOf(cause) === "NotFound"; // wiped by another tab meanwhile
  return { trouble: "storage", retryAfter: null, heavy: !gone };
}
