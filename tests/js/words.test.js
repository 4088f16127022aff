import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventOf } from "../../static/js/live/expected.js";
import { apply } from "../../static/js/live/state.js";
import { factWords, news } from "../../static/js/live/words.js";
import { callWith, withQuestions } from "./fixtures.js";

const AT = "2026-03-02T10:05:00+00:00";
const nameOf = { question: (id) => `Question ${id}`, gate: () => "Go deeper?", point: (id) => `Point ${id}` };
const asked = withQuestions(callWith({ turn: 7 }), { 1: { state: "asked", asked_at: AT, asked_by: 7 } });

function told(command, who, before = asked) {
  const event = eventOf(command, before, AT);
  return factWords(event, who, { before, state: apply(before, event), nameOf });
}

describe("what changes the call for everyone", () => {
  const acts = [
    [{ kind: "skip", target: 3, value: 1 }, "skipped, out of time: Question 3"],
    [{ kind: "ask", target: 1, value: null }, "marked as not asked: Question 1"],
    [{ kind: "gate", target: 2, value: true }, "decided to continue: Go deeper?"],
    [{ kind: "gate", target: 2, value: null }, "undid the decision: Go deeper?"],
    [{ kind: "end", value: true }, "ended the call"],
    [{ kind: "start", value: false }, "undid the start of the interview"],
    [{ kind: "lead", value: 8 }, "made Jo the lead"],
    [{ kind: "turn", value: 8 }, "passed to Jo. Jo asks next"],
  ];
  for (const [command, words] of acts) {
    test(`is told in the same words to whoever did it and to the others: ${words}`, () => {
      assert.equal(told(command, "You"), `You ${words}`);
      assert.equal(told(command, "Luc"), `Luc ${words}`);
    });
  }

  test("names me as you", () => {
    const jo = { ...asked, me: { ...asked.me, user: 80, panelist: 8 } };
    assert.equal(told({ kind: "lead", value: 8 }, "Ada", jo), "Ada made you the lead");
    assert.equal(told({ kind: "turn", value: 8 }, "Ada", jo), "Ada passed to you. You ask next");
    assert.equal(told({ kind: "turn", value: 7 }, "You", { ...asked, turn: 8 }), "You took over. You ask next");
  });
});

describe("news of others", () => {
  const event = (kind, payload) => ({ stream: "shared", seq: 1, actor: 80, kind, payload });
  const heard = event("tick", { point: 21, panelist: 8, on: true, at: AT });
  const from = (isInSight, ...events) => news({ events, before: asked, state: asked, nameOf, isInSight: () => isInSight });

  test("of a point are shown only where the page does not show the point", () => {
    assert.deepEqual(from(true, heard), { text: "Jo heard: Point 21", isVisible: false });
    assert.equal(from(false, heard).isVisible, true);
  });

  test("of an act for everyone are shown, and of my own there are none", () => {
    const skip = event("skip", { question: 3, state: "skipped", skip_reason: 1, current: { question: null } });
    assert.deepEqual(from(true, skip), { text: "Jo skipped, out of time: Question 3", isVisible: true });
    assert.equal(from(true, { ...skip, actor: 70 }), null);
  });
});
