// Names of ratings and reasons, and what others have done, in words.

import { asksNext } from "./state.js";

export const WORDS = { 1: "Poor", 2: "Mixed", 3: "Good", 4: "Excellent" };
export const REASONS = { 1: "out of time", 2: "already answered", 3: "not for this role", 4: "candidate declined", 5: "other" };
export const PARTS = { lead: "leading", interviewer: "interviewing", shadow: "shadowing" };

/**
 * What others have done, in words for those who do not see it; of several the newest that matters most.
 * @returns {{text: string, isForMe: boolean}|null}
 */
export function news({ events, before, state, nameOf }) {
  const others = events.filter((event) => event.stream === "shared" && event.actor !== state.me.user);
  const told = others.map((event) => wordsFor(event, before, state, nameOf)).filter(Boolean);
  const amNext = !asksNext(before) && asksNext(state) && others.some(({ kind }) => kind === "turn" || kind === "panel");
  if (state.me.part !== before.me.part) return { text: `You are ${PARTS[state.me.part]} now`, isForMe: true };
  if (amNext) return { text: "You ask next", isForMe: true };
  return told.length ? { text: told.join(". "), isForMe: false } : null;
}

/** Names the new lead if the lead has changed. */
function panelWords(before, state) {
  const leadOf = ({ panel }) => Object.entries(panel).find(([, seat]) => seat.part === "lead" && !seat.has_left);
  const [id, lead] = leadOf(state) ?? [];
  if (!lead || id === leadOf(before)?.[0]) return "The panel has changed";
  return `${lead.short} is now the lead${state.turn === Number(id) ? " and asks next" : ""}`;
}

function wordsFor({ kind, actor, payload }, before, state, nameOf) {
  const short = Object.values(state.panel).find((seat) => seat.user === actor)?.short ?? "The hiring manager";
  switch (kind) {
    case "start":
      return "The interview has started";
    case "end":
      return `${payload.by} ended the call`;
    case "reopen":
      return `${payload.by} reopened the call`;
    case "cancel":
      return "The interview was cancelled";
    case "ask":
      if (payload.current.question === payload.question) return `${short} asks: ${nameOf.question(payload.question)}`;
      return payload.state === "unasked" ? `Marked as not asked: ${nameOf.question(payload.question)}` : "";
    case "skip":
      return payload.state === "skipped" ? `${short} skipped, ${REASONS[payload.skip_reason]}: ${nameOf.question(payload.question)}` : "";
    case "gate":
      return `${short}: ${{ true: "continue", false: "stop here", null: "not decided yet" }[payload.is_open]}`;
    case "tick":
      return payload.on ? `${short} heard: ${nameOf.point(payload.point)}` : "";
    case "unlisted":
    case "unlisted_tick":
      return payload.on ? `${short} heard: ${payload.text}` : "";
    case "turn":
      return `${state.panel[payload.panelist].short} asks next`;
    case "panel":
      return panelWords(before, state);
    default:
      return "";
  }
}
