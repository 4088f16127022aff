// The pace and the clock, in words. Pure.

import { elapsed, minutesOf, minutesPaused, pauseOf, welcomeOf } from "./pace.js";

/** @import { Pace, State } from "../types.js" */

const minutes = (number) => `${number} min`;

/** Whole minutes; the first one counts as soon as it has begun. */
export const begun = (used) => (used > 0 ? Math.max(1, Math.round(used)) : 0);

/** "On time", or "13 min to spare" @param {Pace} pace */
const onTime = ({ spare }) => (spare ? `${minutes(Math.round(spare))} to spare` : "On time");

/** The pace in a sentence or two, calm even when time is over. @param {Pace} pace */
export function paceWords(pace) {
  const words = [];
  if (pace.over >= 1) words.push(`${minutes(Math.floor(pace.over))} over; wrap up when you can.`);
  else words.push(pace.behind ? `About ${minutes(Math.round(pace.behind))} behind.` : `${onTime(pace)}.`);
  if (pace.reserved)
    words.push(
      pace.over >= 1 ? "The candidate’s questions are still to come." : `${minutes(pace.reserved)} reserved for the candidate’s questions.`,
    );
  return words.join(" ");
}

/** The same in one short line, the most important first: the last go where there is no room. @param {Pace} pace */
export function paceLine(pace, isLive) {
  if (isLive && pace.isPaused) return `Paused · ${begun(pace.call.used)}/${pace.call.planned} min`;
  const span = ({ used, planned }) => `${begun(used)}/${planned} min`;
  const behind = pace.behind ? `${minutes(Math.round(pace.behind))} behind` : onTime(pace);
  const parts = isLive ? [pace.over >= 1 ? `${minutes(Math.floor(pace.over))} over` : behind] : [];
  parts.push(span(pace.call));
  if (pace.isWelcome) parts.push(`welcome ${minutes(begun(pace.welcome))}`);
  else if (pace.section) parts.push(`section ${span(pace.section)}`);
  if (isLive && pace.gate) parts.push(gateWords(pace));
  if (isLive && pace.reserved) parts.push(`${pace.reserved} reserved`);
  return parts.join(" · ");
}

/** A line that breaks before its dots only. @param {string} line */
export const unbroken = (line) => line.replace(/ (?!·)/g, "\u00a0");

/** "1 question before the gate, 45 min after it" @param {Pace} pace */
function gateWords({ left, gate }) {
  const before = left ? `${left} ${left === 1 ? "question" : "questions"} before the gate` : "The gate is next";
  return `${before}, ${minutes(gate.minutes)} after it`;
}

/** That the call ends by its slot though it began late or was paused; or that it may run over. @param {Pace} pace */
export function lateWords({ late, paused, lost, call }) {
  const why = [late && `began ${late} min late`, paused && `${late ? "was " : ""}paused for ${paused} min`].filter(Boolean).join(" and ");
  if (!why) return "";
  const then = lost ? `, so it has ${minutes(call.planned)}` : late ? " and may run over" : "";
  return `${why[0].toUpperCase()}${why.slice(1)}${then}.`;
}

/** "41 min so far, welcome 4 min, paused for 5 min (not counted)." @param {State} state @param {number} now */
export function timeWords(state, now) {
  const parts = [`${minutes(begun(elapsed(state, now)))} so far`];
  if (begun(welcomeOf(state, now)) > 0) parts.push(`welcome ${minutes(begun(welcomeOf(state, now)))}`);
  const paused = minutesPaused(state, now);
  if (paused) parts.push(`paused for ${minutes(paused)} (not counted)`);
  return `${parts.join(", ")}.`;
}

/** The rest of the script, in words. @param {Pace} pace */
export function leftWords(pace) {
  if (pace.gate) return `${gateWords(pace)}.`;
  if (!pace.left) return pace.reserved && pace.over < 1 ? "Only the candidate’s questions are left." : "Nothing is left to ask.";
  return `${pace.left} ${pace.left === 1 ? "question" : "questions"} left.`;
}

/** "4:10", or "1:02:03" from an hour on. @param {number} seconds */
export function stopwatch(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, mins, secs] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(mins)}:${two(secs)}` : `${mins}:${two(secs)}`;
}

/** How long until `then`, both in ms, in the unit that fits: "in 25 min", "in 3 h", "in 2 days"; nothing once it is there. */
export function untilWords(then, now) {
  const left = Math.ceil((then - now) / 60_000);
  if (left <= 0) return "";
  if (left < 120) return `in ${left} min`;
  return left < 48 * 60 ? `in ${Math.round(left / 60)} h` : `in ${Math.round(left / (24 * 60))} days`;
}

/**
 * The clock in words: before the call its planned time and a countdown, then the time left or the time over.
 * @param {State} state @param {number} now @param {(iso: string) => string} [at] the time of day in this person's zone
 */
export function clockWords(state, now, at) {
  const { status, minutes: planned, scheduled_for: start } = state.interview;
  if (status === "scheduled" && start && at) return [at(start), untilWords(Date.parse(start), now)].filter(Boolean).join(" · ");
  if (status === "scheduled") return minutes(planned);
  if (status === "ended") return minutes(Math.round(elapsed(state, now)));
  if (pauseOf(state).since) return "paused";
  const left = minutesOf(state) - elapsed(state, now);
  if (left >= 0) return stopwatch(left * 60);
  return -left < 1 ? "time is up" : `${minutes(Math.floor(-left))} over`;
}
