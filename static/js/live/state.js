// The live page's state as plain data: how events change it, and what follows from it. Nothing here touches the DOM.

/** @import { Entry, ExtraPoint, LiveEvent, Pace, Question, Section, State } from "../types.js" */

/**
 * The state after an event. Pure. An event carries the resulting facts, so applying it twice is harmless.
 * @param {State} state @param {LiveEvent} event @returns {State}
 */
export function apply(state, event) {
  const changed = { ...state, ...change(state, event.kind, event.payload) };
  if (event.seq) changed.streams = { ...state.streams, [event.stream]: event.seq };
  return changed;
}

/** @param {State} state @param {string} kind @param {any} told */
function change(state, kind, told) {
  switch (kind) {
    case "start":
    case "end":
    case "reopen":
    case "cancel":
    case "restore":
    case "reschedule": {
      const closing = told.by !== undefined ? { kind, by: told.by } : state.interview.closing;
      const { status, started_at, ended_at, scheduled_for = state.interview.scheduled_for } = told;
      return {
        interview: { ...state.interview, status, started_at, ended_at, scheduled_for, closing },
        current: told.current,
        questions: withSeconds(state.questions, told.seconds),
      };
    }
    case "ask":
    case "skip": {
      const { asked_at, asked_by, skip_reason } = told;
      return {
        current: told.current,
        questions: withSeconds(state.questions, told.seconds).map((question) =>
          question.id === told.question ? { ...question, state: told.state, asked_at, asked_by, skip_reason } : question,
        ),
      };
    }
    case "gate":
      return {
        sections: state.sections.map((section) => (section.id === told.section ? { ...section, is_gate_open: told.is_open } : section)),
      };
    case "turn":
      return { turn: told.panelist };
    case "panel": {
      const { part } = told.panel[state.me.panelist] ?? state.me;
      return {
        panel: told.panel,
        turn: told.turn,
        me: { ...state.me, part, may_cover: part !== "shadow", may_lead: part === "lead" },
        interview: {
          ...state.interview,
          minutes: told.minutes,
          call_link: told.call_link ?? "",
          scheduled_for: told.scheduled_for ?? state.interview.scheduled_for,
          is_replaced: told.script !== state.interview.script,
        },
      };
    }
    case "tick": {
      const others = state.ticks.filter((tick) => tick.point !== told.point || tick.panelist !== told.panelist);
      return { ticks: told.on ? [...others, { point: told.point, panelist: told.panelist, at: told.at }] : others };
    }
    case "unlisted":
    case "unlisted_tick":
      return { unlisted: withUnlisted(state.unlisted, told) };
    case "rate":
    case "flag":
      return { ratings: { ...state.ratings, [told.question]: { value: told.value, flags: told.flags } } };
    case "note":
      // Only the newest revision's event has the text; a later event follows.
      if (told.text === undefined) return {};
      return { notes: { ...state.notes, [told.question ?? "interview"]: { text: told.text, revision: told.revision } } };
    case "loose_end": {
      const { client_id, text, question, is_done } = told;
      const there = state.loose_ends.some((row) => row.client_id === client_id);
      if (told.removed) return { loose_ends: state.loose_ends.filter((row) => row.client_id !== client_id) };
      const row = { client_id, question, text, is_done };
      return { loose_ends: there ? state.loose_ends.map((old) => (old.client_id === client_id ? row : old)) : [...state.loose_ends, row] };
    }
    case "submit":
      return { me: { ...state.me, is_submitted: true } };
    default:
      return {};
  }
}

/** @param {Question[]} questions @param {Record<string, number>|undefined} seconds */
function withSeconds(questions, seconds) {
  if (!seconds || !Object.keys(seconds).length) return questions;
  return questions.map((question) => (question.id in seconds ? { ...question, seconds: seconds[question.id] } : question));
}

/** Extra points without ticks are not shown, so the row is removed; an event carries all of its fields. @param {ExtraPoint[]} rows @param {any} told */
function withUnlisted(rows, told) {
  const { client_id, question, text, author } = told;
  const old = rows.find((row) => row.client_id === client_id);
  const ticks = (old?.ticks ?? []).filter((tick) => tick.panelist !== told.panelist);
  if (told.on) ticks.push({ panelist: told.panelist, at: told.at });
  const row = { client_id, question, text, author, ticks };
  if (!ticks.length) return rows.filter((other) => other !== old);
  return old ? rows.map((other) => (other === old ? row : other)) : [...rows, row];
}

/**
 * The event that the server is expected to make of a pending command.
 * @param {Entry} entry @param {State} state before the command @param {string} at
 * @returns {LiveEvent|null}
 */
export function eventOf(entry, state, at) {
  const { kind, target, value } = entry;
  const me = state.me.panelist;
  const told = (payload) => ({ kind, payload });
  switch (kind) {
    case "start":
      return value === false ? told(notStarted(state)) : told({ status: "live", started_at: at, ended_at: null, current: state.current });
    case "end": {
      const { started_at } = state.interview;
      return told({ status: "ended", started_at, ended_at: at, current: nobody, seconds: leave(state, at), by: state.me.name });
    }
    case "reopen":
      return told({ ...state.interview, status: "live", ended_at: null, current: nobody, seconds: {}, by: state.me.name });
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
    case "take_lead":
      return { kind: "panel", payload: led(state, me) };
    case "tick": {
      const old = state.ticks.find((tick) => tick.point === target && tick.panelist === me);
      return told({ point: target, panelist: me, on: value, at: value ? (old?.at ?? at) : null });
    }
    case "unlisted":
      return told({ ...value, client_id: target, author: me, panelist: me, on: true, at });
    case "unlisted_tick": {
      const row = state.unlisted.find((other) => other.client_id === target) ?? entry.row;
      return row ? told({ ...row, panelist: me, on: value, at }) : null;
    }
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
  return { status: "scheduled", started_at: null, ended_at: null, current: nobody, seconds };
}

/** When and by whom a question was asked before it was marked as not asked, where that is taken back. @param {State} state @param {Entry} entry */
function unaskedBefore(state, { kind, target, value, row }) {
  return kind === "ask" && value && row && questionOf(state, target).state !== "asked" ? row : {};
}

/** The plan as an event tells it. @param {State} state */
function planOf({ panel, turn, interview }) {
  const { minutes, call_link, scheduled_for, script } = interview;
  return { panel, turn, minutes, call_link, scheduled_for, script };
}

/** The panel after `leader` takes the lead, and asks next. @param {State} state @param {number} leader */
function led(state, leader) {
  const parts = Object.entries(state.panel).map(([id, seat]) => {
    const part = Number(id) === leader ? "lead" : seat.part === "lead" ? "interviewer" : seat.part;
    return [id, { ...seat, part }];
  });
  return { ...planOf(state), panel: Object.fromEntries(parts), turn: leader };
}

/** Whether my Next asks the next question. */
export function asksNext({ interview, me, turn }) {
  return interview.status === "live" && me.may_cover && turn === me.panelist;
}

const nobody = { question: null, since: null };

/** Seconds of the current question, which is about to be left, by its id. @param {State} state @param {string} at */
function leave(state, at) {
  const left = questionOf(state, state.current.question);
  return left ? { [left.id]: left.seconds + Math.max(0, Math.round((Date.parse(at) - Date.parse(state.current.since)) / 1000)) } : {};
}

/** @param {State} state @param {string} kind @param {Question} question @param {any} value @param {string} at */
function covered(state, kind, question, value, at) {
  const isCurrent = state.current.question === question.id;
  let { state: covers, asked_at, asked_by, skip_reason } = question;
  let { current } = state;
  let seconds = {};
  if (kind === "ask" && value) {
    if (covers !== "asked") [covers, asked_at, asked_by, skip_reason] = ["asked", asked_at ?? at, asked_by ?? state.me.panelist, null];
    if (value === "now" && !isCurrent) [seconds, current] = [leave(state, at), { question: question.id, since: at }];
  } else {
    if (kind === "ask") [covers, asked_at, asked_by, skip_reason] = ["unasked", null, null, null];
    else if (value) [covers, skip_reason] = ["skipped", value];
    else if (covers === "skipped") [covers, skip_reason] = [asked_at ? "asked" : "unasked", null];
    if (isCurrent && (kind === "ask" || value)) [seconds, current] = [leave(state, at), nobody];
  }
  return { question: question.id, state: covers, asked_at, asked_by, skip_reason, current, seconds };
}

/** @param {{questions: Question[]}} state @param {number} id */
export function questionOf(state, id) {
  return state.questions.find((question) => question.id === id);
}

/** @param {State} state @param {number} id */
export function ratingOf(state, id) {
  return state.ratings[id] ?? { value: null, flags: [] };
}

/** @param {State} state @param {number} id */
export function sectionOf(state, id) {
  return state.sections.find((section) => section.id === id);
}

/**
 * Whether the section can be reached: a gate closes its own section and all after it, but never the candidate's
 * questions.
 * @returns {"open"|"undecided"|"closed"}
 * @param {State} state @param {number} sectionId
 */
export function reach(state, sectionId) {
  /** @type {"open"|"undecided"|"closed"} */
  let reached = "open";
  for (const section of state.sections) {
    if (section.gate && section.is_gate_open !== true && reached !== "closed") {
      reached = section.is_gate_open === false ? "closed" : "undecided";
    }
    if (section.id === sectionId) return section.is_for_candidate ? "open" : reached;
  }
  return reached;
}

/**
 * A follow-up is suggested once a cue that leads to it is ticked or, without such a cue, once its parent was asked.
 * @param {State} state @param {Question} question
 */
export function isOffered(state, question) {
  if (question.parent === null) return true;
  const cues = state.points.filter((point) => point.leads_to === question.id);
  if (!cues.length) return questionOf(state, question.parent).state === "asked";
  return cues.some((cue) => state.ticks.some((tick) => tick.point === cue.id));
}

/** Suggested follow-ups of this question that were not asked yet. @param {State} state @param {number} id @returns {Question[]} */
export function offersOf(state, id) {
  const led = state.points
    .filter((point) => point.question === id && point.leads_to && state.ticks.some((tick) => tick.point === point.id))
    .map((point) => point.leads_to);
  return state.questions.filter(
    (question) =>
      question.id !== id &&
      question.state === "unasked" &&
      (led.includes(question.id) || (question.parent === id && isOffered(state, question))),
  );
}

/**
 * How many good points were heard at a question: brownie points that a panelist ticked, and extra points.
 * @param {State} state @param {number} id
 */
export function heardCount(state, id) {
  const bonus = new Set(state.points.filter((point) => point.question === id && point.kind === "brownie").map((point) => point.id));
  const heard = new Set(state.ticks.filter((tick) => bonus.has(tick.point)).map((tick) => tick.point));
  return heard.size + state.unlisted.filter((row) => row.question === id).length;
}

/** All cards in order: "q12" is a question, "g5" the gate before section 5. @param {State} state */
export function cards(state) {
  return state.sections.flatMap((section) => [
    ...(section.gate ? [`g${section.id}`] : []),
    ...state.questions.filter((question) => question.section === section.id).map((question) => `q${question.id}`),
  ]);
}

/**
 * The next card after `from`: an open, suggested question or an undecided gate; null if none is left.
 * @param {State} state @param {string|null} from
 */
export function nextCard(state, from) {
  const all = cards(state);
  const at = all.indexOf(from);
  return [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0))].find((card) => isOpen(state, card)) ?? null;
}

/** Whether the question can be asked, or the gate decided, now. @param {State} state @param {string|null} card */
export function isOpen(state, card) {
  const id = Number(card.slice(1));
  if (card[0] === "g") {
    const first = state.sections.find((section) => section.gate && section.is_gate_open !== true);
    return first?.id === id && first.is_gate_open === null;
  }
  const question = questionOf(state, id);
  return question.state === "unasked" && isOffered(state, question) && reach(state, question.section) === "open";
}

// --- Pace: the call against its plan. Less than this many minutes behind counts as on time. ---
const NOTICEABLE = 2;
// From this many minutes on there is time to spare.
const SPARE = 5;

/** Seconds that a question was the current one, up to `now` (ms). @param {State} state @param {Question} question @param {number} now */
export function secondsOn(state, question, now) {
  const running = state.current.question === question.id ? Math.max(0, now - Date.parse(state.current.since)) / 1000 : 0;
  return question.seconds + running;
}

/** Minutes used in a section. @param {State} state @param {number} sectionId @param {number} now */
export function usedIn(state, sectionId, now) {
  const inside = state.questions.filter((question) => question.section === sectionId);
  return inside.reduce((sum, question) => sum + secondsOn(state, question, now), 0) / 60;
}

/** Minutes since the start, up to the end or `now` (ms). @param {State} state @param {number} now */
export function elapsed(state, now) {
  const { started_at, ended_at } = state.interview;
  if (!started_at) return 0;
  return Math.max(0, ((ended_at ? Date.parse(ended_at) : now) - Date.parse(started_at)) / 60_000);
}

/**
 * Whole minutes by which the call began late: they are lost, since it ends by its slot unless the lead makes it longer. A
 * call that began after its slot has its whole time.
 * @param {State} state
 */
export function minutesLate({ interview: { started_at, scheduled_for, minutes } }) {
  if (!started_at || !scheduled_for) return 0;
  const late = Math.floor((Date.parse(started_at) - Date.parse(scheduled_for)) / 60_000);
  return late > 0 && late < minutes ? late : 0;
}

/** Minutes that the call has. @param {State} state */
export const minutesOf = (state) => state.interview.minutes - minutesLate(state);

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
    late: minutesLate(state),
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

/** Minutes of a section's suggested follow-ups that were not asked yet. @param {State} state @param {Section} section */
function followUpMinutes(state, section) {
  return state.questions
    .filter((question) => question.section === section.id && question.parent !== null && question.state === "unasked")
    .filter((question) => isOffered(state, question))
    .reduce((sum, question) => sum + question.minutes, 0);
}

/** Minutes reserved for the candidate's questions until they are asked. @param {State} state */
function reservedMinutes(state) {
  const own = state.sections.filter((section) => section.is_for_candidate);
  const isWaiting = (section) => state.questions.some((question) => question.section === section.id && question.state === "unasked");
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
