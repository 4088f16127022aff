// Every form stores a draft while it is filled in, until it is saved: through reload, a closed tab, a crash and an
// expired session. A draft has the changed fields, and the revision ("base") that the page was opened with. They are put
// over the current row together with that base, so that the server still finds conflicting changes of others.
//
// Two pages of one form keep two drafts: each page holds the Web Lock of its draft's name until it closes.
//
// <form data-draft="question:12"> names a draft; other forms are named by their address. A form that the server sent
// back says data-draft-sent. data-draft="" keeps nothing. Never a password, a file or a token.

import { createDrafts, throttled } from "../outbox/storage.js";

const NEVER = new Set(["csrfmiddlewaretoken", "draft", "base", "token"]);
const TYPES = new Set(["password", "file", "submit", "button", "reset", "image", "fieldset"]);
const ROW = /^(.+)-(\d+)-/;
const IN_ROWS = /-(\d+-|INITIAL_FORMS$)/;
// Drafts of one form at most, and how long a page waits for the one before it in its tab to close, in ms.
const PAGES = 5;
const CLOSING = 1_000;

/**
 * `was` has each field as the page was opened, `now` as it is; rows that can be moved take their order from `now`.
 * @typedef {{id: string, at: number, url: string, title: string, base: string,
 *   was: Record<string, string | string[]>, now: Record<string, string | string[]>}} Draft
 */

const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const keptFields = (form) =>
  [...form.elements].filter((field) => field.name && !NEVER.has(field.name) && !field.name.startsWith("use-") && !TYPES.has(field.type));

/** Fields by name; of check boxes and radio buttons the values that are chosen. */
function valuesOf(form) {
  const all = new Map();
  const twice = new Set();
  for (const field of keptFields(form)) {
    if (isChoice(field)) {
      const chosen = all.get(field.name) ?? [];
      if (field.checked) chosen.push(field.value);
      all.set(field.name, chosen);
    } else if (field.multiple) {
      all.set(
        field.name,
        [...field.selectedOptions].map((option) => option.value),
      );
    } else if (all.has(field.name)) {
      twice.add(field.name); // a list that the server wrote, not the person
    } else {
      all.set(field.name, field.value);
    }
  }
  for (const name of twice) all.delete(name);
  return Object.fromEntries(all);
}

/** The words of a field as the page shows them. */
function labelOf(field) {
  const legend = isChoice(field) ? field.closest("fieldset")?.querySelector("legend") : null;
  const words = legend?.textContent || field.labels?.[0]?.textContent || field.getAttribute("aria-label");
  return (words ?? "")
    .replace(/\s+/g, " ")
    .replace(/ required$/, "")
    .trim();
}

/** Rows that were added then are added again, so that each field of the draft has its place. */
function addRows(form, names) {
  for (const name of names) {
    const prefix = ROW.exec(name)?.[1];
    for (let tries = 0; prefix && !form.elements[name] && tries < 100; tries += 1) {
      const add = form.querySelector(`[data-rows="${prefix}"] > [data-row-add]`);
      if (!add) break;
      add.click();
    }
  }
}

function arrangeRows(form, wanted) {
  const rows = [...form.querySelectorAll("[data-row]")].map((row) => {
    const order = row.querySelector(':scope [name$="-ORDER"]')?.name;
    return { row, order: Number(wanted[order] ?? 0), section: wanted[order?.replace(/ORDER$/, "section")] };
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

/** Others have added rows since. The draft submits only its own rows, and the server merges them. */
function setAside(form, draft) {
  for (const row of form.querySelectorAll("[data-row]")) {
    const remove = row.querySelector(':scope [name$="-DELETE"]');
    if (!remove || remove.name in draft.now) continue;
    remove.checked = true;
    row.hidden = true;
  }
}

/**
 * Put what the author changed over the page, but for fields in which they have typed since it was opened.
 * @param {Draft} draft @param {Draft["now"]} opened @returns {string[]} labels of what was restored
 */
function restore(form, draft, opened) {
  const typed = valuesOf(form);
  const isOvertaken = Boolean(form.elements.base) && form.elements.base.value !== draft.base;
  const wanted = {};
  for (const [name, value] of Object.entries(draft.now)) {
    // Rows have no stable names: after a save by another person they only fit together.
    const isChanged = !isSame(value, draft.was[name]) || (isOvertaken && IN_ROWS.test(name));
    if (isChanged && (!(name in opened) || isSame(typed[name], opened[name]))) wanted[name] = value;
  }
  addRows(form, Object.keys(wanted));
  if (isOvertaken) setAside(form, draft);
  const changed = [];
  for (const field of keptFields(form)) {
    const value = wanted[field.name];
    if (value === undefined) continue;
    if (isChoice(field)) {
      if (field.checked === value.includes(field.value)) continue;
      field.checked = !field.checked;
    } else if (field.multiple) {
      for (const option of field.options) option.selected = value.includes(option.value);
    } else {
      if (field.value === value || (field.name.endsWith("_FORMS") && !isOvertaken)) continue;
      if (!field.name.endsWith("TOTAL_FORMS")) field.value = value;
    }
    changed.push(field);
  }
  if (form.querySelector("[data-row]")) arrangeRows(form, draft.now);
  if (changed.length && form.elements.base && draft.base) form.elements.base.value = draft.base;
  for (const field of changed) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    const folded = field.closest("details:not([open])");
    if (folded && field.type !== "hidden") folded.open = true;
  }
  return [
    ...new Set(
      changed
        .filter((field) => field.type !== "hidden")
        .map(labelOf)
        .filter(Boolean),
    ),
  ];
}

function when(at) {
  const time = new Date(at);
  const isToday = time.toDateString() === new Date().toDateString();
  const day = isToday ? "" : `${time.toLocaleDateString("en-GB", { day: "numeric", month: "long" })}, `;
  return day + time.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function tell(form, at, labels, discard) {
  const line = document.createElement("p");
  line.className = "notice good";
  line.dataset.draftLine = "";
  line.role = "status";
  const button = document.createElement("button");
  button.className = "link";
  button.type = "button";
  button.textContent = "Discard changes";
  button.addEventListener("click", discard);
  const words = `Restored your unsaved changes from ${when(at)}${labels.length ? `: ${labels.join(", ")}` : ""}`;
  line.append(`${words}${/[.?!]$/.test(words) ? "" : "."} `, button);
  form.prepend(line);
}

/** A form that holds something to type or to choose. */
const isKept = (form) => form.method === "post" && form.dataset.draft !== "" && keptFields(form).some((field) => field.type !== "hidden");

/**
 * Hold a draft's name until this page closes; null while another page does.
 * @param {string} name @param {LockOptions} options @returns {Promise<(() => void)|null>} lets go of it
 */
const hold = (name, options) =>
  new Promise((resolve) => {
    const keep = (lock) => lock && new Promise((letGo) => resolve(() => letGo(undefined)));
    navigator.locks.request(`draft:${user}:${name}`, options, keep).then(
      () => resolve(null),
      () => resolve(null),
    );
  });

/** The draft's name that this tab used for the form before. @param {string} form @param {string} [name] the one it uses now */
function ofThisTab(form, name) {
  try {
    if (name) sessionStorage.setItem(`draft:${user}:${form}`, name);
    return sessionStorage.getItem(`draft:${user}:${form}`);
  } catch {
    return null; // a browser that stores nothing
  }
}

/** The name of this page's own draft: the one of before in this tab, else one that a closed page left, else a free one. */
async function ownName(form, drafts) {
  if (!navigator.locks) return form;
  const isLeft = (name) => drafts.get(name).catch(() => undefined);
  const before = ofThisTab(form);
  // The page before in this tab may not have closed yet.
  const letGoOfBefore = before && (await hold(before, { signal: AbortSignal.timeout(CLOSING) }));
  if (letGoOfBefore && (await isLeft(before))) return before;
  letGoOfBefore?.();
  let free = null;
  for (let page = 1; page <= PAGES; page += 1) {
    const name = page === 1 ? form : `${form}:${page}`;
    const letGo = await hold(name, { ifAvailable: true });
    if (!letGo) continue;
    if (await isLeft(name)) {
      free?.letGo();
      free = { name, letGo };
      break;
    }
    if (free) letGo();
    else free = { name, letGo };
  }
  return ofThisTab(form, free?.name) ?? free?.name ?? form;
}

async function setUp(form, drafts) {
  const formName = form.dataset.draft ?? new URL(form.action || location.href).pathname;
  let name = formName;
  const opened = valuesOf(form);
  let id = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  let was = opened;
  let isRestoring = false;
  let isSent = false;
  let warned = false;

  const base = () => form.elements.base?.value ?? "";
  const draft = () => ({
    id,
    at: Date.now(),
    url: location.pathname + location.search,
    title: document.title,
    base: base(),
    was,
    now: valuesOf(form),
  });
  let isRead = false;
  /** Waits until the previous page's draft has been read, which this would overwrite. */
  function save() {
    if (!isRead) return typing.changed();
    const isChanged = !isSame(valuesOf(form), was);
    return (isChanged ? drafts.put(name, draft()) : drafts.remove(name)).catch(warn);
  }
  const typing = throttled(save);

  function warn() {
    if (warned) return;
    warned = true;
    const line = document.createElement("p");
    line.className = "notice";
    line.role = "status";
    line.textContent = "This browser can’t store drafts. Save before you leave the page.";
    form.prepend(line);
  }

  // Heard from the first key on, also while the draft is still being read.
  const note = () => !isRestoring && !isSent && typing.changed();
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    typing.stop();
    if (isSame(valuesOf(form), was)) return;
    save();
    const field = form.elements.draft ?? document.createElement("input");
    Object.assign(field, { type: "hidden", name: "draft", value: `${name}~${id}` });
    form.append(field);
  });

  name = await ownName(formName, drafts);
  const stored = await drafts.get(name).catch(() => undefined);
  isRead = true;
  if (!stored) return;
  id = stored.id;
  was = stored.was;
  if ("draftSent" in form.dataset || form.querySelector(".clash, .error-summary")) {
    save(); // the server has sent back what was typed, perhaps with a newer revision to save over
    return;
  }
  isRestoring = true;
  const labels = restore(form, stored, opened);
  isRestoring = false;
  if (isSame(valuesOf(form), opened)) {
    was = opened;
    drafts.remove(name).catch(() => {});
    return;
  }
  tell(form, stored.at, labels, async () => {
    isSent = true;
    typing.stop();
    form.dispatchEvent(new Event("draft:discarded"));
    await drafts.remove(name).catch(() => {});
    location.reload();
  });
}

/** The server names what it has just saved in a cookie: that draft has done its work. */
async function forgetSaved(drafts) {
  const pair = document.cookie.split("; ").find((one) => one.startsWith("draft_saved="));
  if (!pair) return;
  const [name, id] = decodeURIComponent(pair.slice("draft_saved=".length)).replaceAll('"', "").split("~");
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is missing on http and in older browsers.
  document.cookie = "draft_saved=; Max-Age=0; Path=/; SameSite=Lax";
  // Another page of the same form may have written since: its text is not saved.
  if ((await drafts.get(name))?.id === id) await drafts.remove(name);
}

const user = document.body.dataset.user;
if (user) {
  const drafts = createDrafts(user);
  const forms = [...document.forms].filter(isKept);
  const ready = forgetSaved(drafts).catch(() => {});
  for (const form of forms) ready.then(() => setUp(form, drafts));
}
