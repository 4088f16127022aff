import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventOf } from "../../static/js/live/expected.js";
import { elapsed, paceOf, secondsOn, usedIn } from "../../static/js/live/pace.js";
import {
  apply,
  asksNext,
  cards,
  heardCount,
  isOffered,
  isOpen,
  nextCard,
  offersOf,
  questionOf,
  ratingOf,
  reach,
} from "../../static/js/live/state.js";
import { callWith, MINUTE, START, withGate, withQuestions } from "./fixtures.js";

const AT = new Date(START + 5 * MINUTE).toISOString();
const entry = (kind, target, value, more = {}) => ({ kind, target, value, ...more });
/** The state after these commands, as the page shows it before the server answers. */
const after = (state, ...entries) => entries.reduce((now, one) => apply(now, eventOf(one, now, AT)), state);
const ticked = (point, panelist = 7) => ({ ticks: [{ point, panelist, at: AT }] });

describe("reach", () => {
  test("a gate that is not decided holds back its own section", () => {
    assert.deepEqual(
      [1, 2, 3].map((id) => reach(callWith(), id)),
      ["open", "undecided", "open"],
    );
  });

  test("a closed gate closes its section, and never the candidate's own", () => {
    const state = withGate(callWith(), false);
    assert.deepEqual(
      [1, 2, 3].map((id) => reach(state, id)),
      ["open", "closed", "open"],
    );
  });

  test("an open gate opens its section", () => {
    assert.equal(reach(withGate(callWith(), true), 2), "open");
  });
});

describe("follow-ups", () => {
  test("one with a cue is offered once the cue is ticked, by anybody", () => {
    const state = callWith();
    assert.equal(isOffered(state, questionOf(state, 2)), false);
    assert.equal(isOffered(withQuestions(state, { 1: { state: "asked" } }), questionOf(state, 2)), false);
    assert.equal(isOffered(callWith(ticked(22, 8)), questionOf(state, 2)), true);
  });

  test("one without a cue is offered once its parent was asked", () => {
    const state = callWith({ points: [] });
    assert.equal(isOffered(state, questionOf(state, 2)), false);
    assert.equal(isOffered(withQuestions(state, { 1: { state: "asked" } }), questionOf(state, 2)), true);
  });

  test("what is offered after a question is not asked yet", () => {
    const state = callWith(ticked(22));
    assert.deepEqual(
      offersOf(state, 1).map(({ id }) => id),
      [2],
    );
    assert.deepEqual(offersOf(withQuestions(state, { 2: { state: "asked" } }), 1), []);
    assert.deepEqual(offersOf(callWith(), 1), []);
  });
});

describe("cards", () => {
  test("a gate comes before the questions of its section", () => {
    assert.deepEqual(cards(callWith()), ["q1", "q2", "q3", "g2", "q4", "q5"]);
  });

  test("next is the first open question, without follow-ups that are not offered", () => {
    assert.equal(nextCard(callWith(), null), "q1");
    assert.equal(nextCard(callWith(), "q1"), "q3");
    assert.equal(nextCard(callWith(ticked(22)), "q1"), "q2");
  });

  test("an undecided gate comes next, a decided one does not", () => {
    assert.equal(nextCard(callWith(), "q3"), "g2");
    assert.equal(nextCard(withGate(callWith(), true), "q3"), "q4");
    assert.equal(nextCard(withGate(callWith(), false), "q3"), "q5");
  });

  test("after the last one it begins again with what was left open, and ends when nothing is", () => {
    assert.equal(nextCard(callWith(), "q5"), "q1");
    const done = { 1: { state: "asked" }, 3: { state: "skipped" }, 5: { state: "asked" } };
    assert.equal(nextCard(withGate(withQuestions(callWith(), done), false), "q5"), null);
  });

  test("only the first gate that is not open can be decided", () => {
    assert.equal(isOpen(callWith(), "g2"), true);
    assert.equal(isOpen(withGate(callWith(), false), "g2"), false);
  });
});

describe("asksNext", () => {
  test("only in a live call, and only whose turn it is", () => {
    const state = callWith();
    assert.equal(asksNext(state), true);
    assert.equal(asksNext({ ...state, turn: 8 }), false);
    assert.equal(asksNext({ ...state, me: { ...state.me, may_cover: false } }), false);
    assert.equal(asksNext({ ...state, interview: { ...state.interview, status: "ended" } }), false);
  });
});

describe("a pending command shows what the server will say", () => {
  test("asking one question stops the clock of the one before", () => {
    const asked = withQuestions(callWith({ current: { question: 1, since: new Date(START).toISOString() } }), { 1: { state: "asked" } });
    const state = after(asked, entry("ask", 3, "now"));
    assert.deepEqual(state.current, { question: 3, since: AT });
    assert.equal(questionOf(state, 1).seconds, 300);
    assert.equal(questionOf(state, 3).state, "asked");
  });

  test("asked without being the current one leaves the clock alone", () => {
    const state = after(callWith(), entry("ask", 3, "asked"));
    assert.equal(state.current.question, null);
    assert.equal(questionOf(state, 3).asked_by, 7);
  });

  test("skipping, and undoing it, leaves the question as it was", () => {
    const skipped = after(callWith(), entry("skip", 3, 2));
    assert.equal(questionOf(skipped, 3).skip_reason, 2);
    assert.deepEqual(after(skipped, entry("skip", 3, null)).questions, callWith().questions);
  });

  test("a second tick keeps the time of the first", () => {
    const state = callWith({ ticks: [{ point: 21, panelist: 7, at: "2026-03-02T10:01:00.000Z" }] });
    assert.equal(after(state, entry("tick", 21, true)).ticks[0].at, "2026-03-02T10:01:00.000Z");
    assert.deepEqual(after(state, entry("tick", 21, false)).ticks, []);
  });

  test("“I don't know” raises Poor to Mixed, leaves a better rating and none alone, and undoing it restores nothing", () => {
    const flag = (on) => entry("flag", 1, { flag: "dont_know", on });
    assert.deepEqual(ratingOf(after(callWith(), entry("rate", 1, 1), flag(true)), 1), { value: 2, flags: ["dont_know"] });
    assert.deepEqual(ratingOf(after(callWith(), entry("rate", 1, 4), flag(true)), 1), { value: 4, flags: ["dont_know"] });
    assert.deepEqual(ratingOf(after(callWith(), flag(true)), 1), { value: null, flags: ["dont_know"] });
    assert.deepEqual(ratingOf(after(callWith(), entry("rate", 1, 1), flag(true), flag(false)), 1), { value: 2, flags: [] });
  });

  test("an extra point whose row is gone comes back with the row that the command carries", () => {
    const row = { client_id: "u1", question: 1, text: "names a CDN", author: 7 };
    assert.equal(eventOf(entry("unlisted_tick", "u1", true), callWith(), AT), null);
    const [shown] = after(callWith(), entry("unlisted_tick", "u1", true, { row })).unlisted;
    assert.deepEqual(shown.ticks, [{ panelist: 7, at: AT }]);
  });

  test("a new lead asks next, and the one before is an interviewer", () => {
    const state = after(callWith(), entry("lead", null, 8));
    assert.deepEqual([state.panel[7].part, state.panel[8].part, state.turn, state.me.may_lead], ["interviewer", "lead", 8, false]);
  });

  test("a command of another page changes nothing here", () => {
    assert.equal(eventOf(entry("scorecard", "reason", "x"), callWith(), AT), null);
  });
});

describe("what was heard", () => {
  test("counts brownie points and extra points once each, and neither cues nor watch-outs", () => {
    const ticks = [
      { point: 21, panelist: 7, at: AT },
      { point: 21, panelist: 8, at: AT },
      { point: 22, panelist: 7, at: AT },
      { point: 23, panelist: 7, at: AT },
    ];
    const unlisted = [{ client_id: "u1", question: 1, text: "a CDN", author: 8, ticks: [{ panelist: 8, at: AT }] }];
    assert.equal(heardCount(callWith(), 1), 0);
    assert.equal(heardCount(callWith({ ticks }), 1), 1);
    assert.equal(heardCount(callWith({ ticks, unlisted }), 1), 2);
    assert.equal(heardCount(callWith({ ticks, unlisted }), 3), 0);
  });
});

describe("pace", () => {
  const at = (minutes) => START + minutes * MINUTE;

  test("time on a question runs while it is the current one", () => {
    const state = withQuestions(callWith({ current: { question: 1, since: AT } }), { 1: { state: "asked", seconds: 60 } });
    assert.equal(secondsOn(state, questionOf(state, 1), at(7)), 180);
    assert.equal(secondsOn(state, questionOf(state, 3), at(7)), 0);
    assert.equal(usedIn(state, 1, at(7)), 3);
  });

  test("a clock that is behind the server's takes no time away", () => {
    const state = callWith({ current: { question: 1, since: AT } });
    assert.equal(secondsOn(state, questionOf(state, 1), START), 0);
    assert.equal(elapsed(state, START - MINUTE), 0);
  });

  test("the call's time stands still once it has ended, and before it starts", () => {
    const { interview } = callWith();
    assert.equal(elapsed(callWith({ interview: { ...interview, ended_at: AT } }), at(50)), 5);
    assert.equal(elapsed(callWith({ interview: { ...interview, started_at: null } }), at(50)), 0);
  });

  test("at the start the call is on time, and the candidate's minutes are reserved", () => {
    const pace = paceOf(callWith(), null, START);
    assert.deepEqual([pace.left, pace.reserved, pace.behind, pace.over, pace.drop], [2, 5, 0, 0, []]);
  });

  test("less than two minutes behind is on time", () => {
    const need = 14 + 5;
    assert.equal(paceOf(callWith(), null, at(45 - need + 1.9)).behind, 0);
    assert.ok(paceOf(callWith(), null, at(45 - need + 2.1)).behind > 2);
  });

  test("time to spare is told once no gate is undecided, from five minutes on", () => {
    assert.equal(paceOf(callWith(), null, START).spare, 0);
    assert.equal(Math.round(paceOf(withGate(callWith(), false), null, START).spare), 26);
    assert.equal(paceOf(withGate(callWith(), false), null, at(22)).spare, 0);
  });

  test("behind, optional questions could be dropped, and never the must-asks", () => {
    assert.deepEqual(paceOf(callWith(), null, at(32)).drop, [{ id: 3, minutes: 5 }]);
  });

  test("over, nothing is suggested to be dropped", () => {
    const pace = paceOf(callWith(), null, at(50));
    assert.deepEqual([pace.over, pace.drop], [5, []]);
  });

  test("a section behind an undecided gate counts only once the panel continues", () => {
    const near = at(45 - 14 - 5 - 3);
    assert.equal(paceOf(callWith(), null, near).behind, 0);
    assert.equal(Math.round(paceOf(withGate(callWith(), true), null, near).behind), 7);
  });

  test("the candidate's minutes are reserved until their question was asked", () => {
    assert.equal(paceOf(withQuestions(callWith(), { 5: { state: "asked" } }), null, START).reserved, 0);
  });
});
