// The reference framework, with Arabic texts for what the gallery shows, and an answer to each.

import reference from "../../../../src/domain/templates/reference.json?raw";
import type { Anchor, Framework, Placement, Signifier } from "../../framework/types";

/** An answer to each question that the gallery shows. */
export const EXAMPLES: Record<string, Placement> = {
  competence: { state: "answered", value: { shares: [0.62, 0.28, 0.1], placement: { x: 0.41, y: 0.62 } }, inputMethod: "tap" },
  "language-around": { state: "answered", value: { position: 0.25 }, inputMethod: "tap" },
  health: {
    state: "answered",
    value: { stones: [{ key: "body", x: 0.2, y: 0.8 }, { key: "mind", x: 0.5, y: 0.35 }] },
    inputMethod: "tap",
  },
  tone: { state: "answered", value: { point: "4" }, inputMethod: "tap" },
  transport: { state: "unknown" },
  "who-should-hear": { state: "answered", value: { options: ["guide", "employer"] }, inputMethod: "tap" },
  remark: { state: "answered", value: { text: "x".repeat(19_800) } },
};

const QUESTIONS: Record<string, string> = {
  competence: "ما الذي تطلّبه هذا من المرشّح في الغالب؟",
  "language-around": "كانت اللغة من حول المرشّح ...",
  health: "ضع الأحجار الثلاثة حيث تناسب الآن.",
  tone: "كيف تشعر تجاه هذه القصة؟",
  transport: "كيف وصل المرشّح إلى هناك؟",
};
const LABELS: Record<string, string> = {
  work: "العمل نفسه",
  people: "التعامل مع الناس",
  time: "تقسيم الوقت الخاص",
  "too-hard": "صعبة جدًا حتى إن المرشّح لم يفهم شيئًا",
  "too-simple": "بسيطة جدًا حتى بدت طفولية",
  body: "الجسم",
  mind: "الرأس والمشاعر",
  contact: "التواصل مع الناس",
  "1": "مزعج جدًا",
  "2": "مزعج",
  "3": "ليس مزعجًا ولا ممتعًا",
  "4": "ممتع",
  "5": "ممتع جدًا",
  walk: "مشيًا",
  bike: "بالدراجة",
};

/** The framework of the gallery. */
export const framework: Framework = withArabic(JSON.parse(reference));

function withArabic(document: Framework): Framework {
  const remark: Signifier = {
    key: "remark",
    kind: "text",
    question: { nl: "Wilt u nog iets kwijt?", en: "Is there anything else?", ar: "هل تريد إضافة شيء؟" },
  };
  return { ...document, signifiers: [...document.signifiers.map(translated), remark] };
}

function translated(signifier: Signifier): Signifier {
  const question = QUESTIONS[signifier.key];
  if (question === undefined) {
    return signifier;
  }
  const anchors = (list: Anchor[] | undefined) => list?.map(labelled);
  const axes = {
    x: { start: { nl: "gaat slecht", ar: "سيئ" }, end: { nl: "gaat goed", ar: "جيد" } },
    y: { start: { nl: "weinig invloed op dit verhaal", ar: "تأثير قليل" }, end: { nl: "veel invloed op dit verhaal", ar: "تأثير كبير" } },
  };
  return {
    ...signifier,
    question: { ...signifier.question, ar: question },
    questionFor: Object.fromEntries(
      Object.entries(signifier.questionFor ?? {}).map(([perspective, texts]) => [perspective, { ...texts, ar: question }]),
    ),
    anchors: anchors(signifier.anchors),
    stones: anchors(signifier.stones),
    points: anchors(signifier.points),
    options: anchors(signifier.options),
    axes: signifier.kind === "stones" ? { x: merged(signifier.axes?.x, axes.x), y: merged(signifier.axes?.y, axes.y) } : undefined,
  };
}

type Axis = { start: Record<string, string>; end: Record<string, string> };

function merged(axis: Axis | undefined, arabic: Axis): Axis {
  return { start: { ...arabic.start, ...axis?.start }, end: { ...arabic.end, ...axis?.end } };
}

function labelled(anchor: Anchor): Anchor {
  const label = LABELS[anchor.key];
  if (label === undefined) {
    return anchor;
  }
  const labelFor = Object.fromEntries(
    Object.entries(anchor.labelFor ?? {}).map(([perspective, texts]) => [perspective, { ...texts, ar: label }]),
  );
  return { ...anchor, label: { ...anchor.label, ar: label }, labelFor };
}
