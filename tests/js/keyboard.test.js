import "./browser.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createKeyboard } from "../../static/js/live/keyboard.js";
import { element, pageWith } from "./elements.js";

const nothing = () => {};

/** What each key says, pressed one after the other at the question that the panel asks. */
function said({ part = "lead", status = "live", isSubmitted = false }, keys) {
  const buttons = { "[data-skip]": element({ hidden: true }), "[data-ask]": element({ hidden: true }) };
  const fields = { "[data-end-field]": element(), '[data-card="q5"]': element() };
  pageWith({ ...buttons, ...fields, ".one.is-shown [data-park]": element({ hidden: true }) });
  const body = element({ matches: () => false });
  Object.assign(document, { body, activeElement: body, getElementsByTagName: () => [] });
  const listeners = [];
  document.addEventListener = (kind, listener) => kind === "keydown" && listeners.push(listener);
  const words = [];
  const [me, panel] = [1, { 1: {}, 2: {} }];
  const state = {
    me: { panelist: me, may_cover: part !== "shadow", may_lead: part === "lead", is_submitted: isSubmitted },
    interview: { status },
    current: { question: 5 },
    turn: part === "lead" ? me : 2,
    panel,
  };
  const closed = { isOpen: () => false, close: nothing, toggle: nothing, open: nothing };
  const parts = {
    state: () => state,
    sight: { card: () => "q5", shownId: () => 5, show: nothing },
    actions: {},
    history: { snapshot: nothing, restore: nothing },
    moves: {},
    drawers: closed,
    skipMenu: closed,
    privacy: { level: () => 0, why: () => null },
    help: { areKeysOn: () => true },
    short: {},
    outbox: { provisionally: (act) => act() },
    refresh: nothing,
    say: nothing,
    explain: (why) => words.push(why),
    wrapUp: closed,
    handOver: closed,
    clicks: { verbs: {}, rate: nothing },
  };
  createKeyboard(/** @type {any} */ (parts));
  keys.forEach((key, at) => {
    const event = { key, timeStamp: at * 1_000, target: body, preventDefault: nothing };
    for (const listener of listeners) listener(event);
  });
  return words;
}

describe("keys that cannot move the script", () => {
  const KEYS = ["Enter", "x", "b"];

  test("tell a shadow who may", () => {
    const words = ["ask", "skip", "park"].map((act) => `Shadows can’t ${act} questions`);
    assert.deepEqual(said({ part: "shadow" }, KEYS), words);
  });

  test("tell the others what is so here", () => {
    const words = ["This question is already being asked", "Nothing to skip here", "Nothing to park here"];
    assert.deepEqual(said({}, KEYS), words);
  });

  test("tell everyone when the call is not on", () => {
    const words = {
      scheduled: "The interview hasn’t started yet",
      ended: "The call has ended",
      cancelled: "This interview was cancelled",
      gone: "You’re no longer on this panel",
    };
    for (const [status, why] of Object.entries(words)) {
      assert.deepEqual(said({ part: "shadow", status }, KEYS), [why, why, why]);
    }
    assert.deepEqual(said({ status: "ended", isSubmitted: true }, ["x"]), ["You’ve submitted your scorecard"]);
  });
});
