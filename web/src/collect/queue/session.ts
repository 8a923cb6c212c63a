// What delivering with one enrolment needs.

import type { Enrolment } from "../model";
import type { Store } from "../store/store";
import { ask, type Answer, type Ask, type Wire } from "./wire";

export interface Session {
  store: Store;
  wire: Wire;
  enrolment: Enrolment;
  /** How often each story was too much for the server, in this tab: such go last and alone. */
  failures: Map<string, number>;
  /** Whether our server has answered anything. */
  reached: boolean;
  /** Whether it has more of our stories than before. */
  gained: boolean;
}

/** Asks the server with the token of the session, and notes whether it answered as ours. */
export async function asked(session: Session, request: Omit<Ask, "token">): Promise<Answer> {
  const answer = await ask(session.wire, { ...request, token: session.enrolment.token });
  if (answer.kind === "problem") session.reached = true;
  return answer;
}

/** Address of a project of ours; ids are escaped, although they are UUIDs. */
export function projectPath(project: string, rest: string): string {
  return `/v1/projects/${encodeURIComponent(project)}/${rest}`;
}
