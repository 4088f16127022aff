// The pace of a call in its usual and odd states, with the words for it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { paceOf } from "../../static/js/live/pace.js";
import { clockWords, leftWords, paceLine, paceWords } from "../../static/js/live/pace-words.js";

const START = Date.UTC(2026, 10, 20, 14);
const iso = (minute) => new Date(START + minute * 60_000).toISOString();

const question = (id, section, changes) => ({
  id,
  section,
  parent: null,
  kind: "answer",
  minutes: 5,
  must_ask: true,
  state: "unasked",
  asked_at: null,
  asked_by: null,
  skip_reason: null,
  seconds: 0,
  ...changes,
});
const section = (id, minutes, changes) => ({
  id,
  title: ["one", "two", "three", "yours"][id - 1],
  minutes,
  gate: "",
  is_gate_open: null,
  is_for_candidate: false,
  ...changes,
});

/** Sections of 10, 10, 10 (behind a gate) and 5 minutes in a call of 25; the first question is being asked. */
const call = (changes) => ({
  interview: { status: "live", started_at: iso(0), ended_at: null, minutes: 25, welcome: 0 },
  sections: [section(1, 10), section(2, 10), section(3, 10, { gate: "Go on?" }), section(4, 5, { is_for_candidate: true })],
  questions: [
    question(1, 1, { state: "asked", asked_at: iso(0) }),
    question(2, 1, { must_ask: false, minutes: 3 }),
    question(3, 2, { minutes: 8 }),
    question(4, 2, { parent: 3, minutes: 4 }),
    question(5, 3, { minutes: 9 }),
    question(6, 4, { kind: "conversation" }),
  ],
  current: { question: 1, since: iso(0) },
  points: [],
  ticks: [],
  ...changes,
});
/** The usual call, with these questions changed. */
const withQuestions = (changes, more = {}) => call({ questions: call().questions.map((one) => ({ ...one, ...changes[one.id] })), ...more });
const withGate = (is_gate_open) => call({ sections: call().sections.map((one) => (one.gate ? { ...one, is_gate_open } : one)) });

/** The pace that many minutes after the start, with its words and the clock's. */
const told = (state, minute) => {
  const now = START + minute * 60_000;
  const pace = paceOf(state, null, now);
  const clock = clockWords(state, now);
  return { ...pace, words: paceWords(pace), line: paceLine(pace, true), leftWords: leftWords(pace), clock };
};

describe("paceOf", () => {
  test("on time counts what is used and keeps the candidate’s minutes", () => {
    const pace = told(call(), 4);
    assert.equal(pace.words, "On time. 5 min reserved for the candidate’s questions.");
    assert.deepEqual([pace.question.used, pace.section.used, pace.call.used], [4, 4, 4]);
    assert.equal(pace.leftWords, "2 questions before the gate, 10 min after it.");
    const line = "On time · 4/25 min · section 4/10 min · 2 questions before the gate, 10 min after it · 5 reserved";
    assert.equal(pace.line, line);
    assert.equal(pace.clock, "21:00");
  });

  test("what lies behind an undecided or closed gate is not in it", () => {
    const [undecided, closed, opened] = [call(), withGate(false), withGate(true)].map((state) => told(state, 4));
    assert.deepEqual(undecided.gate, { minutes: 10 });
    assert.equal(closed.gate, null);
    assert.deepEqual([undecided.behind, closed.behind], [0, 0]);
    assert.equal(Math.round(opened.behind), 10);
    assert.equal(opened.leftWords, "3 questions left.");
  });

  test("behind, it suggests the optional before the longest follow-up", () => {
    const state = withQuestions({ 3: { state: "asked", asked_at: iso(9) } }, { current: { question: 3, since: iso(9) } });
    state.questions.push(question(7, 2, { parent: 3, minutes: 2 }));
    const pace = told(state, 19);
    assert.match(pace.words, /^About /);
    const suggested = pace.drop.map(({ id }) => id);
    assert.deepEqual(suggested, [2, 4, 7]);
    assert.match(pace.line, /behind/);
  });

  test("a must-ask question is never suggested", () => {
    const asked = question(1, 1, { state: "asked", asked_at: iso(0) });
    const pace = told(call({ questions: [asked, question(3, 2, { minutes: 8 }), question(6, 4)] }), 20);
    assert.ok(pace.behind > 2);
    assert.deepEqual(pace.drop, []);
  });

  test("over time it is calm and suggests nothing", () => {
    const pace = told(call(), 28.5);
    assert.match(pace.words, /^3 min over; wrap up when you can\..*The candidate’s questions are still to come\.$/);
    assert.equal(pace.clock, "3 min over");
    assert.deepEqual(pace.drop, []);
  });

  test("a skipped section wants no time", () => {
    const skipped = { state: "skipped", skip_reason: 1 };
    const pace = told(withQuestions({ 2: skipped, 3: skipped }), 14);
    assert.equal(pace.behind, 0);
    assert.equal(pace.leftWords, "The gate is next, 10 min after it.");
  });
});

describe("before the start and after the end", () => {
  const nobody = { question: null, since: null };
  const planned = { status: "scheduled", started_at: null, ended_at: null, minutes: 25 };

  test("the clock shows the planned time and the countdown", () => {
    const before = call({ interview: { ...planned, scheduled_for: iso(0) }, current: nobody });
    const hour = (at) => at.slice(11, 16);
    const clocks = [-4320, -300, -25, -0.5, 2].map((minute) => clockWords(before, START + minute * 60_000, hour));
    assert.deepEqual(clocks, ["14:00 · in 3 days", "14:00 · in 5 h", "14:00 · in 25 min", "14:00 · in 1 min", "14:00"]);
  });

  test("nothing ticks", () => {
    const before = told(call({ interview: planned, current: nobody }), 60);
    assert.deepEqual([before.call.used, before.clock], [0, "25 min"]);
    const ended = { ...planned, status: "ended", started_at: iso(0), ended_at: iso(22) };
    const after = told(call({ interview: ended, current: nobody }), 60);
    assert.deepEqual([after.call.used, after.clock], [22, "22 min"]);
  });
});
