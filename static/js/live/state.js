// The live page's state as plain data: how events change it, and what follows from it. Nothing here touches the DOM.

/** @import { ExtraPoint, LiveEvent, Question, Section, State } from "../types.js" */

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
    case "reschedule":
    case "pause": {
      const closing = told.by !== undefined ? { kind, by: told.by } : state.interview.closing;
      const { status, started_at, ended_at, scheduled_for = state.interview.scheduled_for } = told;
      return {
        interview: { ...state.interview, status, started_at, ended_at, scheduled_for, closing, ...timeOf(told) },
        current: told.current,
        questions: withSeconds(state.questions, told.seconds),
      };
    }
    case "ask":
    case "skip": {
      const { asked_at, asked_by, skip_reason } = told;
      return {
        interview: { ...state.interview, ...timeOf(told) },
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
    case "asker":
      return { sections: withAskers(state.sections, { [told.section]: told.asker }) };
    case "panel": {
      const { part } = told.panel[state.me.panelist] ?? state.me;
      return {
        panel: told.panel,
        turn: told.turn,
        sections: withAskers(state.sections, told.askers ?? {}),
        me: { ...state.me, part, may_cover: part !== "shadow", may_lead: part === "lead" },
        interview: {
          ...state.interview,
          minutes: told.minutes,
          may_run_over: told.may_run_over ?? false,
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

/** Pauses and welcome, where an event tells of them: older ones do not. @param {any} told */
const timeOf = ({ pause, welcome }) => (pause ? { pause, welcome } : {});

/** Who asks a section, as planned. @param {Section[]} sections @param {Record<string, number|null>} askers by section */
function withAskers(sections, askers) {
  return sections.map((section) => (section.id in askers ? { ...section, asker: askers[section.id] } : section));
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
 * "scheduled", "live", "ended", "cancelled", "gone" once I have left the panel, or "submitted" once my scorecard is.
 * @param {State} state
 */
export function phaseOf(state) {
  return state.me.is_submitted ? "submitted" : state.interview.status;
}

/** Whether asking what is in sight would take the panel away from what another asks. @param {State} state @param {string|null} card */
export function takesAlong(state, card) {
  const { question } = state.current;
  return phaseOf(state) === "live" && Boolean(question) && card !== `q${question}` && !asksNext(state);
}

/** Whether my Next asks the next question. */
export function asksNext({ interview, me, turn }) {
  return interview.status === "live" && me.may_cover && turn === me.panelist;
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

/** The section of the next question, if it is planned for someone. @param {State} state @returns {Section|null} */
export function nextAsker(state) {
  const { question } = state.current;
  const next = nextCard(state, question && `q${question}`);
  const section = next && sectionOf(state, next[0] === "q" ? questionOf(state, Number(next.slice(1))).section : Number(next.slice(1)));
  return section?.asker ? section : null;
}
