// Adds questions to a section of a script: a dialog finds them by word, topic, level and form. Each row shows its
// question as text; its hidden field has the label that the server takes.

import { find, findAll } from "../page.js";
import { isPlain, isTyping, walk } from "../walking.js";

/** @import { ElementEvent } from "../types.js" */

const SEARCH = "#find";
const PICKS = "#picks-found [data-pick]";
const ITEM = '[name^="items-"][name$="-question"]';

const dialog = find("#picker");
/** The questions of the section that the dialog adds to. @type {HTMLElement | null} */
let place = null;
/** Enter was pressed before the questions for these words were there. */
let isWaiting = false;

const rowOf = (field) => field.closest("[data-row]");
const taken = () => {
  const fields = findAll(`[data-rows="items"] > ol > li:not([hidden], .is-removed) ${ITEM}`);
  return new Set(fields.map((field) => field.value));
};

/** Show in each row what its field says: after a draft was restored, too. */
function showTexts() {
  for (const field of findAll(ITEM)) {
    const text = rowOf(field) && find("[data-item-text]", rowOf(field));
    if (text) text.textContent = field.value;
  }
}

function showState() {
  const inScript = taken();
  for (const pick of findAll(PICKS)) {
    const isTaken = inScript.has(pick.dataset.pick);
    pick.setAttribute("aria-disabled", String(isTaken));
    find("[data-picked]", pick).hidden = !isTaken;
  }
  find("[data-picker-plan]", dialog).textContent = (place && find(".section-plan", place)?.textContent.trim()) ?? "";
}

/** @param {HTMLElement} section */
function open(section) {
  place = find('[data-rows="items"]', section);
  const title = find('[name$="-title"]', section).value.trim();
  find("[data-picker-section]", dialog).textContent = title ? ` to “${title}”` : "";
  dialog.showModal();
  find(SEARCH).select();
  find(".picker", dialog).dispatchEvent(new Event("opened"));
}

/** @param {HTMLElement} pick */
function add(pick) {
  if (!place || taken().has(pick.dataset.pick)) return;
  find(":scope > [data-row-add]", place).click();
  const row = find(":scope > ol", place).lastElementChild;
  const field = find(ITEM, row);
  field.value = pick.dataset.pick;
  showTexts();
  showState();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (/** @type {ElementEvent} */ event) => {
  const opener = event.target.closest("[data-pick-into]");
  if (opener) open(opener.closest(".section-row"));
  // The list of problems links to fields of questions, which are shown as text: go to the row.
  const problem = event.target.closest('.error-summary a[href^="#id_items-"]');
  const field = problem && find(problem.hash);
  if (field && !field.checkVisibility()) {
    event.preventDefault();
    const row = rowOf(field);
    row.scrollIntoView({ block: "center" });
    find(".row-fields [type=checkbox]", row).focus();
  }
  const pick = event.target.closest("[data-pick]");
  if (pick) add(pick);
});

dialog?.addEventListener("close", () => {
  if (place) find(":scope > [data-pick-into]", place).focus();
});

document.addEventListener("keydown", (/** @type {KeyboardEvent & ElementEvent} */ event) => {
  if (!isPlain(event)) return;
  // Enter in a section's own fields goes on to its questions, rather than saving a script that is half built.
  if (event.key === "Enter" && event.target.matches('[data-enter="pick"] > ol > li > .row-fields input:not([type="checkbox"])')) {
    event.preventDefault();
    open(event.target.closest(".section-row"));
  } else if (dialog?.open) keyInDialog(event);
});

/** @param {KeyboardEvent & ElementEvent} event */
function keyInDialog(event) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event, SEARCH, PICKS);
  else if (event.key === "Enter" && event.target.matches(SEARCH)) {
    event.preventDefault();
    isWaiting = find("#picks-found").dataset.words !== find(SEARCH).value;
    if (!isWaiting) find(PICKS)?.focus();
  } else if (event.key === "/" && !isTyping(event.target)) {
    event.preventDefault();
    find(SEARCH).select();
  } else if (event.key === "Escape") {
    // A search field would only be cleared.
    event.preventDefault();
    dialog.close();
  }
}

document.addEventListener("htmx:afterSettle", (/** @type {ElementEvent} */ event) => {
  const { target, pathInfo } = event.detail;
  if (target?.id === "picks-found") {
    target.dataset.words = new URL(pathInfo.responsePath, location.href).searchParams.get("find") ?? "";
    if (target.dataset.words === find(SEARCH).value) {
      if (isWaiting) find(PICKS)?.focus();
      isWaiting = false;
    }
  }
  if (dialog?.open) showState();
});

document.addEventListener("rows:restored", showTexts);
