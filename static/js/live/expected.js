// The events that the server is expected to make of pending commands. Pure.

import { pauseOf } from "./pace.js";
import { blockOf, questionOf, ratingOf, rootOf } from "./state.js";

/** @import { Entry, LiveEvent, Question, State } from "../types.js" */

const nobody = { question: null, since: null };

/**
 * The event that the server is expected to make of a pending command.
 * @param {Entry} entry @param {State} state before the command @param {string} at
 * @returns {LiveEvent|null}
 */
export function eventOf(entry, state, at) {
  const { kind, target, value } = entry;
  const me = state.me.panelist;
  const told = (payload) => ({ kind, actor: state.me.user, payload });
  switch (kind) {
    case "start":
      return value === false ? told(notStarted(state)) : told({ status: "live", started_at: at, ended_at: null, current: state.current });
    case "end": {
      const { started_at } = state.interview;
      const time = { ...timeOf(state), pause: resumed(state, at) };
      return told({ status: "ended", started_at, ended_at: at, current: nobody, seconds: leave(state, at), by: state.me.name, ...time });
    }
    case "reopen":
      return told({ ...state.interview, status: "live", ended_at: null, current: nobody, seconds: {}, by: state.me.name });
    case "pause":
      return told(paused(state, value, at));
    case "add":
      return addedAgain(state, entry, at);
    case "park":
      return told({ ...covered(state, kind, questionOf(state, target), null, at), parked: value });
    case "ask":
    case "skip":
      return told(covered(state, kind, { ...questionOf(state, target), ...unaskedBefore(state, entry) }, value, at));
    case "gate":
      return told({ section: target, is_open: value });
    case "turn":
      return told({ panelist: value });
    case "lead":
      return { kind: "panel", payload: led(state, value) };
    case "minutes":
      return { kind: "panel", payload: { ...planOf(state), minutes: value } };
    case "run_over":
      return { kind: "panel", payload: { ...planOf(state), may_run_over: value } };
    case "take_lead":
      return { kind: "panel", payload: led(state, me) };
    case "tick": {
      const old = state.ticks.find((tick) => tick.point === target && tick.panelist === me);
      return told({ point: target, panelist: me, on: value, at: value ? (old?.at ?? entry.was ?? at) : null });
    }
    case "unlisted":
      return told({ ...value, client_id: target, author: me, panelist: me, on: true, at });
    case "unlisted_tick": {
      const row = state.unlisted.find((other) => other.client_id === target) ?? entry.row;
      return row ? told({ ...row, panelist: me, on: value, at: entry.was ?? at }) : null;
    }
    case "nudge": {
      const old = state.nudges.find((row) => row.client_id === target);
      if (value === null && !old) return null;
      const { seen: _, ...row } = old ?? { client_id: target, author: me, text: value, at, seen: false };
      return told({ ...row, removed: value === null });
    }
    case "nudge_seen":
      return told({ client_id: target, seen: value });
    case "rate":
      return told({ question: target, value, flags: ratingOf(state, target).flags });
    case "flag": {
      const old = ratingOf(state, target);
      const flags = [...old.flags.filter((name) => name !== value.flag), ...(value.on ? [value.flag] : [])];
      const isRaised = old.value === 1 && flags.includes("dont_know");
      return told({ question: target, value: isRaised ? 2 : old.value, flags });
    }
    case "note":
      return told({ question: target, text: value, revision: state.notes[target ?? "interview"]?.revision ?? 0 });
    case "loose_end":
      return told(value ? { ...value, client_id: target, removed: false } : { client_id: target, removed: true });
    default:
      return null;
  }
}

/** A call whose start is taken back. @param {State} state */
function notStarted({ questions }) {
  const seconds = Object.fromEntries(questions.filter((question) => question.seconds).map(({ id }) => [id, 0]));
  const pause = { since: null, by: "", seconds: 0 };
  return { status: "scheduled", started_at: null, ended_at: null, current: nobody, seconds, pause, welcome: null };
}

/** @param {State} state */
const timeOf = (state) => ({ pause: pauseOf(state), welcome: state.interview.welcome ?? null });

/** The pauses once the one that goes on is over. @param {State} state @param {string} at */
function resumed(state, at) {
  const { since, seconds } = pauseOf(state);
  const passed = since ? Math.max(0, Math.round((Date.parse(at) - Date.parse(since)) / 1000)) : 0;
  return { since: null, by: "", seconds: seconds + passed };
}

/** A call that is paused, or resumed. @param {State} state @param {boolean} isPaused @param {string} at */
function paused(state, isPaused, at) {
  const { status, started_at, ended_at } = state.interview;
  const { question } = state.current;
  const isSame = isPaused === Boolean(pauseOf(state).since);
  const [current, seconds] = isSame
    ? [state.current, {}]
    : [{ question, since: question && !isPaused ? at : null }, isPaused ? leave(state, at) : {}];
  const pause = isSame ? pauseOf(state) : isPaused ? { ...pauseOf(state), since: at, by: state.me.name } : resumed(state, at);
  return { status, started_at, ended_at, current, seconds, ...timeOf(state), pause };
}

/** Seconds from the start to the first question. @param {State} state @param {string} at */
function welcomeUntil({ interview }, at) {
  const { since, seconds } = pauseOf(/** @type {State} */ ({ interview }));
  return Math.max(0, Math.round((Date.parse(since ?? at) - Date.parse(interview.started_at)) / 1000) - seconds);
}

/** When and by whom a question was asked before it was marked as not asked, where that is taken back. @param {State} state @param {Entry} entry */
function unaskedBefore(state, { kind, target, value, row }) {
  return kind === "ask" && value && row && questionOf(state, target).state !== "asked" ? row : {};
}

/** The plan as an event tells it. @param {State} state */
function planOf({ panel, turn, interview, sections }) {
  const { minutes, may_run_over, call_link, scheduled_for, script } = interview;
  const askers = Object.fromEntries(sections.map(({ id, asker }) => [id, asker ?? null]));
  return { panel, turn, askers, minutes, may_run_over, call_link, scheduled_for, script };
}

/** The panel after `leader` takes the lead, and asks next. @param {State} state @param {number} leader */
function led(state, leader) {
  const parts = Object.entries(state.panel).map(([id, seat]) => {
    const part = Number(id) === leader ? "lead" : seat.part === "lead" ? "interviewer" : seat.part;
    return [id, { ...seat, part }];
  });
  return { ...planOf(state), panel: Object.fromEntries(parts), turn: leader };
}

/** Seconds of the current question, which is about to be left, by its id. @param {State} state @param {string} at */
function leave(state, at) {
  const left = questionOf(state, state.current.question);
  const { since } = state.current;
  const passed = since ? Math.max(0, Math.round((Date.parse(at) - Date.parse(since)) / 1000)) : 0;
  return left ? { [left.id]: left.seconds + passed } : {};
}

/** @param {State} state @param {string} kind @param {Question} question @param {any} value @param {string} at */
function covered(state, kind, question, value, at) {
  const isCurrent = state.current.question === question.id;
  let { state: covers, asked_at, asked_by, skip_reason, parked } = question;
  let { current } = state;
  let { pause, welcome } = timeOf(state);
  let seconds = {};
  if (kind === "ask" && value) {
    if (value === "now" || covers !== "asked") parked = false;
    if (covers !== "asked") [covers, asked_at, asked_by, skip_reason] = ["asked", asked_at ?? at, asked_by ?? state.me.panelist, null];
    if (value === "now" && !isCurrent) seconds = leave(state, at);
    if (value === "now" && (!isCurrent || pause.since)) current = { question: question.id, since: at };
    if (value === "now") pause = resumed(state, at);
    welcome ??= welcomeUntil(state, at);
  } else if (kind !== "park") {
    if (value && kind === "skip") parked = false;
    if (kind === "ask" && !isAskedBut(state, [question])) welcome = null;
    if (kind === "ask") [covers, asked_at, asked_by, skip_reason] = ["unasked", null, null, null];
    else if (value) [covers, skip_reason] = ["skipped", value];
    else if (covers === "skipped") [covers, skip_reason] = [asked_at ? "asked" : "unasked", null];
    if (isCurrent && (kind === "ask" || value)) [seconds, current] = [leave(state, at), nobody];
  }
  return { question: question.id, state: covers, asked_at, asked_by, skip_reason, parked, current, seconds, pause, welcome };
}

/** Whether any question but these was asked. @param {State} state @param {Question[]} but */
const isAskedBut = (state, but) => state.questions.some((other) => other.state === "asked" && but.every(({ id }) => id !== other.id));

/**
 * A question added in the call is taken back, or added again. A new one has no number yet: the server gives it one.
 * @param {State} state @param {Entry} entry @param {string} at @returns {LiveEvent|null}
 */
function addedAgain(state, { target, value }, at) {
  const root = rootOf(state, target);
  const removed = value === null;
  if (!root || root.added.removed === removed) return null;
  const block = blockOf(state, root.id);
  const points = state.points.filter((point) => block.some(({ id }) => id === point.question));
  const isLeft = !removed || block.some(({ id }) => id === state.current.question);
  const now = removed ? nobody : { question: root.id, since: at };
  const unasked = { state: "unasked", asked_at: null, asked_by: null, skip_reason: null, parked: false };
  const asked = { state: "asked", asked_at: at, asked_by: state.me.panelist };
  const questions = block.map((question) => ({
    ...question,
    ...(removed ? unasked : question === root ? asked : {}),
    added: { ...question.added, removed },
  }));
  const { pause, welcome } = timeOf(state);
  const time = removed
    ? { pause, welcome: isAskedBut(state, block) ? welcome : null }
    : { pause: resumed(state, at), welcome: welcome ?? welcomeUntil(state, at) };
  const moved = { current: isLeft ? now : state.current, seconds: isLeft ? leave(state, at) : {} };
  return { kind: "add", payload: { question: root.id, after: null, questions, points, ...moved, ...time } };
}
