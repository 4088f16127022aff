// Rows of a form put in order by dragging their handle; rows.js numbers them. A row may be dropped into another list
// of rows with the same prefix: a question into another section.

import { find } from "../page.js";

/** @import { ElementEvent } from "../types.js" */

/** The row being dragged. @type {HTMLElement | null} */
let dragged = null;

const placeOf = (element) => element.closest("[data-rows]");

/** The list below the pointer that takes such rows. @returns {HTMLElement | null} */
function listAt(/** @type {Element} */ target) {
  const prefix = placeOf(dragged).dataset.rows;
  const place = target.closest(`[data-rows="${prefix}"]`);
  return place && !dragged.contains(place) ? find(":scope > [data-row-list]", place) : null;
}

document.addEventListener("dragstart", (/** @type {DragEvent & ElementEvent} */ event) => {
  const handle = event.target.closest?.("[data-row-drag]");
  if (!handle) return;
  dragged = handle.closest("[data-row]");
  dragged.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  event.dataTransfer.setDragImage(dragged, 0, 0);
});

document.addEventListener("dragover", (/** @type {DragEvent & ElementEvent} */ event) => {
  const list = dragged && listAt(event.target);
  if (!list) return;
  event.preventDefault();
  const row = [...list.children].find((candidate) => candidate.contains(event.target));
  if (row === dragged) return;
  if (!row) list.append(dragged);
  else {
    const { top, height } = row.getBoundingClientRect();
    if (event.clientY < top + height / 2) row.before(dragged);
    else row.after(dragged);
  }
});

document.addEventListener("drop", (event) => {
  if (dragged) event.preventDefault();
});

document.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged.classList.remove("is-dragged");
  placeOf(dragged).dispatchEvent(new Event("rows:dropped", { bubbles: true }));
  dragged = null;
});
