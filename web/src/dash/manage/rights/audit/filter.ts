// Which events of the audit trail are shown.

/** The filter as people fill it in; what is empty filters nothing. */
export interface AuditFilter {
  /** What was done: a kind that ends in a point, or one action. */
  action: string;
  actorId: string;
  subject: string;
  result: "" | "done" | "refused";
  /** First and last day, in the time of the browser. */
  from: string;
  until: string;
}

/** A filter through which everything passes. */
export const everything: AuditFilter = { action: "", actorId: "", subject: "", result: "", from: "", until: "" };

/** What is asked of the server. */
export interface AuditQuery {
  action?: string;
  actorId?: string;
  subject?: string;
  result?: "done" | "refused";
  from?: string;
  until?: string;
}

/** The query of a filter. The last day counts whole: the server's `until` is the moment before which it was. */
export function queryOf(filter: AuditFilter): AuditQuery {
  const { action, actorId, result } = filter;
  const subject = filter.subject.trim();
  const from = dayStart(filter.from, 0);
  const until = dayStart(filter.until, 1);
  return {
    ...(action && { action }), ...(actorId && { actorId }), ...(subject && { subject }), ...(result && { result }),
    ...(from && { from }), ...(until && { until }),
  };
}

/** The moment (ISO 8601) at which a day begins, or so many days later; empty when it is no day. */
function dayStart(day: string, later: number): string {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return "";
  return new Date(year, month - 1, date + later).toISOString();
}
