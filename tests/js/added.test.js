// Questions added in the call, and parked ones: what the page shows and takes back before the server answers.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createAdded } from "../../static/js/live/added.js";
import { eventOf } from "../../static/js/live/expected.js";
import { paceOf } from "../../static/js/live/pace.js";
import { apply, cards, isOpen, nextCard, parkedOf, present, questionOf } from "../../static/js/live/state.js";
import { inverseOf, whyItStays } from "../../static/js/live/undo.js";
import { news } from "../../static/js/live/words.js";
import { callWith, events, MINUTE, START, withGate, withQuestions } from "./fixtures.js";

const AT = new Date(START + 5 * MINUTE).toISOString();
const after = (state, ...entries) => entries.reduce((now, one) => apply(now, eventOf(one, now, AT)), state);
const { event } = events.find(({ title }) => title === "a question is added with its follow-up, after a block");
const ID = event.payload.questions[0].added.id;
const takeBack = { kind: "add", target: ID, value: null };
const withAdded = (changes) => apply(callWith(changes), event);
const gone = (state) => after(state, takeBack);

describe("a question added in the call", () => {
  test("comes after the block, is current and in the order of the cards", () => {
    assert.deepEqual(cards(withAdded()).slice(0, 5), ["q1", "q2", "q31", "q32", "q3"]);
    assert.equal(withAdded().current.question, 31);
  });

  test("a new one is not shown before the server gave it a number", () => {
    assert.equal(eventOf({ kind: "add", target: "new", value: { text: "Why?" } }, callWith(), AT), null);
  });

  test("taken back, it is in no list, cannot be asked and takes no time", () => {
    const state = gone(withAdded());
    assert.equal(state.current.question, null);
    assert.ok(!cards(state).includes("q31"));
    assert.ok(!present(state).some(({ id }) => id === 31));
    assert.equal(isOpen(state, "q31"), false);
    assert.equal(paceOf(state, null, START).left, paceOf(callWith(), null, START).left);
  });

  test("who wrote something there still sees it", () => {
    const state = gone(withAdded({ notes: { 31: { text: "Good.", revision: 1 } } }));
    assert.ok(cards(state).includes("q31"));
  });

  test("undo and redo bring back what was", () => {
    const before = callWith({ current: { question: 1, since: AT } });
    const [back, again] = inverseOf({ kind: "add", target: ID, value: { question: 89 } }, before);
    assert.deepEqual([back, again], [takeBack, { kind: "ask", target: 1, value: "now" }]);
    assert.deepEqual(inverseOf(takeBack, withAdded()), [{ kind: "add", target: ID, value: { question: 89 } }]);
    assert.deepEqual(inverseOf(takeBack, gone(withAdded())), []);
    const redone = after(gone(withAdded()), { kind: "add", target: ID, value: { question: 89 } });
    assert.equal(redone.current.question, 31);
    assert.equal(questionOf(redone, 31).state, "asked");
  });

  test("it stays where something is recorded, in its follow-ups too", () => {
    const step = { kind: "add", target: ID, back: [], id: "x" };
    assert.equal(whyItStays(takeBack, step, withAdded()), null);
    assert.equal(whyItStays(takeBack, step, callWith()), null, "not there yet");
    assert.equal(whyItStays(takeBack, step, gone(withAdded())), "");
    const noted = withAdded({ notes: { 32: { text: "Good.", revision: 1 } } });
    assert.match(whyItStays(takeBack, step, noted), /something is recorded/);
  });

  test("who has left the panel asks for its card once, then whether they left", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let state = withAdded();
    const asked = [];
    globalThis.fetch = async (url) => asked.push(url) && { ok: false, status: 404, text: async () => "" };
    globalThis.document = /** @type {any} */ ({ querySelector: () => null });
    globalThis.DOMParser = /** @type {any} */ (
      class {
        parseFromString = () => document;
      }
    );
    const onMissing = () => (state = { ...state, interview: { ...state.interview, status: "gone" } });
    const added = createAdded(/** @type {any} */ ({ state: () => state, url: "/q/0/", onMissing, onCards: () => added.ensure() }));
    added.ensure();
    const once = asked.length;
    for (let turn = 0; turn < 10; turn += 1) await null;
    t.mock.timers.tick(60_000);
    for (let turn = 0; turn < 10; turn += 1) await null;
    assert.ok(once > 0);
    assert.deepEqual([asked.length, state.interview.status], [once, "gone"]);
  });

  test("the others read which one", () => {
    const told = { ...event, actor: 80 };
    const said = news({ events: [told], before: callWith(), state: withAdded(), nameOf: {}, isInSight: () => false });
    assert.deepEqual(said, { text: "Jo added a question and asks it: What does Vary do?", isVisible: true });
  });
});

describe("a parked question", () => {
  const parked = (state) => after(state, { kind: "park", target: 1, value: true });

  test("comes after all others, and only then", () => {
    assert.deepEqual(
      parkedOf(parked(callWith())).map(({ id }) => id),
      [1],
    );
    assert.equal(nextCard(parked(callWith()), null), "q3");
    const rest = withQuestions(withGate(parked(callWith()), false), { 3: { state: "asked" }, 5: { state: "asked" } });
    assert.equal(nextCard(rest, "q5"), "q1");
  });

  test("is no longer parked once asked now, or skipped", () => {
    for (const entry of [
      { kind: "ask", target: 1, value: "now" },
      { kind: "skip", target: 1, value: 1 },
    ])
      assert.deepEqual(parkedOf(after(parked(callWith()), entry)), []);
  });

  test("a tick on one that was asked leaves it parked", () => {
    const asked = withQuestions(parked(callWith()), { 1: { state: "asked", asked_at: AT, asked_by: 7 } });
    assert.equal(parkedOf(after(asked, { kind: "ask", target: 1, value: "asked" })).length, 1);
  });

  test("undo of asking it parks it again", () => {
    const back = inverseOf({ kind: "ask", target: 1, value: "now" }, parked(callWith()));
    assert.deepEqual(back, [
      { kind: "ask", target: 1, value: null },
      { kind: "park", target: 1, value: true },
    ]);
    assert.deepEqual(inverseOf({ kind: "park", target: 1, value: true }, callWith()), [{ kind: "park", target: 1, value: false }]);
    assert.deepEqual(inverseOf({ kind: "park", target: 1, value: false }, callWith()), []);
  });
});
