// The words for a change that could not be saved.

import { wordsOf } from "../outbox/drafts.js";
import { questionOf } from "./state.js";

/** @import { Entry, State } from "../types.js" */

const NAMES = {
  note: "Note",
  tick: "Tick",
  rate: "Rating",
  flag: "Flag",
  unlisted: "Extra point",
  unlisted_tick: "Tick",
  loose_end: "Follow up later",
  ask: "Asking",
  skip: "Skipping",
  park: "Parking",
  add: "Adding a question",
  nudge: "Line to the panel",
  nudge_seen: "Dismissing a line",
  suggest: "Suggestion",
  gate: "The decision at a gate",
  turn: "Who asks next",
  lead: "Who leads",
  take_lead: "Taking the lead",
  minutes: "The length of the call",
  run_over: "Running over",
  pause: "The pause",
  start: "The start",
  end: "The end",
  draft: "Text",
};

/** The row of the tray that a refused entry has; all refusals of one note share theirs. @param {Entry} entry */
export const keyOf = ({ id, kind, target }) => (kind === "note" ? `note-${target}` : id);

/** What could not be saved, and where. @param {Entry} entry @param {State} state @param {(question: any) => string} promptOf */
export function nameOf({ kind, target, value }, state, promptOf) {
  const ofPoint = kind === "tick" ? state.points.find((point) => point.id === target)?.question : target;
  const question = (kind === "add" ? null : value?.question) ?? ofPoint;
  const where = questionOf(state, question) ? ` on “${promptOf(question)}”` : "";
  return `${NAMES[kind]}${where}:`;
}

/** The text that would be lost, "" if there is none. @param {Entry} entry */
export function textOf({ kind, value }) {
  return typeof value === "string" && !["note", "nudge"].includes(kind) ? "" : wordsOf(value);
}
