// The live page's state as plain data: how events change it, and what follows from it. Nothing here touches the DOM.

/** @import { ExtraPoint, LiveEvent, Question, Section, State } from "../types.js" */

/**
 * The state after an event. Pure. An event carries the resulting facts, so applying it twice is harmless.
 * @param {State} state @param {LiveEvent} event @returns {State}
 */
export function apply(state, event) {
  const changed = { ...state, ...change(state, event.kind, event.payload, event.actor) };
  if (event.seq) changed.streams = { ...state.streams, [event.stream]: event.seq };
  return changed;
}

/** @param {State} state @param {string} kind @param {any} told @param {number|null} [actor] */
function change(state, kind, told, actor = null) {
  switch (kind) {
    case "start":
    case "end":
    case "reopen":
    case "cancel":
    case "restore":
    case "reschedule":
    case "pause": {
      const closing = told.by !== undefined ? { kind, by: told.by, user: actor } : state.interview.closing;
      const { status, started_at, ended_at, scheduled_for = state.interview.scheduled_for } = told;
      // Why it is off; a call that goes on, or is planned anew, is not.
      const off = { cancel: { off: told.off ?? null }, restore: { off: null }, reschedule: { off: null } }[kind];
      return {
        interview: { ...state.interview, status, started_at, ended_at, scheduled_for, closing, ...off, ...timeOf(told) },
        current: told.current,
        questions: withSeconds(state.questions, told.seconds),
      };
    }
    case "ask":
    case "park":
    case "skip": {
      const { asked_at, asked_by, skip_reason, parked } = told;
      return {
        interview: { ...state.interview, ...timeOf(told) },
        current: told.current,
        questions: withSeconds(state.questions, told.seconds).map((question) =>
          question.id === told.question ? { ...question, state: told.state, asked_at, asked_by, skip_reason, parked } : question,
        ),
      };
    }
    case "add":
      return {
        interview: { ...state.interview, ...timeOf(told) },
        current: told.current,
        questions: withBlock(withSeconds(state.questions, told.seconds), told),
        points: [...state.points.filter((point) => !told.points.some(({ id }) => id === point.id)), ...told.points],
      };
    case "gate":
      return {
        sections: state.sections.map((section) => (section.id === told.section ? { ...section, is_gate_open: told.is_open } : section)),
      };
    case "turn":
      return { turn: told.panelist };
    case "files":
      return { files: told.files };
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
    case "nudge": {
      const { removed, ...row } = told;
      const old = state.nudges.find((other) => other.client_id === row.client_id);
      const others = state.nudges.filter((other) => other !== old);
      if (removed) return { nudges: others };
      return { nudges: old ? state.nudges : [...others, { ...row, seen: false }] };
    }
    case "nudge_seen":
      return { nudges: state.nudges.map((row) => (row.client_id === told.client_id ? { ...row, seen: told.seen } : row)) };
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

/**
 * With a block that was added in the call, after the question that it follows; or with the block as it is now.
 * @param {Question[]} questions @param {any} told
 */
function withBlock(questions, { questions: block, after }) {
  const others = questions.filter((question) => !block.some(({ id }) => id === question.id));
  if (others.length < questions.length) {
    return questions.map((question) => block.find(({ id }) => id === question.id) ?? question);
  }
  const at = others.findIndex(({ id }) => id === after) + 1;
  return [...others.slice(0, at), ...block, ...others.slice(at)];
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

/** The question added in the call by the command with this target. @param {State} state @param {string} target */
export function rootOf(state, target) {
  return state.questions.find(({ added }) => added?.id === target);
}

/** A question with all its follow-ups; parents come before them. @param {State} state @param {number} root @returns {Question[]} */
export function blockOf(state, root) {
  const ids = new Set([root]);
  return state.questions.filter(({ id, parent }) => id === root || (ids.has(parent) && ids.add(id)));
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

/** Whether anything is recorded at a question, as far as this page knows. @param {State} state @param {number} id */
export function isRecorded({ points, ticks, unlisted, ratings, notes }, id) {
  const here = new Set(points.filter((point) => point.question === id).map((point) => point.id));
  const isHeard = ticks.some((tick) => here.has(tick.point)) || unlisted.some((row) => row.question === id);
  const { value, flags } = ratingOf(/** @type {State} */ ({ ratings }), id);
  return isHeard || value !== null || flags.length > 0 || Boolean(notes[id]?.text);
}

/** Whether a question was added in the call and taken back; who recorded something there still sees it. @param {State} state @param {Question} question */
export const isGone = (state, question) => Boolean(question.added?.removed) && !isRecorded(state, question.id);

/** The questions of the interview, without those that were taken back. @param {State} state @returns {Question[]} */
export const present = (state) => state.questions.filter((question) => !question.added?.removed);

/** Questions parked for later. @param {State} state @returns {Question[]} */
export const parkedOf = (state) => present(state).filter((question) => question.parked);

/** Suggested follow-ups of this question that were not asked yet. @param {State} state @param {number} id @returns {Question[]} */
export function offersOf(state, id) {
  const led = state.points
    .filter((point) => point.question === id && point.leads_to && state.ticks.some((tick) => tick.point === point.id))
    .map((point) => point.leads_to);
  return present(state).filter(
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
    ...state.questions
      .filter((question) => question.section === section.id && !isGone(state, question))
      .map((question) => `q${question.id}`),
  ]);
}

/**
 * The next card after `from`: an open, suggested question or an undecided gate, then what was parked; null if none is left.
 * @param {State} state @param {string|null} from
 */
export function nextCard(state, from) {
  const all = cards(state);
  const at = all.indexOf(from);
  const open = [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0))].filter((card) => isOpen(state, card));
  const parked = new Set(parkedOf(state).map(({ id }) => `q${id}`));
  return open.find((card) => !parked.has(card)) ?? open[0] ?? null;
}

/** Whether the question can be asked, or the gate decided, now. @param {State} state @param {string|null} card */
export function isOpen(state, card) {
  const id = Number(card.slice(1));
  if (card[0] === "g") {
    const first = state.sections.find((section) => section.gate && section.is_gate_open !== true);
    return first?.id === id && first.is_gate_open === null;
  }
  const question = questionOf(state, id);
  return (
    question.state === "unasked" && !question.added?.removed && isOffered(state, question) && reach(state, question.section) === "open"
  );
}

/** The section of the next question, if it is planned for someone. @param {State} state @returns {Section|null} */
export function nextAsker(state) {
  const { question } = state.current;
  const next = nextCard(state, question && `q${question}`);
  const section = next && sectionOf(state, next[0] === "q" ? questionOf(state, Number(next.slice(1))).section : Number(next.slice(1)));
  return section?.asker ? section : null;
}
