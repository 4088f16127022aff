import assert from "node:assert/strict";
import { test } from "node:test";

const { matching } = await import("../../static/js/forms/people.js");
const TEXTS = ["Ömer Ak · 3 in next 7 days · omer@a.org", "Mira Rahman · mira@a.org", "Luc Weber: not an interviewer"];

test("people are found without regard to case and accents, by every word, with what is said about them", () => {
  assert.deepEqual(matching(TEXTS, "OMER ak"), [TEXTS[0]]);
  assert.deepEqual(matching(TEXTS, "a.org"), TEXTS.slice(0, 2));
  assert.deepEqual(matching(TEXTS, "weber"), [TEXTS[2]]);
  assert.deepEqual(matching(TEXTS, " "), []);
});
