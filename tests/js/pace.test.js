// The words for the pace and the clock; the numbers behind them are in state.test.js.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { elapsed, paceOf } from "../../static/js/live/pace.js";
import { clockWords, lateWords, leftWords, paceLine, paceWords, stopwatch, timeWords, unbroken } from "../../static/js/live/pace-words.js";
import { callWith, MINUTE, START } from "./fixtures.js";

const pace = (changes) => ({ behind: 0, spare: 0, over: 0, reserved: 0, left: 3, ...changes });

describe("paceWords", () => {
  test("on time", () => assert.equal(paceWords(pace({})), "On time."));
  test("with time to spare", () => assert.equal(paceWords(pace({ spare: 12.6 })), "13 min to spare."));
  test("behind, in whole minutes", () => assert.equal(paceWords(pace({ behind: 7.6 })), "About 8 min behind."));
  test("less than a minute over is not over", () => assert.equal(paceWords(pace({ over: 0.9 })), "On time."));

  test("over, the candidate’s questions are named as long as they are to come", () => {
    assert.match(paceWords(pace({ over: 3.5, reserved: 5 })), /3 min.* The candidate’s questions are still to come\.$/);
    assert.doesNotMatch(paceWords(pace({ over: 3.5 })), /candidate/);
  });
});

describe("leftWords", () => {
  for (const [changes, words] of [
    [{ left: 3 }, "3 questions left."],
    [{ left: 1 }, "1 question left."],
    [{ left: 0, reserved: 5 }, "Only the candidate’s questions are left."],
    [{ left: 0 }, "Nothing is left to ask."],
    [{ left: 1, gate: { minutes: 45 } }, "1 question before the gate, 45 min after it."],
    [{ left: 0, gate: { minutes: 45 } }, "The gate is next, 45 min after it."],
  ]) {
    test(words, () => assert.equal(leftWords(pace(changes)), words));
  }
});

describe("stopwatch", () => {
  for (const [seconds, words] of [
    [-1, "0:00"],
    [59.9, "0:59"],
    [250, "4:10"],
    [3723, "1:02:03"],
  ]) {
    test(words, () => assert.equal(stopwatch(seconds), words));
  }
});

describe("clockWords", () => {
  const { interview } = callWith();
  const at = (changes, minute) => clockWords(callWith({ interview: { ...interview, ...changes } }), START + minute * MINUTE);

  test("before the start, the plan", () => assert.equal(at({ status: "scheduled", started_at: null }, 60), "45 min"));
  test("in the call, the time left", () => assert.equal(at({}, 4), "41:00"));
  test("for a minute, that it is up", () => assert.equal(at({}, 45.5), "time is up"));
  test("after it, how far it is over", () => assert.match(at({}, 48.5), /3 min/));

  test("it ends by its slot though it began late, and has its whole time after its slot", () => {
    const planned = (before) => ({ scheduled_for: new Date(START - before * MINUTE).toISOString() });
    assert.equal(at(planned(10), 4), "31:00");
    assert.equal(at(planned(-10), 4), "41:00");
    assert.equal(at(planned(60), 4), "41:00");
    const wordsOf = (changes) => lateWords(paceOf(callWith({ interview: { ...interview, ...planned(10), ...changes } }), null, START));
    assert.equal(wordsOf({}), "Began 10 min late, so it has 35 min.");
    assert.equal(wordsOf({ may_run_over: true }), "Began 10 min late and may run over.");
    assert.equal(at({ ...planned(10), may_run_over: true }, 4), "41:00");
    const pause = { since: null, by: "", seconds: 300 };
    assert.equal(wordsOf({ pause }), "Began 10 min late and was paused for 5 min, so it has 30 min.");
  });

  test("a pause stops it, and is not counted in what it took", () => {
    const since = new Date(START + 4 * MINUTE).toISOString();
    const pause = { since, by: "Ada Lovelace", seconds: 60 };
    const call = callWith({ interview: { ...interview, pause } });
    assert.equal(at({ pause }, 9), "paused");
    assert.equal(elapsed(call, START + 9 * MINUTE), 3);
    assert.equal(paceLine(paceOf(call, null, START + 9 * MINUTE), true), "Paused · 3/44 min");
    assert.equal(unbroken("Paused · 3/44 min"), "Paused ·\u00a03/44\u00a0min");
    assert.equal(timeWords(call, START + 9 * MINUTE), "3 min so far, welcome 3 min, paused for 6 min (not counted).");
  });

  test("the minutes before the first question are the welcome, and count for no question", () => {
    const call = callWith({ interview: { ...interview, welcome: null } });
    assert.equal(paceLine(paceOf(call, 1, START + 4 * MINUTE), true).split(" · ")[2], "welcome 4 min");
    const asked = { ...call, interview: { ...call.interview, welcome: 240 } };
    assert.equal(paceLine(paceOf(asked, 1, START + 6 * MINUTE), true).split(" · ")[2], "section 0/14 min");
  });

  test("after the end, what it took", () => {
    const ended_at = new Date(START + 22 * MINUTE).toISOString();
    assert.equal(at({ status: "ended", ended_at }, 60), "22 min");
  });
});
