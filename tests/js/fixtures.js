// The call that tests begin with, and the events that the server sends; see events.json.

import { readFileSync } from "node:fs";

const table = JSON.parse(readFileSync(new URL("./events.json", import.meta.url), "utf8"));

export const events = table.events;

/** A live call: sections 1 (questions 1 with follow-up 2, and 3), 2 behind a gate (4), 3 for the candidate (5). */
export function callWith(changes = {}) {
  return { ...structuredClone(table.state), ...structuredClone(changes) };
}

/** The state with fields of these questions changed: `{3: {state: "asked"}}`. */
export function withQuestions(state, changes) {
  return { ...state, questions: state.questions.map((question) => ({ ...question, ...changes[question.id] })) };
}

/** The state with the gate before section 2 open, closed or undecided. */
export function withGate(state, isOpen) {
  return { ...state, sections: state.sections.map((section) => (section.id === 2 ? { ...section, is_gate_open: isOpen } : section)) };
}

export const START = Date.parse(table.state.interview.started_at);
export const MINUTE = 60_000;
