// Which findings belong to which tab, and in which groups they are shown.

import type { EvidenceClass, Finding, FindingKind, FindingsAnswer } from "./types";

/** The tabs, as they stand in the address. */
export const tabKeys = ["dominant", "differences", "changes", "together", "apart", "kept"] as const;
export type TabKey = (typeof tabKeys)[number];

/** Below so many people a workgroup gets no search of everything with everything, and first reads ten stories. */
export const SCAN_FROM = 60;

const tabOfKind: Record<FindingKind, TabKey> = {
  dominant: "dominant",
  association: "together",
  contrast: "differences",
  "perspective-gap": "differences",
  change: "changes",
  outlier: "apart",
  "minority-cluster": "apart",
};

/** The tab that a finding belongs to. */
export function tabOf(finding: Pick<Finding, "kind">): TabKey {
  return tabOfKind[finding.kind];
}

/** The tab with this name in the address; the first one when there is none. */
export function tabNamed(name: string | undefined): TabKey {
  return tabKeys.find((key) => key === name) ?? "dominant";
}

/** Findings of one sureness, in the order of the server. */
export interface EvidenceGroup {
  evidence: EvidenceClass;
  findings: Finding[];
}

/** The findings of a tab: the clear ones first, then hints, each as the server ranked them. Groups of none are left out. */
export function grouped(findings: readonly Finding[], tab: TabKey): EvidenceGroup[] {
  const order: EvidenceClass[] = ["clear", "worth-exploring", "could-be-chance", "too-few"];
  const ofTab = findings.filter((finding) => tabOf(finding) === tab);
  return order
    .map((evidence) => ({ evidence, findings: ofTab.filter((finding) => finding.evidence === evidence) }))
    .filter((group) => group.findings.length > 0);
}

/** How many findings each tab has. */
export function countsOf(findings: readonly Finding[]): Map<TabKey, number> {
  const counts = new Map<TabKey, number>();
  for (const finding of findings) counts.set(tabOf(finding), (counts.get(tabOf(finding)) ?? 0) + 1);
  return counts;
}

type Section = FindingsAnswer["about"]["scans"][number]["section"];

const sectionsOfTab: Record<TabKey, readonly Section[]> = {
  dominant: [],
  differences: ["contrasts", "perspectives"],
  changes: ["changes", "trends"],
  together: ["pairs"],
  apart: [],
  kept: [],
};

/** How many comparisons were made for a tab, and how many of them would look different by chance alone (1 in 20). */
export function scanOf(scans: FindingsAnswer["about"]["scans"], tab: TabKey): { compared: number; byChance: number } {
  const wanted = sectionsOfTab[tab];
  const compared = scans.filter((scan) => wanted.includes(scan.section)).reduce((sum, scan) => sum + scan.compared, 0);
  return { compared, byChance: Math.round(compared * 0.05) };
}
