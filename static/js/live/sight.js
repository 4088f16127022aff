// Which card is in sight: a question or a gate; and where the focus goes when another one comes.

import { find, findAll, fixed, openDialog } from "../page.js";
import { isField, isSeen, isText } from "./fields.js";
import { isGone, phaseOf, questionOf } from "./state.js";

/** @import { State } from "../types.js" */

// In px: so much of the outline stays in sight above and below the row in sight.
const MARGIN = 40;

const keyOf = ({ interview }) => `card-${interview.id}`;

/** The card that this window showed before it was loaded again. @param {State} initial */
function lastCard(initial) {
  try {
    const card = sessionStorage.getItem(keyOf(initial));
    return findAll("[data-card]").some((one) => one.dataset.card === card) ? card : null;
  } catch {
    return null;
  }
}

/** @param {State} initial */
function firstCard(initial) {
  const { current, questions, interview } = initial;
  const first =
    questions.find((question) => question.state === "unasked" && question.parent === null && !question.added?.removed) ?? questions[0];
  const id = current.question ?? (interview.status === "live" ? first : questions[0])?.id;
  const last = current.question ? null : lastCard(initial);
  return last ?? (id ? `q${id}` : null);
}

/** Bring a row of the outline into its window, without scrolling the page. */
function scrollOutline(to) {
  const outline = find("#outline");
  const row = find(`[data-look="${to}"]`, outline)?.getBoundingClientRect();
  const { top, bottom } = outline.getBoundingClientRect();
  if (!row?.height) return;
  if (row.top < top + MARGIN) outline.scrollTop -= top + MARGIN - row.top;
  else if (row.bottom > bottom - MARGIN) outline.scrollTop += row.bottom + MARGIN - bottom;
}

/** The caret at the end of a note, of the card in sight or in `place`. @returns {boolean} whether there is one */
export function openNote(place = find(".one.is-shown")) {
  const note = place && find("[data-note]", place);
  if (!note || !isSeen(note)) return false;
  note.focus();
  note.setSelectionRange(note.value.length, note.value.length);
  note.scrollTop = note.scrollHeight;
  return document.activeElement === note;
}

/** Scroll to a card whose beginning is out of sight, or behind what lies over the page. */
function scrollToCard() {
  const beginning = find(".one.is-shown .meta");
  if (!beginning) return;
  const bottoms = [fixed("[data-top]"), fixed("[data-over-card]")].map((part) => part.getBoundingClientRect().bottom);
  const { top } = beginning.getBoundingClientRect();
  if (top >= Math.max(...bottoms) && top <= innerHeight / 2) return;
  find(".q").scrollIntoView({ block: "start" });
  const covered = fixed("[data-over-card]").getBoundingClientRect().bottom - find(".q").getBoundingClientRect().top;
  if (covered > 0) scrollBy({ top: -covered, behavior: "instant" });
}

/** Bring what the page is for now into sight; but never move the words that someone writes. */
export function showStage(stage) {
  if (isText(document.activeElement) && isSeen(document.activeElement)) return;
  stage.scrollIntoView({ block: "nearest", behavior: "instant" });
}

/**
 * The focus to the card in sight, where single keys work; but never out of a text field, whose sentence may go on.
 * @param {(act: () => void) => void} [next] when to scroll to it; else at once
 */
export function focusCard(next = (act) => act()) {
  if (isText(document.activeElement) && isSeen(document.activeElement)) return;
  const heading = find(".one.is-shown h2");
  if (!heading) return;
  heading.focus({ preventScroll: true });
  next(scrollToCard);
}

/** Once the page is loaded: the focus to where a screen reader begins and Tab leads on, what the page is for right now. */
export function focusStart() {
  const headings = [...findAll(".stage h2"), find(".one.is-shown h2")].filter((one) => one && isSeen(one));
  if (document.activeElement === document.body) headings[0]?.focus({ preventScroll: true });
}

/** Keep the caret in the same field if it is still visible, else move it to the shown note. */
function goOnWriting(field) {
  if (isSeen(field)) field.focus({ preventScroll: true });
  else if (!openNote()) focusCard();
}

/**
 * @param {{initial: State, state: () => State, following: {isAtRest: () => boolean, wentAlong: () => void}, paint: () => void,
 *   next: (act: () => void) => void, leaving: () => void, arrived: () => void}} page
 *   `leaving` is called before another card comes into sight, `arrived` once it is there.
 */
export function createSight({ initial, state, following, paint, next, leaving, arrived }) {
  let card = firstCard(initial);
  let lastAsked = initial.current.question;

  /** Put a question or gate in sight. */
  function show(to, { keepsFocus = false } = {}) {
    const isNew = to !== card;
    const hadFocus = find(".one.is-shown")?.contains(document.activeElement);
    // Not the field of a dialog that was just closed.
    const writing = isText(document.activeElement) && document.activeElement.checkVisibility() ? document.activeElement : null;
    leaving();
    card = to;
    try {
      sessionStorage.setItem(keyOf(initial), to);
    } catch {
      // Then loading again leads to the next open question.
    }
    for (const element of findAll("[data-card]")) element.classList.toggle("is-shown", element.dataset.card === to);
    const element = find(".one.is-shown");
    fixed(".q").classList.toggle("has-no-rating", !element || !find(".rating", element));
    fixed(".q").classList.toggle("has-gate", Boolean(element?.matches(".gate")));
    document.body.classList.remove("has-room");
    paint();
    arrived();
    next(() => scrollOutline(card));
    if (writing) goOnWriting(writing);
    else if (!keepsFocus || (isNew && hadFocus)) focusCard(next);
  }

  /** Follow the panel to a newly asked question, if the last one was shown here and the person is not busy. */
  function follow() {
    const { question: current } = state().current;
    const before = lastAsked;
    // A question just added: its card is on the way.
    if (current && current !== before && !find(`[data-card="q${current}"]`)) return;
    lastAsked = current ?? before;
    const isAlong = before === null ? phaseOf(state()) === "live" : card === `q${before}`;
    const shown = questionOf(state(), shownId());
    // The card in sight was taken back: leave it.
    const isLost = Boolean(shown) && isGone(state(), shown);
    const isBusy = isField(document.activeElement) || openDialog() || !(isLost || following.isAtRest());
    if (isLost && current && !isBusy) return show(`q${current}`, { keepsFocus: true });
    if (!current || current === before || current === shownId() || !isAlong || isBusy) return;
    show(`q${current}`, { keepsFocus: true });
    following.wentAlong();
  }

  /** The question in sight, or null at a gate. */
  const shownId = () => (card?.[0] === "q" ? Number(card.slice(1)) : null);

  return { card: () => card, shownId, show, follow };
}
