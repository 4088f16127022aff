import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { keyOf, nameOf, textOf } from "../../static/js/live/refused.js";
import { callWith } from "./fixtures.js";

const promptOf = (id) => `Prompt ${id}`;
const state = callWith({ points: [{ id: 9, question: 3, kind: "brownie", leads_to: null }] });

describe("nameOf: what could not be saved, and where", () => {
  for (const [entry, wanted] of [
    [{ kind: "note", target: 3, value: "Knows" }, "Note on “Prompt 3”:"],
    [{ kind: "note", target: null, value: "Knows" }, "Note:"],
    [{ kind: "tick", target: 9, value: true }, "Tick on “Prompt 3”:"],
    [{ kind: "unlisted", target: "x", value: { question: 4, text: "Knows" } }, "Extra point on “Prompt 4”:"],
    [{ kind: "add", target: "x", value: { question: 4 } }, "Adding a question:"],
    [{ kind: "start", target: null, value: true }, "The start:"],
  ]) {
    test(wanted, () => assert.equal(nameOf(entry, state, promptOf), wanted));
  }
});

test("refusals of one note share a row", () => {
  assert.equal(keyOf({ id: "a", kind: "note", target: 3 }), keyOf({ id: "b", kind: "note", target: 3 }));
  assert.notEqual(keyOf({ id: "a", kind: "rate", target: 3 }), keyOf({ id: "b", kind: "rate", target: 3 }));
});

test("textOf is what was typed, and nothing else", () => {
  const texts = [
    { kind: "note", value: "Knows" },
    { kind: "nudge", value: "Slower" },
    { kind: "unlisted", value: { text: "Knows" } },
    { kind: "draft", value: { text: "Logs", rating: 4, prompt: "What?" } },
    { kind: "nudge", value: null },
    { kind: "rate", value: 3 },
    { kind: "rate", value: "3" },
  ].map(textOf);
  assert.deepEqual(texts, ["Knows", "Slower", "Knows", "On “What?” (Excellent): Logs", "", "", ""]);
});
