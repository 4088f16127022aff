// Rows of a form that are added, removed and put in order. The server reads the order from each row's number.
// <div data-rows="prefix"> holds <ol data-row-list>, perhaps <template data-row-template>, and the buttons. Rows of
// the same prefix may be in several such places (data-section says in which): one that leaves its place at
// either end goes on to the next.

import { find, findAll } from "../page.js";

/** @import { ElementEvent } from "../types.js" */

/** What can be done with each place of rows. @type {Map<Element, {list: Element, number: () => void}>} */
const places = new Map();

/** Fields in which Enter goes on. A place with data-enter goes on in its own way. */
const TEXT = ":is(input:not([data-choose], [type=checkbox]), textarea)";

/** @param {HTMLElement} rows */
function setUp(rows) {
  const prefix = rows.dataset.rows;
  const list = find(":scope > [data-row-list]", rows);
  const total = find(`[name="${prefix}-TOTAL_FORMS"]`);
  const template = find(":scope > [data-row-template]", rows) ?? find(`[data-row-template="${prefix}"]`);
  const status = find(":scope > [data-row-status]", rows);
  const all = () => [...list.children];
  const isShown = (row) => !row.hidden && !row.classList.contains("is-removed");
  const shown = () => all().filter(isShown);
  const field = (row, name) => find(`[name$="-${name}"]`, row);
  const say = (text) => {
    status.textContent = text;
  };

  /** The next place of such rows in that direction, if it is there to be seen. */
  function neighbour(step) {
    const seen = findAll(`[data-rows="${prefix}"]`).filter((place) => place.checkVisibility());
    return seen[seen.indexOf(rows) + step];
  }

  function number() {
    all().forEach((row, index) => {
      field(row, "ORDER").value = String(index + 1);
      if ("section" in rows.dataset) field(row, "section").value = rows.dataset.section;
    });
    const rowsShown = shown();
    rowsShown.forEach((row, index) => {
      find("[data-row-up]", row).disabled = index === 0 && !neighbour(-1);
      find("[data-row-down]", row).disabled = index === rowsShown.length - 1 && !neighbour(1);
    });
  }

  function changed() {
    for (const place of places.values()) place.number();
    rows.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function add() {
    let row = all().find((candidate) => candidate.hidden);
    if (!row) {
      const copy = template.content.cloneNode(true);
      for (const element of copy.querySelectorAll("*")) {
        for (const { name, value } of [...element.attributes]) {
          if (value.includes("__prefix__")) element.setAttribute(name, value.replaceAll("__prefix__", total.value));
        }
      }
      total.value = String(Number(total.value) + 1);
      row = copy.firstElementChild;
    }
    list.append(row);
    row.hidden = false;
    for (const inner of findAll("[data-rows]", row)) if (!places.has(inner)) setUp(inner);
    changed();
    find(".row-fields :is(input, textarea, select)", row)?.focus();
    say(`Row ${shown().length} added.`);
  }

  function move(row, step, focused) {
    const rowsShown = shown();
    const other = rowsShown[rowsShown.indexOf(row) + step];
    const place = places.get(neighbour(step));
    if (other && step < 0) other.before(row);
    else if (other) other.after(row);
    else if (place && step < 0) place.list.append(row);
    else if (place) place.list.prepend(row);
    else return;
    changed();
    if (focused.disabled) find(step < 0 ? "[data-row-down]" : "[data-row-up]", row).focus();
    else focused.focus();
    const now = [...row.parentElement.children].filter(isShown);
    say(other ? `Now ${now.indexOf(row) + 1} of ${now.length}.` : "Moved to another section.");
  }

  function remove(row, isRemoved) {
    field(row, "DELETE").checked = isRemoved;
    row.classList.toggle("is-removed", isRemoved);
    find(":scope > [data-row-removed]", row).hidden = !isRemoved;
    changed();
    find(isRemoved ? "[data-row-keep]" : "[data-row-remove]", row).focus();
    say(isRemoved ? "This row will be removed when you save." : "Row restored.");
  }

  rows.addEventListener("click", (/** @type {MouseEvent & ElementEvent} */ event) => {
    const button = event.target.closest("button");
    if (button?.closest("[data-rows]") !== rows) return;
    const row = button.closest("[data-row]");
    if (button.matches("[data-row-add]")) add();
    else if (button.matches("[data-row-up]")) move(row, -1, button);
    else if (button.matches("[data-row-down]")) move(row, 1, button);
    else if (button.matches("[data-row-remove]")) remove(row, true);
    else if (button.matches("[data-row-keep]")) remove(row, false);
  });

  rows.addEventListener("keydown", (/** @type {KeyboardEvent & ElementEvent} */ event) => {
    if (event.isComposing || event.target.closest("[data-rows]") !== rows) return;
    const row = event.target.closest("[data-row]");
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      move(row, event.key === "ArrowUp" ? -1 : 1, event.target);
    } else if (event.key === "Enter" && !rows.dataset.enter && event.target.matches(`.row-fields ${TEXT}`)) {
      // Enter goes on to the next row, rather than saving a form that is half written.
      event.preventDefault();
      const rowsShown = shown();
      const next = rowsShown[rowsShown.indexOf(row) + 1];
      if (next) find(".row-fields :is(input, textarea)", next).focus();
      else if (template) add();
    }
  });

  rows.addEventListener("rows:dropped", (event) => {
    event.stopPropagation();
    changed();
    say("Moved.");
  });

  for (const row of all()) {
    row.hidden = row.dataset.row === "blank";
    if (field(row, "DELETE")?.checked) {
      row.classList.add("is-removed");
      find(":scope > [data-row-removed]", row).hidden = false;
    }
  }
  places.set(rows, { list, number });
  number();
}

/** Shown again as a draft has them: what was removed is struck out, a blank row with text is in sight. */
function refresh() {
  for (const row of findAll("[data-row-list] > [data-row]")) {
    const isRemoved = Boolean(find('[name$="-DELETE"]', row)?.checked);
    row.classList.toggle("is-removed", isRemoved);
    const note = find(":scope > [data-row-removed]", row); // not in rows that only move
    if (note) note.hidden = !isRemoved;
    const texts = findAll(".row-fields :is(input:not([type=hidden], [type=checkbox]), textarea)", row);
    if (row.hidden && texts.some((field) => field.value.trim())) row.hidden = false;
  }
  for (const place of places.values()) place.number();
}

document.addEventListener("rows:restored", refresh);
for (const rows of findAll("[data-rows]")) setUp(rows);
for (const place of places.values()) place.number();
