import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventOf } from "../../static/js/live/expected.js";
import { apply } from "../../static/js/live/state.js";
import { createHistory, inverseOf, whyItStays } from "../../static/js/live/undo.js";
import { callWith, MINUTE, START, withGate, withQuestions } from "./fixtures.js";

const AT = new Date(START + 5 * MINUTE).toISOString();
const asked = (question) =>
  withQuestions(callWith({ current: { question, since: AT } }), { [question]: { state: "asked", asked_at: AT, asked_by: 7 } });
const parked = (state, question) => withQuestions(state, { [question]: { parked: true } });
const after = (state, ...commands) => commands.reduce((now, command) => apply(now, eventOf(command, now, AT)), state);
const step = (command, state) => ({ id: "x", ...command, back: inverseOf(command, state) });
const mine = { ticks: [{ point: 21, panelist: 7, at: AT }] };
const heard = { client_id: "p", question: 1, text: "names a CDN", author: 7 };

const line = { client_id: "n", author: 8, text: "Ask about Vary", at: AT, seen: false };
const ledBy = (seat) => apply(callWith({ turn: seat }), eventOf({ kind: "lead", value: seat }, callWith({ turn: seat }), AT));

/** What is left of a state to compare: not the time spent on a question, nor the moments. */
const facts = ({ questions, current, ticks, unlisted, ratings, loose_ends, turn, panel, sections, interview, nudges }) => ({
  questions: questions.map(({ seconds: _, ...fields }) => fields),
  current: current.question,
  ticks: ticks.map(({ at: _, ...tick }) => tick),
  unlisted: unlisted.map((row) => ({ ...row, ticks: row.ticks.map(({ panelist }) => panelist) })),
  ratings: Object.fromEntries(Object.entries(ratings).filter(([, { value, flags }]) => value !== null || flags.length)),
  loose_ends,
  turn,
  panel,
  sections,
  nudges: nudges.map(({ text, seen }) => [text, seen]),
  status: interview.status,
  isPaused: Boolean(interview.pause?.since),
  minutes: interview.minutes,
  mayRunOver: Boolean(interview.may_run_over),
});

describe("the opposite of a command", () => {
  const late = { client_id: "l", question: 1, text: "Vary?", is_done: false };
  const rated = (value, flags = []) => callWith({ ratings: { 1: { value, flags } } });
  const cases = [
    ["a tick", callWith(), { kind: "tick", target: 21, value: true }],
    ["an untick", callWith(mine), { kind: "tick", target: 21, value: false }],
    ["a rating", rated(2), { kind: "rate", target: 1, value: 4 }],
    ["a cleared rating", rated(2), { kind: "rate", target: 1, value: null }],
    ["“I don't know”, which raised Poor", rated(1), { kind: "flag", target: 1, value: { flag: "dont_know", on: true } }],
    ["a cleared flag", rated(2, ["depth"]), { kind: "flag", target: 1, value: { flag: "depth", on: false } }],
    ["an extra point", callWith(), { kind: "unlisted", target: "p", value: { question: 1, text: "names a CDN" } }],
    [
      "new words for one",
      callWith({ unlisted: [{ ...heard, ticks: [{ panelist: 7, at: AT }] }] }),
      { kind: "unlisted", target: "p", value: { question: 1, text: "names Varnish" } },
    ],
    [
      "an unticked extra point, which is gone from the page",
      callWith({ unlisted: [{ ...heard, ticks: [{ panelist: 7, at: AT }] }] }),
      { kind: "unlisted_tick", target: "p", value: false, row: heard },
    ],
    ["something to follow up later", callWith(), { kind: "loose_end", target: "l", value: { question: 1, text: "Vary?", is_done: false } }],
    [
      "one ticked off",
      callWith({ loose_ends: [late] }),
      { kind: "loose_end", target: "l", value: { question: 1, text: "Vary?", is_done: true } },
    ],
    ["one deleted", callWith({ loose_ends: [late] }), { kind: "loose_end", target: "l", value: null }],
    ["asking the first question", callWith(), { kind: "ask", target: 1, value: "now" }],
    ["asking the next one", asked(1), { kind: "ask", target: 3, value: "now" }],
    [
      "asking one that was skipped",
      withQuestions(asked(1), { 3: { state: "skipped", skip_reason: 2 } }),
      { kind: "ask", target: 3, value: "now" },
    ],
    ["marking the current one as not asked", asked(1), { kind: "ask", target: 1, value: null }],
    ["skipping the current one", asked(1), { kind: "skip", target: 1, value: 1 }],
    ["another reason", withQuestions(callWith(), { 3: { state: "skipped", skip_reason: 2 } }), { kind: "skip", target: 3, value: 5 }],
    ["undoing a skip", withQuestions(callWith(), { 3: { state: "skipped", skip_reason: 2 } }), { kind: "skip", target: 3, value: null }],
    ["a decision at a gate", withGate(callWith(), false), { kind: "gate", target: 2, value: true }],
    ["passing on who asks", callWith({ turn: 7 }), { kind: "turn", value: 8 }],
    ["passing the lead", callWith({ turn: 7 }), { kind: "lead", value: 8 }],
    ["taking the lead", ledBy(8), { kind: "take_lead", value: true }],
    ["parking", callWith(), { kind: "park", target: 3, value: true }],
    ["unparking", withQuestions(callWith(), { 3: { parked: true } }), { kind: "park", target: 3, value: false }],
    ["asking what was parked", withQuestions(asked(1), { 3: { parked: true } }), { kind: "ask", target: 3, value: "now" }],
    ["the end, with the current question parked", parked(asked(1), 1), { kind: "end", value: true }],
    ["asking another one, with the current one parked", parked(asked(1), 1), { kind: "ask", target: 3, value: "now" }],
    ["marking a parked one as not asked", parked(asked(1), 1), { kind: "ask", target: 1, value: null }],
    ["skipping a parked one", parked(asked(1), 3), { kind: "skip", target: 3, value: 1 }],
    ["skipping the current one, parked", parked(asked(1), 1), { kind: "skip", target: 1, value: 1 }],
    ["pausing", asked(1), { kind: "pause", value: true }],
    ["resuming", after(asked(1), { kind: "pause", value: true }), { kind: "pause", value: false }],
    ["another length of the call", callWith(), { kind: "minutes", value: 75 }],
    ["letting it run over", callWith(), { kind: "run_over", value: true }],
    ["a line to the panel", callWith(), { kind: "nudge", target: "n", value: "Ask about Vary" }],
    ["dismissing one", callWith({ nudges: [line] }), { kind: "nudge_seen", target: "n", value: true }],
    ["the end", asked(1), { kind: "end", value: true }],
    ["the start", apply(callWith(), eventOf({ kind: "start", value: false }, callWith(), AT)), { kind: "start", value: true }],
  ];
  for (const [title, state, command] of cases) {
    test(`brings back what was before ${title}`, () => {
      const done = after(state, command);
      const back = inverseOf(command, state);
      assert.notDeepEqual(facts(done), facts(state));
      assert.deepEqual(facts(after(done, ...back)), facts(state));
      let now = done;
      for (const one of back) {
        assert.equal(whyItStays(one, step(command, state), now, { current: done.current.question }) ?? null, null);
        now = after(now, one);
      }
    });
  }

  test("of a suggestion takes it back, and sends it again", () => {
    const value = { kind: "dated", question: 1, text: "Redis has changed" };
    const [back] = inverseOf({ kind: "suggest", target: "u", value }, callWith());
    assert.deepEqual([back.value, inverseOf(back, callWith())[0].value], [null, value]);
  });

  test("is nothing where nothing changed", () => {
    assert.deepEqual(inverseOf({ kind: "tick", target: 21, value: true }, callWith(mine)), []);
    assert.deepEqual(inverseOf({ kind: "ask", target: 1, value: "asked" }, asked(1)), []);
    assert.deepEqual(inverseOf({ kind: "note", target: 1, value: "Browser undoes it" }, callWith()), []);
  });
});

describe("what stays", () => {
  const ask = { kind: "ask", target: 3, value: "now" };
  const [unask, goBack] = inverseOf(ask, asked(1));

  test("is the asking of a question with something recorded, by anybody, and the move goes back without", () => {
    const done = after(asked(1), ask);
    const records = [
      { points: [{ id: 31, question: 3, kind: "brownie", leads_to: null }], ticks: [{ point: 31, panelist: 8, at: AT }] },
      { unlisted: [{ ...heard, question: 3, ticks: [{ panelist: 8, at: AT }] }] },
      { ratings: { 3: { value: null, flags: ["depth"] } } },
      { notes: { 3: { text: "Good", revision: 1 } } },
    ];
    for (const record of records) assert.match(whyItStays(unask, step(ask, asked(1)), { ...done, ...record }), /something is recorded/);
    assert.equal(whyItStays(goBack, step(ask, asked(1)), done, { current: 3 }), null);
  });

  test("is the question to which somebody has moved the panel since", () => {
    const done = { ...after(asked(1), ask), current: { question: 4, since: AT } };
    assert.match(whyItStays(goBack, step(ask, asked(1)), done, { current: 3 }), /moved on/);
  });

  test("are the decision, the turn, the lead and the skip that somebody has changed since", () => {
    const gate = { kind: "gate", target: 2, value: true };
    assert.match(whyItStays(inverseOf(gate, callWith())[0], step(gate, callWith()), withGate(callWith(), false)), /Someone else/);
    const turn = { kind: "turn", value: 8 };
    const state = callWith({ turn: 7 });
    assert.match(whyItStays(inverseOf(turn, state)[0], step(turn, state), { ...state, turn: 7 }), /passed on/);
    const lead = { kind: "lead", value: 8 };
    assert.match(whyItStays(inverseOf(lead, state)[0], step(lead, state), state), /passed on/);
    const skip = { kind: "skip", target: 3, value: 1 };
    assert.match(whyItStays(inverseOf(skip, callWith())[0], step(skip, callWith()), asked(3)), /has since asked this question/);
  });

  test("are my extra point and what I follow up later, once another window has changed them", () => {
    const text = { question: 1, text: "Vary?" };
    const later = { kind: "loose_end", target: "l", value: { ...text, is_done: false } };
    const extra = { kind: "unlisted", target: "p", value: text };
    const cases = [
      [later, { ...later, value: { ...text, is_done: true } }],
      [later, { ...later, value: null }],
      [extra, { ...extra, value: { ...text, text: "Vary: Cookie" } }],
      [extra, { kind: "unlisted_tick", target: "p", value: false }],
    ];
    for (const [command, elsewhere] of cases) {
      const before = callWith();
      const now = after(before, command);
      const [back] = inverseOf(command, before);
      assert.equal(whyItStays(back, step(command, before), now), null);
      assert.match(whyItStays(back, step(command, before), after(now, elsewhere)), /another window/);
      // Redone, it is there again.
      const redo = step(back, now);
      assert.equal(whyItStays(redo.back[0], redo, after(now, back)), null);
    }
  });

  test("give a tick back with the time that it had", () => {
    const untick = { kind: "tick", target: 21, value: false };
    const at = new Date(START + MINUTE).toISOString();
    const before = callWith({ ticks: [{ point: 21, panelist: 7, at }] });
    const now = after(before, untick);
    assert.deepEqual(after(now, inverseOf(untick, before)[0]).ticks, before.ticks);
  });

  test("are my rating, flag and tick that I have changed in another window since", () => {
    const rate = { kind: "rate", target: 1, value: 3 };
    const flag = { kind: "flag", target: 1, value: { flag: "depth", on: true } };
    const tick = { kind: "tick", target: 21, value: true };
    for (const command of [rate, flag, tick]) {
      const state = callWith();
      const [back] = inverseOf(command, state);
      assert.equal(whyItStays(back, step(command, state), after(state, command)), null);
      assert.match(whyItStays(back, step(command, state), state), /another window/);
    }
    assert.match(
      whyItStays(inverseOf(rate, callWith())[0], step(rate, callWith()), after(callWith(), { ...rate, value: 2 })),
      /another window/,
    );
  });

  test("is not the question marked as not asked: redone, it is unasked again; beside a tick it stays while it is asked", () => {
    const unaskIt = { kind: "ask", target: 1, value: null };
    const [again] = inverseOf(unaskIt, asked(1));
    const undone = after(after(asked(1), unaskIt), again);
    const redo = step(again, after(asked(1), unaskIt));
    assert.equal(whyItStays(redo.back[0], redo, asked(1), { steps: [redo] }), null);
    assert.equal(whyItStays(redo.back[0], redo, undone, { steps: [redo] }), null);
    assert.equal(whyItStays(redo.back[0], redo, asked(1), { steps: [redo, { kind: "tick" }] }), "");
  });
});

describe("the history", () => {
  const act = (id, more = {}) => ({
    id,
    at: Number(id),
    words: id,
    from: "q1",
    to: "q1",
    steps: [{ id: `c${id}`, kind: "tick", back: [] }],
    ...more,
  });
  const ids = (acts) => acts.map(({ id }) => id);

  test("undoes and redoes the newest first, at least ten deep, and forgets the oldest", () => {
    const history = createHistory({ most: 12 });
    for (let number = 1; number <= 15; number += 1) history.add(act(String(number)));
    const undone = [];
    for (let next = history.next(false); next; next = history.next(false)) {
      undone.push(next.id);
      history.takeBack(next, false);
    }
    assert.deepEqual(undone, ["15", "14", "13", "12", "11", "10", "9", "8", "7", "6", "5", "4"]);
    assert.equal(history.next(true).id, "4");
    history.takeBack(history.next(true), true);
    assert.equal(history.next(true).id, "5");
    history.add(act("16"));
    assert.equal(history.next(true), undefined);
    assert.deepEqual(history.counts(), { done: 2, undone: 0 });
  });

  test("is stored act by act, and outlives a reload together with what was undone", () => {
    const rows = new Map();
    const onChange = (acts, gone) => {
      for (const one of acts) rows.set(one.id, structuredClone(one));
      for (const id of gone) rows.delete(id);
    };
    const before = createHistory({ onChange });
    for (const id of ["1", "2", "3", "4"]) before.add(act(id));
    for (let times = 0; times < 2; times += 1) before.takeBack(before.next(false), false);
    const history = createHistory({ onChange });
    history.load([...rows.values()]);
    assert.deepEqual([history.next(false).id, history.next(true).id], ["2", "3"]);
    history.takeBack(history.next(true), true);
    assert.equal(history.next(true).id, "4");
    history.add(act("5"));
    assert.deepEqual([...rows.keys()].sort(), ["1", "2", "3", "5"]);
  });

  test("drops what turned out to change nothing, but for the move", () => {
    const history = createHistory();
    history.add(act("1"));
    history.add(act("2", { to: "q2" }));
    history.forget("c2");
    assert.deepEqual(history.next(false).steps, []);
    history.forget("c1");
    assert.deepEqual(ids(history.snapshot().done), ["2"]);
  });

  test("goes back to a moment, for keys that turned out to be text", () => {
    const history = createHistory();
    history.add(act("1"));
    const moment = history.snapshot();
    history.takeBack(history.next(false), false);
    history.add(act("2"));
    history.restore(moment);
    assert.deepEqual(history.snapshot(), moment);
  });
});
