import type { SignifierWords } from "./signifiers";

/** Arabic. */
export const ar: SignifierWords = {
  language: "ar",

  notAboutThis: "لا علاقة له بهذا",
  unknown: "لا أعرف",
  declined: "أفضّل ألّا أقول",
  otherAnswers: "أو اختر",
  clear: "مسح",
  withNumbers: "بالأرقام",
  notPlaced: "لم يوضع بعد",

  triadHint: "المس داخل المثلث، أو اسحب الكرة.",
  dyadHint: "المس الخط، أو اسحب الكرة.",
  stonesHint: "المس داخل المربع، أو اسحب حجرًا.",
  scaleHint: "اختر ما يناسب أكثر.",
  chooseOne: "اختر إجابة واحدة.",
  chooseMore: "يمكنك اختيار أكثر من إجابة.",
  keysHint:
    "حرّك الكرة بمفاتيح الأسهم. الضغطة الأولى تضعها في الوسط. مع مفتاح Shift تتحرك خطوات صغيرة. مفتاح Delete يمسحها.",
  stonesKeysHint:
    "حرّك الحجر بمفاتيح الأسهم. الضغطة الأولى تضعه في الوسط. مع مفتاح Shift يتحرك خطوات صغيرة. مفتاح Delete يمسحه.",

  shareOf: (anchor) => `المقدار: ${anchor}`,
  between: (start, end) => `بين ${start} و${end}`,
  numbersMake100: "مجموع الأرقام الثلاثة 100.",
  zeroToHundred: (start, end) => `0 يعني ${start}، و100 يعني ${end}.`,
  stoneNumber: (stone, start, end) => `${stone}: من ${start} (0) إلى ${end} (100)`,

  only: (a) => `${a} فقط تقريبًا`,
  mostly: (a) => `في الغالب ${a}`,
  more: (a) => `${a} أكثر من غيره`,
  asMuch: (a, b) => `${a} و${b} بالقدر نفسه`,
  allThree: "الثلاثة بالقدر نفسه تقريبًا",
  also: (b) => `، وأيضًا ${b}`,
  some: (parts) => `، وقليلًا: ${parts.join(" و")}`,

  inTheMiddle: "في الوسط",
  halfway: (start, end) => `في الوسط بين «${start}» و«${end}»`,
  aBitTowards: (label) => `أقرب قليلًا إلى «${label}»`,
  towards: (label) => `أقرب إلى «${label}»`,
  almost: (label) => `يكاد يكون عند «${label}»`,
  fully: (label) => `عند «${label}» تمامًا`,
  ofStone: (stone, across, up) => `${stone}: ${across}؛ ${up}`,

  charactersLeft: (count) => `عدد الأحرف المتبقية: ${count}`,
};
