// The projects that this device collects for; tokens are closed.

import type { Enrolment } from "../model";
import type { Context } from "./context";
import { closeValue, openValue } from "./crypt";
import { StillUndelivered } from "./errors";
import { waits } from "./items";
import type { EnrolmentRow } from "./schema";

export interface Enrolments {
  /** All enrolments, oldest first. Throws `Unreadable` when the browser lost the key of this device. */
  list(): Promise<Enrolment[]>;
  /** Keeps a new enrolment, or another state of one. */
  save(enrolment: Enrolment): Promise<void>;
  /** Changes an enrolment if it is still there. */
  update(id: string, change: Partial<Omit<Enrolment, "id">>): Promise<void>;
  /** Forgets an enrolment and its token. Throws `StillUndelivered` while a story or draft of it is only here. */
  remove(id: string): Promise<void>;
}

/** The enrolments of a store. */
export function enrolmentsOf(context: Context): Enrolments {
  return {
    list: () => list(context),
    save: (enrolment) => save(context, enrolment, false),
    update: (id, change) => update(context, id, change),
    remove: (id) => remove(context, id),
  };
}

const place = (id: string): string => `enrolment:${id}`;

async function list(context: Context): Promise<Enrolment[]> {
  const rows = await context.db.read(["enrolments"], (tx) => tx.objectStore("enrolments").getAll());
  rows.sort((a, b) => (a.enrolledAt < b.enrolledAt ? -1 : 1));
  return Promise.all(rows.map((row) => open(context, row)));
}

async function open(context: Context, row: EnrolmentRow): Promise<Enrolment> {
  return openValue<Enrolment>(await context.keys.ofDevice(), place(row.id), row.closed);
}

async function save(context: Context, enrolment: Enrolment, onlyIfThere: boolean): Promise<void> {
  const { id, enrolledAt } = enrolment;
  const closed = await closeValue(await context.keys.ofDevice(), place(id), enrolment);
  const project = enrolment.package.assignment.projectId;
  await context.db.write(["enrolments"], async (tx) => {
    const rows = tx.objectStore("enrolments");
    if (onlyIfThere && (await rows.getKey(id)) === undefined) return;
    await rows.put({ id, project, enrolledAt, closed });
  });
  context.changes.announce(null);
}

async function update(context: Context, id: string, change: Partial<Omit<Enrolment, "id">>): Promise<void> {
  const row = await context.db.read(["enrolments"], (tx) => tx.objectStore("enrolments").get(id));
  if (row) await save(context, { ...(await open(context, row)), ...change }, true);
}

async function remove(context: Context, id: string): Promise<void> {
  await context.db.write(["enrolments", "stories"], async (tx) => {
    const stories = await tx.objectStore("stories").getAll();
    if (stories.some((row) => row.enrolment === id && (row.state === "draft" || waits(row)))) {
      throw new StillUndelivered("stories of this enrolment are only on this device");
    }
    await tx.objectStore("enrolments").delete(id);
  });
  context.changes.announce(null);
}
