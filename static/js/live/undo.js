// What can be undone and redone, as plain data: the opposite of a command, whether it may still be sent, and the two stacks.
// Nothing here touches the page or the clock.

import { blockOf, isRecorded, questionOf, ratingOf, rootOf, sectionOf } from "./state.js";

/** @import { Act, Command, State, Step } from "../types.js" */

/** So many acts are remembered. */
export const MOST = 40;

const ELSEWHERE = "Since changed in another window";

// Acts of these kinds mark their question as asked.
const RECORDS = ["tick", "unlisted", "unlisted_tick", "rate", "flag"];

const leaderOf = ({ panel }) => Number(Object.keys(panel).find((id) => panel[id].part === "lead" && !panel[id].has_left)) || null;

/**
 * The commands that bring back what a command changes, in the order to send. Empty where there is nothing to bring back.
 * @param {Command} command @param {State} state before the command @returns {Command[]}
 */
export function inverseOf({ kind, target, value, row }, state) {
  const set = (what, more = {}) => ({ kind, target, value: what, ...more });
  switch (kind) {
    case "tick": {
      const old = state.ticks.find((tick) => tick.point === target && tick.panelist === state.me.panelist);
      return Boolean(old) === value ? [] : [set(Boolean(old), { was: old?.at })];
    }
    case "unlisted": {
      const old = state.unlisted.find((other) => other.client_id === target);
      if (old) return old.text === value.text ? [] : [set({ question: old.question, text: old.text })];
      const fields = { ...value, client_id: target, author: state.me.panelist };
      return [{ kind: "unlisted_tick", target, value: false, row: fields }];
    }
    case "unlisted_tick": {
      const old = state.unlisted.find((other) => other.client_id === target);
      const mine = old?.ticks.find((tick) => tick.panelist === state.me.panelist);
      return Boolean(mine) === value ? [] : [set(Boolean(mine), { row, was: mine?.at })];
    }
    case "nudge": {
      const old = state.nudges.find((row) => row.client_id === target);
      if (value === null) return old ? [set(old.text)] : [];
      return old ? [] : [set(null)];
    }
    case "nudge_seen":
      return [set(!value)];
    case "suggest":
      return value ? [set(null, { row: value })] : [set(row)];
    case "rate":
      return ratingOf(state, target).value === value ? [] : [set(ratingOf(state, target).value)];
    case "flag": {
      const { value: rating, flags } = ratingOf(state, target);
      if (flags.includes(value.flag) === value.on) return [];
      const isRaised = value.on && value.flag === "dont_know" && rating === 1;
      return [set({ flag: value.flag, on: !value.on }), ...(isRaised ? [{ kind: "rate", target, value: 1 }] : [])];
    }
    case "loose_end": {
      const old = state.loose_ends.find((other) => other.client_id === target);
      if (!old) return value === null ? [] : [set(null)];
      const { client_id: _, ...fields } = old;
      return [set(fields)];
    }
    case "ask":
      return backFromAsking(target, value, state);
    case "skip": {
      const { state: covers, skip_reason: reason } = questionOf(state, target);
      if (covers === "skipped" ? reason === value : value === null) return [];
      const wasAsked = value !== null && state.current.question === target;
      const more = wasAsked ? askingAgain(target, state) : value === null ? [] : parkingAgain(target, state);
      return [set(covers === "skipped" ? reason : null), ...more];
    }
    case "park":
      return questionOf(state, target).parked === value ? [] : [set(!value)];
    case "add": {
      const { question: current } = state.current;
      if (value === null) return backFromRemoving(target, state);
      return [set(null), ...askingAgain(current, state)];
    }
    case "gate":
      return sectionOf(state, target).is_gate_open === value ? [] : [set(sectionOf(state, target).is_gate_open)];
    case "turn":
      return state.turn === value || state.turn === null ? [] : [set(state.turn)];
    case "lead":
    case "take_lead": {
      const leader = leaderOf(state);
      if (leader === (kind === "lead" ? value : state.me.panelist) || leader === null) return [];
      return [
        { kind: "lead", target, value: leader },
        ...(state.turn === leader || state.turn === null ? [] : [{ kind: "turn", value: state.turn }]),
      ];
    }
    case "pause":
      return Boolean(state.interview.pause?.since) === value ? [] : [set(!value)];
    case "run_over":
      return Boolean(state.interview.may_run_over) === value ? [] : [set(!value)];
    case "minutes":
      return state.interview.minutes === value ? [] : [set(state.interview.minutes)];
    case "start":
      return (state.interview.status === "live") === value ? [] : [set(!value)];
    case "end":
      return [{ kind: "reopen", value: true }, ...askingAgain(state.current.question, state)];
    case "reopen":
      return [{ kind: "end", value: true }];
    default:
      // Notes: the browser undoes typing.
      return [];
  }
}

/** Adding again what was added in the call. @param {string} target @param {State} state @returns {Command[]} */
function backFromRemoving(target, state) {
  const { added } = rootOf(state, target) ?? {};
  if (!added || added.removed) return [];
  return [{ kind: "add", target, value: added.source ? { question: added.source } : { text: added.prompt } }];
}

/** @param {number} target @param {"now"|"asked"|null} value @param {State} state @returns {Command[]} */
function backFromAsking(target, value, state) {
  const { state: covers, asked_at, asked_by, skip_reason } = questionOf(state, target);
  const { question: current } = state.current;
  if (value === null) {
    const asked = { kind: "ask", target, value: "asked", row: { asked_at, asked_by } };
    return covers === "asked" ? [asked, ...(current === target ? askingAgain : parkingAgain)(target, state)] : [];
  }
  const skipped = { kind: "skip", target, value: skip_reason };
  const unasked = { kind: "ask", target, value: null };
  const covering = { asked: [], unasked: [unasked], skipped: asked_at ? [skipped] : [unasked, skipped] }[covers];
  const isMoved = value === "now" && current && current !== target;
  const parking = value === "now" || covers !== "asked" ? parkingAgain(target, state) : [];
  return [...covering, ...parking, ...(isMoved ? askingAgain(current, state) : [])];
}

/** Back to the question that was being asked. @param {number|null} target @param {State} state @returns {Command[]} */
function askingAgain(target, state) {
  return target ? [{ kind: "ask", target, value: "now" }, ...parkingAgain(target, state)] : [];
}

/** Asking and skipping unpark a question. @param {number} target @param {State} state @returns {Command[]} */
function parkingAgain(target, state) {
  return questionOf(state, target).parked ? [{ kind: "park", target, value: true }] : [];
}

/**
 * Why a command that takes a step back is not sent: in words; "" if there is nothing to take back. Null if it is sent. The
 * server decides again, since others may have done what this page does not know yet.
 * @param {Command} back @param {Step} step @param {State} state
 * @param {{current?: number|null, steps?: {kind: string}[]}} [act] which the step is part of; `current` was being asked after it
 * @returns {string|null}
 */
export function whyItStays(back, step, state, act = {}) {
  const { status } = state.interview;
  switch (back.kind) {
    case "start":
      return status === (back.value ? "scheduled" : "live") ? null : "";
    case "end":
      return status === "live" ? null : "";
    case "pause":
      return status === "live" && Boolean(state.interview.pause?.since) === step.value ? null : "";
    case "reopen":
      return status === "ended" ? null : "The call is no longer ended";
    case "gate":
      return sectionOf(state, back.target).is_gate_open === step.value ? null : "Someone else has since decided at this gate";
    case "turn":
      // Together with the lead that went before it.
      if (step.kind === "lead" || step.kind === "take_lead") return null;
      return state.turn === step.value ? null : "The turn has since been passed on";
    case "lead":
      return leaderOf(state) === (step.kind === "lead" ? step.value : state.me.panelist) ? null : "The lead has since been passed on";
    case "skip":
      if (back.value !== null) return null;
      return questionOf(state, back.target).state === "skipped" ? null : "Someone else has since asked this question";
    case "park":
      return questionOf(state, back.target).parked === back.value ? "" : null;
    case "add":
      return back.value === null ? whyAddedStays(back.target, state) : null;
    case "ask":
      return whyAskingStays(back, state, act);
    case "unlisted":
    case "unlisted_tick":
    case "loose_end":
      return isAsLeft(step, state) ? null : ELSEWHERE;
    case "rate":
    case "flag":
    case "tick":
      return back.kind === step.kind && !isAsLeft(step, state) ? ELSEWHERE : null;
    default:
      return null;
  }
}

/** @param {string} target @param {State} state */
function whyAddedStays(target, state) {
  const root = rootOf(state, target);
  // Not there yet: the server takes it back once it has come.
  if (!root) return null;
  if (root.added.removed) return "";
  return blockOf(state, root.id).some(({ id }) => isRecorded(state, id)) ? "The question stays: something is recorded there" : null;
}

/** Whether what I recorded is as the step has left it. @param {Step} step @param {State} state */
function isAsLeft({ kind, target, value }, state) {
  const isMine = ({ panelist }) => panelist === state.me.panelist;
  const mine = (rows) => rows.find((row) => row.client_id === target);
  switch (kind) {
    case "tick":
      return state.ticks.some((tick) => tick.point === target && isMine(tick)) === value;
    case "rate":
      return ratingOf(state, target).value === value;
    case "flag":
      return ratingOf(state, target).flags.includes(value.flag) === value.on;
    case "unlisted": {
      const row = mine(state.unlisted);
      return Boolean(row?.ticks.some(isMine)) && row.text === value.text;
    }
    case "unlisted_tick":
      return Boolean(mine(state.unlisted)?.ticks.some(isMine)) === value;
    case "loose_end": {
      const row = mine(state.loose_ends);
      return row && value ? row.text === value.text && row.is_done === value.is_done : !row && !value;
    }
    default:
      return true;
  }
}

/** @param {Command} back @param {State} state @param {{current?: number|null, steps?: {kind: string}[]}} act */
function whyAskingStays({ target, value }, state, { current: left, steps = [] }) {
  const { state: covers } = questionOf(state, target);
  const { question: current } = state.current;
  if (value === "now") return [null, target, left].includes(current) ? null : "The panel has moved on to another question";
  if (value === "asked") return covers === "asked" ? "" : null;
  if (covers !== "asked") return "";
  // Marked as asked by a tick or rating only, beside it: no words.
  const isBeside = steps.some(({ kind }) => RECORDS.includes(kind));
  if (isBeside && (current === target || isRecorded(state, target))) return "";
  return isRecorded(state, target) ? "The question stays asked: something is recorded there" : null;
}

/** @param {Act} act @param {string} id @returns {Act[]} the act without a step; nothing where that was all of it */
function without(act, id) {
  if (!act.steps.some((step) => step.id === id)) return [act];
  const steps = act.steps.filter((step) => step.id !== id);
  return steps.length || act.from !== act.to ? [{ ...act, steps }] : [];
}

/**
 * The acts done and undone, the newest done and the next to redo last. `onChange` gets each act that is new or changed, and
 * the ids of those that are gone.
 * @param {{most?: number, onChange?: (acts: Act[], gone: string[]) => void}} [options]
 */
export function createHistory({ most = MOST, onChange } = {}) {
  /** @type {Act[]} */
  let done = [];
  /** @type {Act[]} */
  let undone = [];

  /** @param {Act[]} nowDone @param {Act[]} nowUndone @param {Act[]} [stored] acts that are new here, but not to `onChange` */
  function change(nowDone, nowUndone, stored = []) {
    const before = [...done, ...undone, ...stored];
    [done, undone] = [nowDone.slice(-most), nowUndone.slice(-most)];
    const after = [...done, ...undone];
    const ids = new Set(after.map(({ id }) => id));
    onChange?.(
      after.filter((act) => !before.includes(act)),
      before.map(({ id }) => id).filter((id) => !ids.has(id)),
    );
  }

  return {
    /** Something new was done: what was undone before cannot be redone any more. @param {Act} act */
    add: (act) => change([...done, act], []),

    /** The act that undo, or redo, takes back next. @param {boolean} isRedo @returns {Act|undefined} */
    next: (isRedo) => (isRedo ? undone : done).at(-1),

    /** That act was taken back; this is what was done for it. @param {Act} act @param {boolean} isRedo */
    takeBack(act, isRedo) {
      if (isRedo) change([...done, { ...act, is_undone: false }], undone.slice(0, -1));
      else change(done.slice(0, -1), [...undone, { ...act, is_undone: true }]);
    },

    /** This command has changed nothing on the server. @param {string} id */
    forget(id) {
      const rest = (acts) => acts.flatMap((act) => without(act, id));
      change(rest(done), rest(undone));
    },

    /** What this person did before the page was loaded. @param {Act[]} acts */
    load(acts) {
      const older = [...acts].sort((one, other) => one.at - other.at);
      const wereUndone = done.length ? [] : older.filter((act) => act.is_undone).reverse();
      change([...older.filter((act) => !act.is_undone), ...done], [...wereUndone, ...undone], older);
    },

    snapshot: () => ({ done, undone }),
    restore: (before) => change(before.done, before.undone),
    counts: () => ({ done: done.length, undone: undone.length }),
  };
}
