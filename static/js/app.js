// On every page: menus that close, time zones, a fresh CSRF token.

import { csrfToken, find, findAll } from "./page.js";
import { nameZone } from "./zone.js";

/** @import { ElementEvent } from "./types.js" */

document.addEventListener("htmx:configRequest", (/** @type {ElementEvent} */ event) => {
  const token = csrfToken();
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

document.addEventListener("click", (/** @type {ElementEvent} */ event) => {
  for (const open of findAll("details[data-close-outside][open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of findAll("details[data-close-outside][open]")) {
    open.open = false;
    find("summary", open)?.focus();
  }
});

// Ignore a second submit while the first is on its way; it would create a second row. After a while it counts again, in
// case the first was stopped.
const ON_ITS_WAY = 5_000; // ms
const sent = new WeakMap();
document.addEventListener("submit", (/** @type {ElementEvent} */ event) => {
  const { target: form, timeStamp, defaultPrevented } = event;
  if (defaultPrevented || form.method !== "post") return;
  if (timeStamp < (sent.get(form) ?? 0)) event.preventDefault();
  else sent.set(form, timeStamp + ON_ITS_WAY);
});

for (const field of findAll("[data-time-zone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
}

try {
  nameZone(localStorage);
} catch {
  // A browser that stores nothing; times are right all the same.
}

// Pending changes of an interview are not urgent for this page.
if (document.body.dataset.user) {
  const whenIdle = globalThis.requestIdleCallback ?? setTimeout;
  whenIdle(() => import("./outbox/waiting.js").catch(() => {}));
}
