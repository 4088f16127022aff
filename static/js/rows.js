// Rows of a form that are added, removed and put in order. The server reads the order from each row's number.

/** @param {HTMLElement} rows */
function setUp(rows) {
  const list = rows.querySelector("[data-row-list]");
  const total = rows.querySelector(`[name="${rows.dataset.rows}-TOTAL_FORMS"]`);
  const status = rows.querySelector("[data-row-status]");
  const all = () => [...list.children].filter((row) => row.matches("[data-row]"));
  const shown = () => all().filter((row) => !row.hidden && !row.classList.contains("is-removed"));
  const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const say = (text) => { status.textContent = text; };

  function number() {
    all().forEach((row, index) => { field(row, "ORDER").value = String(index + 1); });
    const rowsShown = shown();
    rowsShown.forEach((row, index) => {
      row.querySelector("[data-row-up]").disabled = index === 0;
      row.querySelector("[data-row-down]").disabled = index === rowsShown.length - 1;
    });
  }

  function changed() {
    number();
    rows.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function add() {
    let row = all().find((candidate) => candidate.hidden);
    if (!row) {
      const copy = rows.querySelector("[data-row-template]").content.cloneNode(true);
      for (const element of copy.querySelectorAll("*")) {
        for (const { name, value } of [...element.attributes]) {
          if (value.includes("__prefix__")) element.setAttribute(name, value.replaceAll("__prefix__", total.value));
        }
      }
      total.value = String(Number(total.value) + 1);
      row = copy.querySelector("[data-row]");
    }
    list.append(row);
    row.hidden = false;
    changed();
    row.querySelector(".row-fields :is(input, textarea, select)")?.focus();
    say(`Row ${shown().length} added.`);
  }

  function move(row, step, button) {
    const rowsShown = shown();
    const other = rowsShown[rowsShown.indexOf(row) + step];
    if (!other) return;
    const focused = button ?? document.activeElement;
    if (step < 0) other.before(row);
    else other.after(row);
    changed();
    if (focused.disabled) row.querySelector(step < 0 ? "[data-row-down]" : "[data-row-up]").focus();
    else focused.focus();
    say(`Now ${shown().indexOf(row) + 1} of ${rowsShown.length}.`);
  }

  function remove(row, isRemoved) {
    field(row, "DELETE").checked = isRemoved;
    row.classList.toggle("is-removed", isRemoved);
    row.querySelector("[data-row-removed]").hidden = !isRemoved;
    changed();
    row.querySelector(isRemoved ? "[data-row-keep]" : "[data-row-remove]").focus();
    say(isRemoved ? "Removed when you save." : "Kept.");
  }

  rows.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const row = button?.closest("[data-row]");
    if (!button) return;
    if (button.matches("[data-row-add]")) add();
    else if (button.matches("[data-row-up]")) move(row, -1, button);
    else if (button.matches("[data-row-down]")) move(row, 1, button);
    else if (button.matches("[data-row-remove]")) remove(row, true);
    else if (button.matches("[data-row-keep]")) remove(row, false);
  });

  rows.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || event.isComposing) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      move(row, event.key === "ArrowUp" ? -1 : 1);
    } else if (event.key === "Enter" && event.target.matches("textarea")) {
      // A row is one line: Enter goes on to the next one.
      event.preventDefault();
      if (row === shown().at(-1)) add();
      else row.nextElementSibling?.querySelector("textarea")?.focus();
    }
  });

  for (const row of all().filter((row) => row.dataset.row === "blank")) row.hidden = true;
  for (const row of all().filter((row) => field(row, "DELETE")?.checked)) {
    row.classList.add("is-removed");
    row.querySelector("[data-row-removed]").hidden = false;
  }
  number();
}

for (const rows of document.querySelectorAll("[data-rows]")) setUp(rows);
