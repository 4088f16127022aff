// Adds a found question to a script: to the section in which one was last, else to the last one in sight.

import { find, findAll } from "../page.js";

/** @import { ElementEvent } from "../types.js" */

const PLACE = '[data-rows="items"]';

/** The questions of the section in which the focus was last. @type {HTMLElement | null} */
let place = null;

document.addEventListener("focusin", (/** @type {ElementEvent} */ event) => {
  const section = event.target.closest(".section-row");
  if (section) place = find(PLACE, section);
});

document.addEventListener("click", (/** @type {ElementEvent} */ event) => {
  const pick = event.target.closest("[data-pick]");
  if (!pick) return;
  const inSight = findAll(PLACE).filter((candidate) => candidate.checkVisibility());
  const section = place && inSight.includes(place) ? place : inSight.at(-1);
  if (!section) return;
  find(":scope > [data-row-add]", section).click();
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement)) return;
  field.value = pick.dataset.pick;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  pick.focus();
});

// Enter in the search box must not save a script that is half built.
document.addEventListener("keydown", (/** @type {KeyboardEvent & ElementEvent} */ event) => {
  if (event.key === "Enter" && event.target.closest(".picker, .slot")) event.preventDefault();
});
