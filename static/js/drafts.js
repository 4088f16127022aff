// A longer form keeps what is typed in it, through reload, a closed tab and an expired sign-in, until it is saved:
// <form data-draft="question:12">, in a page whose body says whose it is (data-user). A form that the server sent
// back with what was sent says data-draft-sent. Kept for seven days in this browser; never a password or a token.

const DELAY = 250; // ms after the last key
const LIFE = 7 * 24 * 60 * 60 * 1000;
const PREFIX = "draft:";
const NEVER = new Set(["csrfmiddlewaretoken", "draft"]);

/** @typedef {{id: string, at: number, fields: [string, string | string[]][]}} Draft */

/** @param {string} key @returns {Draft | null} */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch { /* there is no storage, so nothing is kept */ }
}

/** What is too old goes, whoever's it was. */
function sweep() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX) && !(Date.now() - (read(key)?.at ?? 0) < LIFE)) forget(key);
    }
  } catch { /* as above */ }
}

/** The server names what it has just saved in a cookie: that draft has done its work. */
function forgetSaved(user) {
  const pair = document.cookie.split("; ").find((one) => one.startsWith("draft_saved="));
  if (!pair) return;
  const [name, id] = decodeURIComponent(pair.slice("draft_saved=".length)).replaceAll('"', "").split("~");
  const key = `${PREFIX}${user}:${name}`;
  // Another page of the same form may have written since: its text is not saved.
  if (read(key)?.id === id) forget(key);
  document.cookie = "draft_saved=; Max-Age=0; Path=/; SameSite=Lax";
}

/** @param {HTMLFormElement} form */
function setUp(form, user) {
  const key = `${PREFIX}${user}:${form.dataset.draft}`;
  let id = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  let timer = 0;
  let isRestoring = false;

  const kept = () => [...form.elements].filter((field) => field.name && !NEVER.has(field.name)
    && !["password", "file", "submit", "button", "fieldset"].includes(field.type));
  const isChoice = (field) => field.type === "checkbox" || field.type === "radio";

  /** Fields by name; of check boxes and radio buttons the values that are chosen. */
  function values() {
    const all = new Map();
    const twice = new Set();
    for (const field of kept()) {
      if (isChoice(field)) {
        const chosen = all.get(field.name) ?? [];
        if (field.checked) chosen.push(field.value);
        all.set(field.name, chosen);
      } else if (field.multiple) {
        all.set(field.name, [...field.selectedOptions].map((option) => option.value));
      } else if (all.has(field.name)) {
        twice.add(field.name); // a list that the server wrote, not the person
      } else {
        all.set(field.name, field.value);
      }
    }
    for (const name of twice) all.delete(name);
    return [...all];
  }

  function save() {
    clearTimeout(timer);
    timer = 0;
    try {
      localStorage.setItem(key, JSON.stringify({ id, at: Date.now(), fields: values() }));
    } catch { /* full or not there: the form works as it does without drafts */ }
  }

  /** Rows that were added then are added again, so that each field of the draft has its place. */
  function addRows(names) {
    for (const name of names) {
      const prefix = /^(.+)-\d+-/.exec(name)?.[1];
      for (let tries = 0; prefix && !form.elements[name] && tries < 100; tries += 1) {
        const add = form.querySelector(`[data-rows="${prefix}"] > [data-row-add]`);
        if (!add) break;
        add.click();
      }
    }
  }

  function arrangeRows(wanted) {
    const rows = [...form.querySelectorAll("[data-row]")].map((row) => {
      const order = row.querySelector(':scope [name$="-ORDER"]')?.name;
      return { row, order: Number(wanted.get(order) ?? 0), section: wanted.get(order?.replace(/ORDER$/, "section")) };
    });
    rows.sort((one, other) => one.order - other.order);
    for (const { row, order, section } of rows) {
      if (!order) continue;
      const prefix = row.closest("[data-rows]").dataset.rows;
      const place = form.querySelector(`[data-rows="${prefix}"][data-section="${CSS.escape(section ?? "")}"] > [data-row-list]`);
      (place ?? row.parentElement).append(row);
    }
    document.dispatchEvent(new Event("rows:restored"));
  }

  /** @param {Draft} draft @returns {boolean} whether anything is other than the server has it */
  function restore(draft) {
    const before = JSON.stringify(values());
    const wanted = new Map(draft.fields);
    addRows(wanted.keys());
    const changed = [];
    for (const field of kept()) {
      const value = wanted.get(field.name);
      if (value === undefined) continue;
      if (isChoice(field)) {
        if (field.checked === value.includes(field.value)) continue;
        field.checked = !field.checked;
      } else if (field.multiple) {
        for (const option of field.options) option.selected = value.includes(option.value);
      } else {
        if (field.value === value || field.name.endsWith("_FORMS")) continue;
        field.value = value;
      }
      changed.push(field);
    }
    if (form.querySelector("[data-row]")) arrangeRows(wanted);
    if (JSON.stringify(values()) === before) return false;
    for (const field of changed) {
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
      const folded = field.closest("details:not([open])");
      if (folded && field.type !== "hidden") folded.open = true;
    }
    return true;
  }

  function tell(at) {
    const time = new Date(at);
    const isToday = time.toDateString() === new Date().toDateString();
    const day = isToday ? "" : `${time.toLocaleDateString("en-GB", { day: "numeric", month: "long" })}, `;
    const line = document.createElement("p");
    line.className = "notice good";
    line.dataset.draftLine = "";
    line.role = "status";
    const discard = document.createElement("button");
    discard.className = "link";
    discard.type = "button";
    discard.textContent = "Discard them";
    const clock = time.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    line.append(`Your unsaved changes from ${day}${clock} are back. `, discard);
    discard.addEventListener("click", () => {
      clearTimeout(timer);
      timer = 0;
      forget(key);
      form.dispatchEvent(new Event("draft:discarded"));
      location.reload();
    });
    form.prepend(line);
  }

  const draft = read(key);
  if (draft) id = draft.id;
  if (draft && "draftSent" in form.dataset) {
    save(); // the server has sent back what was typed, and perhaps a newer version to save over
  } else if (draft) {
    isRestoring = true;
    if (restore(draft)) tell(draft.at);
    isRestoring = false;
  }

  const note = () => {
    if (isRestoring) return;
    clearTimeout(timer);
    timer = setTimeout(save, DELAY);
  };
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  window.addEventListener("pagehide", () => { if (timer) save(); });
  form.addEventListener("submit", () => {
    save();
    const field = form.elements.draft ?? document.createElement("input");
    Object.assign(field, { type: "hidden", name: "draft", value: `${form.dataset.draft}~${id}` });
    form.append(field);
  });
}

const user = document.body.dataset.user;
sweep();
if (user) {
  forgetSaved(user);
  for (const form of document.querySelectorAll("form[data-draft]")) setUp(form, user);
}
