// Puts the state onto the outline of the script.

import { find, findAll, fixed, setHidden, setText } from "../page.js";
import { fillList, isNew, promptOf } from "./fill.js";
import { usedIn, welcomeOf } from "./pace.js";
import { cards, isGone, isOffered, parkedOf, phaseOf, questionOf, reach } from "./state.js";
import { REASONS } from "./words.js";

/** @import { Question, State } from "../types.js" */

/** @param {State} state @param {string|null} card @param {number} now */
export function paintOutline(state, card, now) {
  paintParked(state);
  for (const link of findAll("[data-look]:not([data-parked-list] *)", fixed("#outline"))) {
    const isShown = link.dataset.look === card;
    if (isShown) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    const id = Number(link.dataset.look.slice(1));
    if (link.dataset.look[0] === "g") {
      const { is_gate_open: isOpen } = state.sections.find((section) => section.id === id);
      setText(find("[data-says]", link), { true: "you continue", false: "you stop here", null: "not decided yet" }[isOpen]);
    } else paintOutlineQuestion(link, state, questionOf(state, id));
  }
  for (const part of findAll("[data-outline-section]", fixed("#outline"))) {
    const section = state.sections.find((one) => one.id === Number(part.dataset.outlineSection));
    const used = Math.round(usedIn(state, section.id, now));
    setText(find("[data-section-minutes]", part), used ? `${used} / ${section.minutes} min` : `${section.minutes} min`);
    const asker = state.panel[section.asker];
    setText(find("[data-asker]", part), asker ? (section.asker === state.me.panelist ? "you" : asker.short) : "");
    part.classList.toggle("is-behind", reach(state, section.id) !== "open");
  }
  const welcome = Math.round(welcomeOf(state, now));
  setHidden(fixed("[data-outline-welcome]"), !welcome);
  setText(fixed("[data-welcome-minutes]"), `${welcome} min`);
  const all = cards(state).filter((one) => one[0] === "q");
  const place = all.indexOf(card) + 1;
  setText(fixed("[data-place]"), place ? `${place} of ${all.length}` : "gate");
}

/** Parked questions, at the end. @param {State} state */
function paintParked(state) {
  const parked = parkedOf(state).map(({ id }) => ({ key: id, id, text: promptOf(id) }));
  setHidden(find("[data-parked]"), !parked.length);
  fillList(find("[data-parked-list]"), "parked", parked, (element, row) => fillParked(element, row, state));
}

/** A parked question, which lead and interviewers can ask now. @param {Element} element @param {{id: number, text: string}} row @param {State} state */
export function fillParked(element, { id, text }, state) {
  const link = find("a", element);
  Object.assign(link, { href: `#q-${id}` }).dataset.look = `q${id}`;
  setText(find("[data-text]", link), text);
  setText(find("[data-about]", element), `: ${text}`);
  setHidden(find("button", element), phaseOf(state) !== "live" || !state.me.may_cover || state.current.question === id);
}

/** @param {Element} link @param {State} state @param {Question} question */
function paintOutlineQuestion(link, state, question) {
  const isCurrent = state.current.question === question.id && phaseOf(state) === "live";
  const isOpen = isOffered(state, question);
  const isAway = isGone(state, question);
  if (!isNew(link, isCurrent, isOpen, isAway, question.state, question.skip_reason, question.parked)) return;
  const open = isOpen ? ["○", question.parent ? "suggested" : "to ask"] : ["↳", "follow-up, not suggested"];
  const [mark, says] = isCurrent ? ["▸", "being asked"] : ({ asked: ["✓", "asked"], skipped: ["↷", "skipped,"] }[question.state] ?? open);
  setText(find(".mark", link), mark);
  find(".mark", link).title = says.replace(/,$/, "");
  setText(find("[data-says]", link), says);
  const reason = find("[data-skipped]", link);
  setHidden(reason, question.state !== "skipped");
  setText(reason, REASONS[question.skip_reason] ?? "");
  setHidden(find("[data-parked-mark]", link), !question.parked);
  setHidden(link.closest("li"), isAway);
  link.classList.toggle("is-done", question.state !== "unasked" && !isCurrent);
}
