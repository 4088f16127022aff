// The pace: the call against its plan. Pure.

import { isOffered, isOpen, present, questionOf, reach, sectionOf } from "./state.js";

/** @import { Pace, Question, Section, State } from "../types.js" */

// Less than this many minutes behind counts as on time.
const NOTICEABLE = 2;
// From this many minutes on there is time to spare.
const SPARE = 5;

/** Seconds that a question was the current one, up to `now` (ms). @param {State} state @param {Question} question @param {number} now */
export function secondsOn(state, question, now) {
  const { question: current, since } = state.current;
  const running = current === question.id && since ? Math.max(0, now - Date.parse(since)) / 1000 : 0;
  return question.seconds + running;
}

/** Minutes used in a section. @param {State} state @param {number} sectionId @param {number} now */
export function usedIn(state, sectionId, now) {
  const inside = state.questions.filter((question) => question.section === sectionId);
  return inside.reduce((sum, question) => sum + secondsOn(state, question, now), 0) / 60;
}

const NO_PAUSE = { since: null, by: "", seconds: 0 };

/** @param {State} state */
export const pauseOf = ({ interview }) => interview.pause ?? NO_PAUSE;

/** Minutes since the start without pauses, up to the end or `now` (ms). @param {State} state @param {number} now */
export function elapsed(state, now) {
  const { started_at, ended_at } = state.interview;
  if (!started_at) return 0;
  const { since, seconds } = pauseOf(state);
  const until = ended_at ? Date.parse(ended_at) : since ? Date.parse(since) : now;
  return Math.max(0, (until - Date.parse(started_at)) / 60_000 - seconds / 60);
}

/** Minutes from the start to the first question, or to now while none was asked. @param {State} state @param {number} now */
export function welcomeOf(state, now) {
  const { welcome } = state.interview;
  return typeof welcome === "number" ? welcome / 60 : elapsed(state, now);
}

/** Whole minutes paused, the pause that goes on included. @param {State} state @param {number} now */
export function minutesPaused(state, now) {
  const { since, seconds } = pauseOf(state);
  return Math.round((seconds + (since ? Math.max(0, now - Date.parse(since)) / 1000 : 0)) / 60);
}

/**
 * Whole minutes by which the call began late. A call that began after its slot has its whole time.
 * @param {State} state
 */
export function minutesLate({ interview: { started_at, scheduled_for, minutes } }) {
  if (!started_at || !scheduled_for) return 0;
  const late = Math.floor((Date.parse(started_at) - Date.parse(scheduled_for)) / 60_000);
  return late > 0 && late < minutes ? late : 0;
}

/**
 * Minutes lost by a late start and by pauses: the call ends by its slot, unless the lead lets it run over.
 * @param {State} state
 */
export function minutesLost(state) {
  if (state.interview.may_run_over) return 0;
  return Math.min(minutesLate(state) + Math.round(pauseOf(state).seconds / 60), state.interview.minutes);
}

/** Minutes that the call has. @param {State} state */
export const minutesOf = (state) => state.interview.minutes - minutesLost(state);

/**
 * The pace, with question `shown` (or none) on screen.
 * @param {State} state @param {number|null} shown @param {number} now @returns {Pace}
 */
export function paceOf(state, shown, now) {
  const question = questionOf(state, shown ?? state.current.question);
  const section = question && sectionOf(state, question.section);
  const remaining = minutesOf(state) - elapsed(state, now);
  const needed = state.sections.reduce((sum, one) => sum + stillNeeded(state, one, now), 0);
  const behind = needed - remaining;
  const left = openQuestions(state).filter((one) => one.parent === null);
  const gate = nextGate(state);
  return {
    question: question ? { used: secondsOn(state, question, now) / 60, planned: question.minutes } : null,
    section: section ? { used: usedIn(state, section.id, now), planned: section.minutes, title: section.title } : null,
    call: { used: elapsed(state, now), planned: minutesOf(state) },
    welcome: welcomeOf(state, now),
    isWelcome: state.interview.status === "live" && typeof state.interview.welcome !== "number",
    isPaused: Boolean(pauseOf(state).since),
    late: minutesLate(state),
    paused: minutesPaused(state, now),
    lost: minutesLost(state),
    left: left.length,
    gate,
    remaining,
    reserved: reservedMinutes(state),
    behind: behind >= NOTICEABLE ? behind : 0,
    // Before a gate nobody knows how much is still to come.
    spare: !gate && -behind >= SPARE ? -behind : 0,
    over: Math.max(0, -remaining),
    drop: behind >= NOTICEABLE && remaining > 0 ? droppable(state, behind) : [],
  };
}

/** Minutes of the sections that the next undecided gate holds back, as its card says; null without one. @param {State} state */
function nextGate({ sections }) {
  const at = sections.findIndex((section) => section.gate && section.is_gate_open !== true);
  if (at < 0 || sections[at].is_gate_open === false) return null;
  const after = sections.slice(at + 1).findIndex((section) => section.gate);
  const behind = sections.slice(at, after < 0 ? undefined : at + 1 + after).filter((section) => !section.is_for_candidate);
  return { minutes: behind.reduce((sum, section) => sum + section.minutes, 0) };
}

/** Open questions that can be reached now, except the candidate's. @param {State} state */
function openQuestions(state) {
  return state.questions.filter((question) => isOpen(state, `q${question.id}`) && !sectionOf(state, question.section).is_for_candidate);
}

/**
 * Minutes that a section still needs: the rest of its plan, but at least the minutes of its open questions.
 * @param {State} state @param {Section} section @param {number} now
 */
function stillNeeded(state, section, now) {
  if (reach(state, section.id) !== "open") return 0;
  const tops = present(state).filter((question) => question.section === section.id && question.parent === null);
  const open = tops.filter((question) => question.state === "unasked");
  const current = questionOf(state, state.current.question);
  const isCurrent = current?.section === section.id;
  if (!open.length && !isCurrent) return 0;
  const wanted =
    open.reduce((sum, question) => sum + question.minutes, 0) +
    (isCurrent ? Math.max(0, current.minutes - secondsOn(state, current, now) / 60) : 0);
  const unused = section.minutes - usedIn(state, section.id, now);
  return open.length ? Math.max(unused, wanted) : Math.min(Math.max(unused, 0), Math.max(wanted, followUpMinutes(state, section)));
}

/** Minutes of a section's suggested follow-ups that were not asked yet. @param {State} state @param {Section} section */
function followUpMinutes(state, section) {
  return present(state)
    .filter((question) => question.section === section.id && question.parent !== null && question.state === "unasked")
    .filter((question) => isOffered(state, question))
    .reduce((sum, question) => sum + question.minutes, 0);
}

/** Minutes reserved for the candidate's questions until they are asked. @param {State} state */
function reservedMinutes(state) {
  const own = state.sections.filter((section) => section.is_for_candidate);
  const isWaiting = (section) => present(state).some((question) => question.section === section.id && question.state === "unasked");
  return own.filter(isWaiting).reduce((sum, section) => sum + section.minutes, 0);
}

/**
 * Questions to skip to save `behind` minutes: optional ones first, then suggested follow-ups, the longest first.
 * @param {State} state @param {number} behind
 */
function droppable(state, behind) {
  const longest = (one, other) => other.minutes - one.minutes;
  const open = openQuestions(state);
  const optional = open.filter((question) => question.parent === null && !question.must_ask).sort(longest);
  const followUps = open.filter((question) => question.parent !== null).sort(longest);
  const chosen = [];
  for (const question of [...optional, ...followUps]) {
    if (behind <= 0 || chosen.length === 3) break;
    chosen.push({ id: question.id, minutes: question.minutes });
    behind -= question.minutes;
  }
  return chosen;
}
