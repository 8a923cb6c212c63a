// Codes on the screen and in the story are the same, whichever perspective is picked.

import { cleanup, fireEvent, render } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";
import { reference } from "../../framework/reference.testing";
import { wordsIn } from "../../i18n";
import { ownPerspective } from "../flow";
import type { Draft } from "../model";
import { ALPHABET, checkValue } from "../store/codes";
import { enrolment } from "../store/fixtures";
import Who from "./Who.svelte";

afterEach(cleanup);

const words = wordsIn("en");
const keys = reference.perspectives.map((perspective) => perspective.key);
const own = ownPerspective(reference) ?? "";
const [first = "", second = ""] = keys.filter((key) => key !== own);
const [TELLER, PARTICIPANT] = [code("7K3MPX2"), code("2ABCDEF")];

function code(seven: string): string {
  const whole = seven + ALPHABET.charAt(checkValue([...seven].map((character) => ALPHABET.indexOf(character))));
  return `${whole.slice(0, 4)}-${whole.slice(4)}`;
}

/** The screen of a new story. */
function open() {
  const body: Draft["body"] = { language: "en" };
  const draft = $state<Draft>({
    id: "d", enrolment: "e", startedAt: "", changedAt: "", screen: "who", language: "en", body, recordings: [], notes: {},
  });
  const pkg = enrolment().package;
  pkg.assignment.perspectives = keys;
  const props = { draft, heading: null, framework: reference, pkg, words, language: "en", changed: () => undefined, asked: false };
  const screen = render(Who, { props });
  const pick = (key: string) => fireEvent.click(screen.getAllByRole("radio")[keys.indexOf(key)] ?? screen.container);
  const fields = () => [...screen.container.querySelectorAll<HTMLInputElement>("input.input")];
  const type = (at: number, value: string) => fireEvent.input(fields()[at] ?? screen.container, { target: { value } });
  return { draft, pick, type, shown: () => fields().map((field) => field.value) };
}

it("keeps the code of whom it is about from one who tells about others to another", async () => {
  const { draft, pick, type, shown } = open();
  await pick(first);
  await type(0, TELLER);
  await type(1, PARTICIPANT);
  await pick(second);
  expect(shown()).toEqual([TELLER, PARTICIPANT]);
  expect(draft.body).toMatchObject({ perspective: second, teller: TELLER, participant: PARTICIPANT });
});

it("does not take the code of who told about themselves for that of whom another tells about", async () => {
  const { draft, pick, type, shown } = open();
  await pick(own);
  await type(0, TELLER);
  expect(draft.body.participant).toBe(TELLER);
  await pick(first);
  expect(shown()).toEqual([TELLER, ""]);
  expect(draft.body).toMatchObject({ teller: TELLER, participant: null });
});
