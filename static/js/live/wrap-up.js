// Wrapping up: lists open questions at the end of a call. One rates, ticks off follow-ups and writes in place.

import { find, findAll, setHidden, setText } from "../page.js";
import { isText } from "./fields.js";
import { fillList, promptOf } from "./fill.js";
import { fillParked } from "./outline.js";
import { timeWords } from "./pace-words.js";
import { openNote } from "./sight.js";
import { parkedOf, phaseOf, present, ratingOf, reach, sectionOf } from "./state.js";

/** @import { State } from "../types.js" */

/** @param {{state: () => State, now: () => number}} page */
export function createWrapUp({ state, now }) {
  const dialog = find("#wrap-up");
  // Follow-ups and general notes exist once. While this is open they are in it, else in the rail.
  const own = find("[data-own-words]");
  const home = document.createComment("follow-ups and general notes");
  /** Unrated when this was opened: they stay in the list once rated. @type {Set<number>} */
  const listed = new Set();
  /** The field that was written in before this was opened, and its caret. @type {{field: any, start: number, end: number}|null} */
  let cameFrom = null;

  function fillLink(element, { id, text }) {
    setText(find("[data-text]", element), text);
    Object.assign(find("a", element), { href: `#q-${id}` }).dataset.look = `q${id}`;
  }

  function fillRating(element, row) {
    fillLink(element, row);
    const { value, flags } = ratingOf(state(), row.id);
    find("[data-wrap-rate]", element).setAttribute("aria-label", row.text);
    for (const radio of findAll("input", element)) {
      radio.name = `wrap-up-${row.id}`;
      radio.checked = Number(radio.value) === value;
      radio.disabled = radio.value === "1" && flags.includes("dont_know");
    }
  }

  /** Show the questions of a part. @returns {number} how many */
  function part(name, questions, template = "open", fill = fillLink) {
    const section = find(`[data-wrap=${name}]`);
    setHidden(section, !questions.length);
    const rows = questions.map(({ id }) => ({ key: id, id, text: promptOf(id) }));
    fillList(find("ul", section), template, rows, fill);
    return questions.length;
  }

  function paint() {
    if (!dialog.open) return;
    const call = state();
    setText(find("[data-wrap-time]", dialog), timeWords(call, now()));
    const isForCandidate = (question) => sectionOf(call, question.section).is_for_candidate;
    const isUnrated = (question) => ratingOf(call, question.id).value === null;
    const open = present(call).filter(
      (question) =>
        question.state === "unasked" && question.parent === null && !question.parked && reach(call, question.section) === "open",
    );
    const answers = present(call).filter((question) => question.state === "asked" && question.kind === "answer");
    for (const { id } of answers.filter(isUnrated)) listed.add(id);
    const count =
      part("parked", parkedOf(call), "parked", (element, row) => fillParked(element, row, call)) +
      part("candidate", open.filter(isForCandidate)) +
      part(
        "must",
        // As in the scorecard's coverage: nobody waits for an answer to the welcome.
        open.filter((question) => question.must_ask && question.kind === "answer" && !isForCandidate(question)),
      );
    const shown = answers.filter(({ id }) => listed.has(id));
    part("unrated", shown, "unrated", fillRating);
    const ends = call.loose_ends.filter((row) => !row.is_done);
    setHidden(find("[data-wrap-nothing]"), count + ends.length + shown.filter(isUnrated).length > 0);
  }

  function open() {
    if (dialog.open || phaseOf(state()) !== "live") return;
    const field = /** @type {HTMLTextAreaElement} */ (document.activeElement);
    const isWriting = isText(field);
    cameFrom = isWriting ? { field, start: field.selectionStart, end: field.selectionEnd } : null;
    listed.clear();
    if (!home.isConnected) own.replaceWith(home);
    find("[data-wrap-own]").append(own);
    dialog.showModal();
    paint();
    // Not whatever came first in the list of the last time: there one key could rate, or be text.
    find("h2", dialog).focus();
    // The sentence goes on here.
    if (isWriting) openNote(dialog);
  }

  /** The dialog gives the focus back, but the move of its field takes the caret: typing would go nowhere. */
  function backHome() {
    home.replaceWith(own);
    if (cameFrom && document.activeElement === cameFrom.field) cameFrom.field.setSelectionRange(cameFrom.start, cameFrom.end);
  }

  // It comes a task later, when the dialog may be open again.
  dialog.addEventListener("close", () => dialog.open || backHome());
  return { open, paint, isOpen: () => dialog.open };
}
