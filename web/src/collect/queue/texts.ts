// Delivering the bodies of stories, many at a time.

import type { SealedStory } from "../store/sealing";
import type { Waiting } from "../store/delivery";
import { asked, projectPath, type Session } from "./session";
import { receiptFor, stopOf, verdict, type Stop } from "./verdict";
import { asProblem, isRecord, type Answer } from "./wire";

const MOST_STORIES = 20;
const MOST_BYTES = 1024 * 1024;
const JSON_TYPE = "application/json";

/** Delivers the bodies of stories; answers what stopped it, or null when each has got its answer. */
export async function deliverTexts(session: Session, waiting: readonly Waiting[]): Promise<Stop | null> {
  const left = [...waiting].sort((a, b) => failuresOf(session, a.id) - failuresOf(session, b.id));
  while (left.length > 0) {
    const batch = await nextBatch(session, left);
    const stop = batch.length > 0 ? await deliver(session, batch) : null;
    if (stop) return stop;
  }
  return null;
}

/** Takes the stories of the next batch off the list: those that were too much before, in smaller batches. */
async function nextBatch(session: Session, left: Waiting[]): Promise<SealedStory[]> {
  const batch: SealedStory[] = [];
  let [bytes, most] = [0, MOST_STORIES];
  for (let next = left[0]; next && batch.length < most; next = left[0]) {
    const failures = failuresOf(session, next.id);
    if (batch.length === 0) most = Math.max(1, MOST_STORIES >> failures);
    else if (MOST_STORIES >> failures < most) break;
    const story = await readable(session, next.id);
    const size = story ? new Blob([story.canonical]).size : 0;
    if (batch.length > 0 && bytes + size > MOST_BYTES) break;
    left.shift();
    if (story) batch.push(story);
    bytes += size;
  }
  return batch;
}

/** The story, or null when it cannot be read: it stays as it is, and the others are delivered. */
async function readable(session: Session, id: string): Promise<SealedStory | null> {
  try {
    return await session.store.delivery.sealedStory(id);
  } catch {
    return null;
  }
}

function failuresOf(session: Session, id: string): number {
  return session.failures.get(id) ?? 0;
}

async function deliver(session: Session, stories: SealedStory[]): Promise<Stop | null> {
  await session.store.delivery.sending(stories.map((story) => story.id));
  return send(session, stories);
}

/** Sends stories that are marked as being sent. A batch that is refused as a whole is halved until the bad one is alone. */
async function send(session: Session, stories: SealedStory[]): Promise<Stop | null> {
  const [first, ...others] = stories;
  if (!first) return null;
  if (others.length === 0) return settle(session, first, await put(session, first));
  const answer = await post(session, stories);
  const results = resultsOf(answer, stories.length);
  if (results) return settleAll(session, stories, results);
  if (answer.kind === "problem" && verdict(answer.problem) !== "again") {
    const half = Math.ceil(stories.length / 2);
    const stop = await send(session, stories.slice(0, half));
    return stop ? back(session, stories.slice(half), stop, false) : send(session, stories.slice(half));
  }
  return back(session, stories, stopOf(answer), true);
}

/** Sends one story, under its own address. */
export function put(session: Session, story: SealedStory): Promise<Answer> {
  const path = projectPath(story.project, `stories/${encodeURIComponent(story.id)}`);
  return asked(session, { method: "PUT", path, body: story.canonical, contentType: JSON_TYPE });
}

function post(session: Session, stories: SealedStory[]): Promise<Answer> {
  // The bodies as they were hashed, byte for byte.
  const entries = stories.map(({ id, canonical }) => `{"id":${JSON.stringify(id)},"body":${canonical}}`);
  const path = projectPath(stories[0]?.project ?? "", "stories/_batch");
  return asked(session, { method: "POST", path, body: `{"stories":[${entries.join(",")}]}`, contentType: JSON_TYPE });
}

/** The results of a batch, each as the answer that a single delivery would have had; null when they are none. */
function resultsOf(answer: Answer, count: number): Answer[] | null {
  if (answer.kind !== "answered" || !isRecord(answer.json) || !Array.isArray(answer.json.results)) return null;
  const results = answer.json.results.map((result: unknown) => resultOf(answer.headers, result));
  return results.length === count ? results : null;
}

function resultOf(headers: Headers, result: unknown): Answer {
  const status = isRecord(result) && typeof result.status === "number" ? result.status : 0;
  const problem = isRecord(result) ? asProblem(result.problem) : null;
  if (problem?.status === status) return { kind: "problem", status, problem, retryAfter: null, headers };
  return { kind: "answered", status, json: isRecord(result) ? result.receipt : null, headers };
}

async function settleAll(session: Session, stories: SealedStory[], results: Answer[]): Promise<Stop | null> {
  let stopped: Stop | null = null;
  for (const [i, story] of stories.entries()) {
    const result = results[i];
    const stop = result ? await settle(session, story, result) : null;
    stopped ??= stop;
  }
  return stopped;
}

/** Notes what became of a story; answers what stops the round, if anything. */
async function settle(session: Session, story: SealedStory, answer: Answer): Promise<Stop | null> {
  const { delivery } = session.store;
  const taken = answer.kind === "answered" && (answer.status === 200 || answer.status === 201);
  const receipt = taken ? receiptFor(story, answer.json) : null;
  if (receipt) {
    session.reached = true;
    session.gained = true;
    session.failures.delete(story.id);
    await delivery.stored(story.id, receipt);
    return null;
  }
  if (answer.kind === "problem") {
    const what = verdict(answer.problem);
    if (what === "gone") return delivery.withdrawn(story.id, answer.problem).then(() => null);
    if (what === "final") return delivery.reject(story.id, answer.problem).then(() => null);
  }
  return back(session, [story], stopOf(answer), true);
}

/** They wait again. Those that were too much for the server go last from now on. */
async function back(session: Session, stories: SealedStory[], stop: Stop, blame: boolean): Promise<Stop> {
  const ids = stories.map((story) => story.id);
  if (blame && stop.heavy) for (const id of ids) session.failures.set(id, failuresOf(session, id) + 1);
  await session.store.delivery.backToSealed(ids);
  return stop;
}
