// Names of ratings and reasons, and what others have done, in words.

import { asksNext } from "./state.js";

export const WORDS = { 1: "Poor", 2: "Mixed", 3: "Good", 4: "Excellent" };
export const REASONS = { 1: "out of time", 2: "already answered", 3: "not for this role", 4: "candidate declined", 5: "other" };
const DECIDED = { true: "decided to continue", false: "decided to stop here", null: "undid the decision" };
export const PARTS = { lead: "leading", interviewer: "interviewing", shadow: "shadowing" };

/** @import { LiveEvent, State } from "../types.js" */

/**
 * The facts of which the others are told, with who changed them: the same words for all, "You" or a name.
 * @param {LiveEvent} event @param {string} who
 * @param {{before: State, state: State, nameOf: Record<string, (id: any) => string>}} page `before` and after the event
 * @returns {string} "" where there is nothing to tell
 */
export function factWords({ kind, payload }, who, { before, state, nameOf }) {
  switch (kind) {
    case "start":
      return payload.status === "scheduled" ? `${who} undid the start of the interview` : `${who} started the interview`;
    case "end":
      return endWords(who);
    case "pause":
      return `${who} ${payload.pause.since ? "paused" : "resumed"} the call`;
    case "reopen":
      return `${who} reopened the call`;
    case "cancel":
      return `${who} called the interview off: ${payload.off.words}. ${payload.off.reason}`.trim();
    case "restore":
      return `${who} restored the interview`;
    case "reschedule":
      return `${who} rescheduled the interview`;
    case "ask":
      if (payload.state === "unasked") return `${who} marked as not asked: ${nameOf.question(payload.question)}`;
      return payload.current.question === payload.question
        ? `${who} ${who === "You" ? "ask" : "asks"}: ${nameOf.question(payload.question)}`
        : "";
    case "park":
      return `${who} ${payload.parked ? "parked for later" : "unparked"}: ${nameOf.question(payload.question)}`;
    case "add": {
      const { added } = payload.questions[0];
      if (added.removed) return `${who} took back the question: ${added.prompt}`;
      return `${who} added a question and ${who === "You" ? "ask" : "asks"} it: ${added.prompt}`;
    }
    case "skip":
      if (payload.state === "skipped") return `${who} skipped, ${REASONS[payload.skip_reason]}: ${nameOf.question(payload.question)}`;
      return `${who} undid the skip: ${nameOf.question(payload.question)}`;
    case "gate":
      return `${who} ${DECIDED[payload.is_open]}: ${nameOf.gate(payload.section)}`;
    case "turn":
      return turnWords(payload.panelist, who, state);
    case "files":
      return `${who} changed the candidate’s files`;
    case "asker": {
      const { title } = state.sections.find(({ id }) => id === payload.section) ?? { title: "" };
      return `${who} gave ${title} to ${payload.asker ? nameFor(payload.asker, state) : "nobody"}`;
    }
    case "panel":
      return panelWords(before, state, who);
    default:
      return "";
  }
}

const nameFor = (seat, { panel, me }) => (Number(seat) === me.panelist ? "you" : panel[seat].short);

/** Who asks next, and by whose doing. @param {number} panelist @param {string} who @param {State} state */
function turnWords(panelist, who, state) {
  const to = nameFor(panelist, state);
  const isMe = to === "you";
  const isOwn = who === (isMe ? "You" : to);
  return `${who} ${isOwn ? "took over" : `passed to ${to}`}. ${isMe ? "You ask" : `${to} asks`} next`;
}

/** @param {string} by who ended it; "" if nobody did */
export function endWords(by) {
  return by ? `${by} ended the call` : "The call was ended automatically";
}

/** Who leads now, where that is news. @param {State} before @param {State} state @param {string} who */
function panelWords(before, state, who) {
  const leadOf = ({ panel }) => Object.keys(panel).find((id) => panel[id].part === "lead" && !panel[id].has_left);
  const lead = leadOf(state);
  if (before.interview.minutes !== state.interview.minutes) return `${who} set the call to ${state.interview.minutes} min`;
  if (Boolean(before.interview.may_run_over) !== Boolean(state.interview.may_run_over))
    return `${who} ${state.interview.may_run_over ? "let the call run over" : "set the call to end on time"}`;
  if (!lead || lead === leadOf(before)) return `${who} changed the panel`;
  const to = nameFor(lead, state);
  return who === (to === "you" ? "You" : to) ? `${who} took the lead` : `${who} made ${to} the lead`;
}

/** Acts that change the call for everyone: their words are shown. */
const isForAll = ({ kind, payload }) =>
  kind === "ask"
    ? payload.state === "unasked"
    : [
        "start",
        "end",
        "reopen",
        "cancel",
        "restore",
        "reschedule",
        "pause",
        "files",
        "asker",
        "skip",
        "park",
        "add",
        "gate",
        "turn",
        "panel",
      ].includes(kind);

/** Whether the event is about a point that was heard. @param {LiveEvent} event */
export const isHeard = ({ kind }) => ["tick", "unlisted", "unlisted_tick"].includes(kind);

/**
 * What others have done, in words for those who do not see it.
 * @param {{events: LiveEvent[], before: State, state: State, nameOf: Record<string, (id: any) => string>,
 *   isInSight: (event: LiveEvent) => boolean}} news  `isInSight`: whether the page shows where a point was heard
 * @returns {{text: string, isVisible: boolean}|null}
 */
export function news({ events, before, state, nameOf, isInSight }) {
  const others = events.filter((event) => event.stream === "shared" && event.actor !== state.me.user);
  const told = [];
  let isVisible = false;
  for (const event of others) {
    const words = wordsFor(event, { before, state, nameOf });
    if (!words) continue;
    told.push(words);
    isVisible ||= isHeard(event) ? !isInSight(event) : isForAll(event);
  }
  const amNext = !asksNext(before) && asksNext(state) && others.some(({ kind }) => kind === "turn" || kind === "panel");
  if (state.me.part !== before.me.part) told.push(`You are now ${PARTS[state.me.part]}`);
  if (amNext && !told.some((words) => words.endsWith("You ask next"))) told.push("You ask next");
  const text = [...new Set(told)].join(". ");
  return text ? { text, isVisible: isVisible || amNext || state.me.part !== before.me.part } : null;
}

/** @param {LiveEvent} event @param {{before: State, state: State, nameOf: Record<string, (id: any) => string>}} page */
function wordsFor(event, page) {
  const { kind, actor, payload } = event;
  // A hiring manager is named where they end or reopen a call.
  const short = Object.values(page.state.panel).find((seat) => seat.user === actor)?.short ?? payload.by ?? "The hiring manager";
  switch (kind) {
    case "tick":
      return payload.on ? `${short} heard: ${page.nameOf.point(payload.point)}` : "";
    case "unlisted":
    case "unlisted_tick":
      return payload.on ? `${short} heard: ${payload.text}` : "";
    case "nudge":
      return payload.removed ? "" : `${short}: ${payload.text}`;
    default:
      return factWords(event, short, page);
  }
}
