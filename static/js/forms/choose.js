// Offers questions under a field while one types: arrows walk, Enter or a click takes one, Escape closes. One list serves
// all fields of the page. The server takes the label of a question, or words that only one has.

import { find, findAll, plural, setText } from "../page.js";
import { isPlain } from "../walking.js";

/** @import { ElementEvent } from "../types.js" */

const FIELD = "input[data-choose]";
const PAUSE = 200; // ms without a key before it searches

const chooser = find("[data-chooser]");
const list = chooser && find("ul", chooser);
/** The field that the list belongs to. @type {HTMLInputElement | null} */
let field = null;
let timer = 0;
/** The words that the list is for, and whether an answer is on its way. */
let [words, isWaiting] = ["", false];

const choices = () => findAll("[data-choice]", list);
const current = () => choices().findIndex((choice) => choice.getAttribute("aria-selected") === "true");

function close() {
  clearTimeout(timer);
  isWaiting = false;
  chooser.hidden = true;
  field?.setAttribute("aria-expanded", "false");
  field?.removeAttribute("aria-activedescendant");
}

/** @param {number} index of the choice that Enter takes */
function mark(index) {
  for (const [place, choice] of choices().entries()) choice.setAttribute("aria-selected", String(place === index));
  const choice = choices()[index];
  if (!choice) {
    field.removeAttribute("aria-activedescendant");
    return;
  }
  field.setAttribute("aria-activedescendant", choice.id);
  choice.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLInputElement} input */
function attach(input) {
  if (field === input) return;
  if (field) close();
  field = input;
  input.after(chooser);
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-autocomplete", "list"],
    ["aria-controls", list.id],
    ["aria-expanded", "false"],
  ]) {
    input.setAttribute(name, value);
  }
}

function search() {
  words = field.value.trim();
  if (!words) {
    close();
    return;
  }
  // Not fields: the form around would send them.
  chooser.setAttribute("hx-vals", JSON.stringify({ words, beside: chooser.dataset.chooser }));
  chooser.dispatchEvent(new Event("wanted"));
}

/** @param {HTMLElement} choice */
function take(choice) {
  field.value = choice.dataset.choice;
  close();
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("focusin", (/** @type {ElementEvent} */ event) => {
  if (event.target.matches(FIELD)) attach(/** @type {HTMLInputElement} */ (event.target));
});

// The page may have put the focus there before this ran.
if (chooser && document.activeElement?.matches(FIELD)) attach(/** @type {HTMLInputElement} */ (document.activeElement));

document.addEventListener("focusout", (/** @type {ElementEvent} */ event) => {
  if (event.target === field) close();
});

document.addEventListener("input", (/** @type {ElementEvent} */ event) => {
  if (event.target !== field) return;
  clearTimeout(timer);
  isWaiting = true;
  timer = setTimeout(search, PAUSE);
});

document.addEventListener(
  "keydown",
  (/** @type {KeyboardEvent & ElementEvent} */ event) => {
    if (!field || event.target !== field || (chooser.hidden && !isWaiting) || !isPlain(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = choices().length;
    if (step && count) mark((current() + step + count) % count);
    else if (event.key === "Escape") close();
    else if (event.key !== "Enter" || (!isWaiting && current() < 0)) return;
    else if (!isWaiting) take(choices()[current()]); // before, nobody has seen them
    event.preventDefault();
    event.stopPropagation(); // Enter would go on to the next row
  },
  true,
);

chooser?.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
chooser?.addEventListener("click", (/** @type {MouseEvent & ElementEvent} */ event) => {
  const choice = event.target.closest("[data-choice]");
  if (choice) take(choice);
});

chooser?.addEventListener("htmx:afterSwap", () => {
  // An answer may come after the words were changed or the field was left.
  if (document.activeElement !== field || words !== field.value.trim()) return;
  isWaiting = false;
  chooser.hidden = false;
  field.setAttribute("aria-expanded", "true");
  mark(0);
  setText(find("[data-chooser-count]", chooser), `${plural(choices().length, "question")} offered.`);
});

// Offline or refused: the field is a plain one again, and the server reads what is in it.
for (const failed of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) chooser?.addEventListener(failed, close);
