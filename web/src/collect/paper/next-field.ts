// Enter goes to the next field, so that a stack of forms is typed in without the mouse.

const FIELDS = "input, select, textarea, button";

/**
 * Moves the focus to the next field of the form on Enter. A text of several lines keeps its Enter, a button too, and a
 * keyboard that still composes a character. Radio buttons of one group are one field.
 */
export function enterGoesOn(event: KeyboardEvent, form: HTMLElement): void {
  const { target } = event;
  const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  if (event.key !== "Enter" || event.isComposing || !isField) return;
  event.preventDefault();
  nextField(form, target)?.focus();
}

/** The field after `from`; null at the end. */
export function nextField(form: HTMLElement, from: HTMLElement): HTMLElement | null {
  const fields = [...form.querySelectorAll<HTMLElement>(FIELDS)].filter((field) => !field.matches(":disabled"));
  const after = fields.slice(fields.indexOf(from) + 1);
  const found = after.find((field) => !inGroup(field, groupOf(from)));
  return found === undefined ? null : (tickedOf(fields, groupOf(found)) ?? found);
}

/** Name of the group of a radio button; null for any other field. */
function groupOf(field: HTMLElement): string | null {
  return field instanceof HTMLInputElement && field.type === "radio" ? field.name : null;
}

function inGroup(field: HTMLElement, group: string | null): boolean {
  return group !== null && groupOf(field) === group;
}

/** A group is entered where it is ticked, as with Tab. */
function tickedOf(fields: HTMLElement[], group: string | null): HTMLElement | undefined {
  return fields.find((field) => inGroup(field, group) && field instanceof HTMLInputElement && field.checked);
}
