// What belongs to what on a board.

import type { Board, Cluster, ClusterKind, Idea, Interpretation, Observation } from "./api";

/** Interpretations that an observation is to have at least: one is a conclusion, two are a choice. */
export const LEAST = 2;

/** An observation with what was made of it. */
export interface Thread {
  observation: Observation;
  interpretations: Interpretation[];
  ideas: Idea[];
  /** How many interpretations it still lacks. */
  lacking: number;
}

/** The observations of an exhibit, oldest first, so that nothing jumps while people write. */
export function threadsOf(board: Board, exhibitId: string): Thread[] {
  return board.observations.filter((one) => one.exhibitId === exhibitId).map((observation) => threadOf(board, observation));
}

function threadOf(board: Board, observation: Observation): Thread {
  const interpretations = board.interpretations.filter((one) => one.observationId === observation.id);
  const ideas = board.ideas.filter((one) => one.observationId === observation.id);
  return { observation, interpretations, ideas, lacking: Math.max(0, LEAST - interpretations.length) };
}

/** How many observations of an exhibit lack an interpretation still. */
export function lackingOf(board: Board, exhibitId: string): number {
  return threadsOf(board, exhibitId).filter((thread) => thread.lacking > 0).length;
}

/** A cluster of a kind with what lies in it. */
export interface Pile {
  cluster: Cluster;
  interpretations: Interpretation[];
}

/** The clusters of a kind in their order, and the interpretations that lie in none of them. */
export function pilesOf(board: Board, kind: ClusterKind): { piles: Pile[]; loose: Interpretation[] } {
  const clusters = board.clusters.filter((cluster) => cluster.kind === kind).sort((a, b) => a.order - b.order);
  const piles = clusters.map((cluster) => ({
    cluster,
    interpretations: board.interpretations.filter((one) => one.clusterIds.includes(cluster.id)),
  }));
  const ids = new Set(clusters.map((cluster) => cluster.id));
  return { piles, loose: board.interpretations.filter((one) => !one.clusterIds.some((id) => ids.has(id))) };
}

/** The order of something that is put at the end. */
export function orderAfter(all: readonly { order: number }[]): number {
  return Math.min(10_000, Math.max(0, ...all.map((one) => one.order)) + 10);
}

/** The order of an exhibit that goes one place up or down; null at the end. */
export function orderBeside(all: readonly { id: string; order: number }[], id: string, by: 1 | -1): number | null {
  const sorted = [...all].sort((a, b) => a.order - b.order);
  const at = sorted.findIndex((one) => one.id === id);
  const [near, far] = [sorted[at + by], sorted[at + 2 * by]];
  if (near === undefined) return null;
  const middle = far === undefined ? near.order + 10 * by : (near.order + far.order) / 2;
  return Math.max(0, Math.round(middle));
}
