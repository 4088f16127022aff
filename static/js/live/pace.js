// Where the call stands against its plan, from the state and the time alone. Seconds in, minutes out.

import { isOffered, isOpen, questionOf, reach, sectionOf } from "./state.js";

// Less than this many minutes behind is still on time.
const NOTICEABLE = 2;

/**
 * @typedef {{used: number, planned: number}} Span  in minutes
 * @typedef {{question: Span|null, section: (Span & {title: string})|null, call: Span, left: number, remaining: number,
 *   kept: number, behind: number, over: number, drop: {id: number, minutes: number}[]}} Pace
 */

/** Seconds that a question was the current one, up to `now` (ms). */
export function secondsOn(state, question, now) {
  const running = state.current.question === question.id ? Math.max(0, now - Date.parse(state.current.since)) / 1000 : 0;
  return question.seconds + running;
}

/** Minutes used in a section. */
export function usedIn(state, sectionId, now) {
  const inside = state.questions.filter((question) => question.section === sectionId);
  return inside.reduce((sum, question) => sum + secondsOn(state, question, now), 0) / 60;
}

/** Minutes since the start, up to the end or `now` (ms). */
export function elapsed(state, now) {
  const { started_at, ended_at } = state.interview;
  if (!started_at) return 0;
  return Math.max(0, ((ended_at ? Date.parse(ended_at) : now) - Date.parse(started_at)) / 60_000);
}

/**
 * The pace while question `shown` (or none) is in sight.
 * @returns {Pace}
 */
export function paceOf(state, shown, now) {
  const question = questionOf(state, shown ?? state.current.question);
  const section = question && sectionOf(state, question.section);
  const remaining = state.interview.minutes - elapsed(state, now);
  const needed = state.sections.reduce((sum, one) => sum + stillNeeded(state, one, now), 0);
  const behind = needed - remaining;
  const left = openQuestions(state).filter((one) => one.parent === null);
  return {
    question: question ? { used: secondsOn(state, question, now) / 60, planned: question.minutes } : null,
    section: section ? { used: usedIn(state, section.id, now), planned: section.minutes, title: section.title } : null,
    call: { used: elapsed(state, now), planned: state.interview.minutes },
    left: left.length,
    remaining,
    kept: kept(state),
    behind: behind >= NOTICEABLE ? behind : 0,
    over: Math.max(0, -remaining),
    drop: behind >= NOTICEABLE && remaining > 0 ? droppable(state, behind) : [],
  };
}

/** Open questions that can be reached now, without the candidate's own. */
function openQuestions(state) {
  return state.questions.filter(
    (question) => isOpen(state, `q${question.id}`) && !sectionOf(state, question.section).is_for_candidate,
  );
}

/** Minutes that a section still wants: what is left of its plan, at least what its open questions take. */
function stillNeeded(state, section, now) {
  if (reach(state, section.id) !== "open") return 0;
  const tops = state.questions.filter((question) => question.section === section.id && question.parent === null);
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

/** Minutes of the follow-ups of a section that are offered and not asked yet. */
function followUpMinutes(state, section) {
  return state.questions
    .filter((question) => question.section === section.id && question.parent !== null && question.state === "unasked")
    .filter((question) => isOffered(state, question))
    .reduce((sum, question) => sum + question.minutes, 0);
}

/** Minutes kept free for the candidate's own questions until they are asked. */
function kept(state) {
  const own = state.sections.filter((section) => section.is_for_candidate);
  const isWaiting = (section) => state.questions.some((question) => question.section === section.id && question.state === "unasked");
  return own.filter(isWaiting).reduce((sum, section) => sum + section.minutes, 0);
}

/** What could be left out to win `behind` minutes: optional questions first, then offered follow-ups, the longest first. */
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

const minutes = (number) => `${number} min`;

/** The pace in a sentence or two, calm even when time is over. @param {Pace} pace */
export function paceWords(pace) {
  const words = [];
  if (pace.over >= 1) words.push(`Over by ${minutes(Math.floor(pace.over))}. Wrap up when it suits you both.`);
  else words.push(pace.behind ? `About ${minutes(Math.round(pace.behind))} behind.` : "On time.");
  if (pace.kept) words.push(pace.over >= 1 ? "The candidate’s questions are still to come." : `${minutes(pace.kept)} kept for the candidate’s questions.`);
  return words.join(" ");
}

/** The same in one short line. @param {Pace} pace */
export function paceLine(pace, isLive) {
  const span = (name, { used, planned }) => `${name} ${Math.round(used)} of ${planned}`;
  const parts = [...(pace.section ? [span("Section", pace.section)] : []), `${span(pace.section ? "call" : "Call", pace.call)} min`];
  if (isLive) {
    parts.push(pace.over >= 1 ? `over by ${minutes(Math.floor(pace.over))}` : pace.behind ? `${minutes(Math.round(pace.behind))} behind` : "on time");
    if (pace.kept) parts.push(`${pace.kept} kept`);
  }
  return parts.join(" · ");
}

/** What is left of the script, in words. */
export function leftWords(pace) {
  if (!pace.left) return pace.kept && pace.over < 1 ? "Only the candidate’s questions are left." : "Nothing is left to ask.";
  return `${pace.left} ${pace.left === 1 ? "question" : "questions"} left.`;
}

/** "4:10", or "1:02:03" from an hour on. */
export function stopwatch(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, mins, secs] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(mins)}:${two(secs)}` : `${mins}:${two(secs)}`;
}

/** What the clock shows: the time left of the call, or calmly how far it is over. */
export function clockWords(state, now) {
  const { status, minutes: planned } = state.interview;
  if (status === "scheduled") return minutes(planned);
  if (status === "ended") return minutes(Math.round(elapsed(state, now)));
  const left = planned - elapsed(state, now);
  if (left >= 0) return stopwatch(left * 60);
  return -left < 1 ? "time is up" : `over by ${minutes(Math.floor(-left))}`;
}
