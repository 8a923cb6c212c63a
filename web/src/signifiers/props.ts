// What every figure and question is given, and the words on it.

import { anchorText } from "../framework/questions";
import { directionOf, isRtl, type ShownText, textOf } from "../framework/texts";
import type { Anchor, Framework, InputMethod, Placement, PlacementValue, Signifier, Texts } from "../framework/types";
import type { SignifierWords } from "../i18n/signifiers";

/** What every kind of question is given. It keeps no answer itself: what `onchange` says comes back as `placement`. */
export interface SignifierProps {
  signifier: Signifier;
  /** Key of the story's perspective, for the wording. */
  perspective: string;
  /** BCP 47 tag of the language that is shown; decides whether figures are mirrored. */
  language: string;
  framework: Framework;
  /** Words around the framework's texts, in the same language. */
  words: SignifierWords;
  /** The answer so far; absent or null is unset. */
  placement: Placement | null | undefined;
  /** Called with the new answer when it is placed, or null when it is taken away; not while something is still dragged. */
  onchange: (placement: Placement | null) => void;
}

/** What the kinds of question are given in a `Question`. */
export interface KindProps extends SignifierProps {
  /** Id of the element with the question, which names the group. */
  labelledby: string;
}

/** The label of a corner, stone, point or option as it is shown. */
export function labelOf(anchor: Anchor | undefined, props: SignifierProps): ShownText {
  return shown(anchor === undefined ? {} : anchorText(anchor, props.perspective), props);
}

/** A text of the framework as it is shown. */
export function shown(texts: Texts, props: SignifierProps): ShownText {
  return textOf(texts, props.language, props.framework);
}

/** A label to put into a sentence; kept together when it is read the other way than the sentence. */
export function inSentence(text: ShownText, words: SignifierWords): string {
  return text.direction === directionOf(words.language) ? text.text : `\u2068${text.text}\u2069`;
}

/** Whether figures are shown mirrored: what is left in the document is where reading begins. */
export function isMirrored(props: SignifierProps): boolean {
  return isRtl(props.language);
}

/** An answer with its value. */
export function answered(value: PlacementValue, inputMethod: InputMethod): Placement {
  return { state: "answered", value, inputMethod };
}
