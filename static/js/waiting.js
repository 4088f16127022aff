// On every page but the live ones: says what of an interview still waits on this machine, and asks before signing out.

import { countWaiting } from "./live/journal.js";

const SETTLED = 2_000;
const LOOK_AGAIN = 5_000;
const find = (selector, within = document) => within.querySelector(selector);
const changes = (count) => (count === 1 ? "1 change" : `${count} changes`);
const total = (rows) => rows.reduce((sum, { count }) => sum + count, 0);

function linkTo(interview, words) {
  const link = document.createElement("a");
  link.href = document.body.dataset.liveUrl.replace("/0/", `/${interview}/`);
  link.textContent = words;
  return link;
}

function paint(notice, rows) {
  const count = total(rows);
  notice.replaceChildren(`${changes(count)} from an interview still ${count === 1 ? "waits" : "wait"} on this machine. `);
  rows.forEach(({ interview, count: here }, index) => {
    const words = rows.length === 1 ? "Open it to send them" : `Open the one with ${changes(here)}`;
    notice.append(index ? ", " : "", linkTo(interview, rows.length === 1 && here === 1 ? "Open it to send it" : words));
  });
}

/** Show what waits for as long as it does. What is only on its way from another tab is not worth a word. */
async function watch(user) {
  if (!total(await countWaiting(user))) return;
  const notice = document.createElement("p");
  notice.className = "message warning";
  const look = async () => {
    const rows = await countWaiting(user);
    if (!total(rows)) return notice.remove();
    paint(notice, rows);
    if (!notice.isConnected) find("#messages").append(notice);
    setTimeout(() => look().catch(() => {}), LOOK_AGAIN);
  };
  setTimeout(() => look().catch(() => {}), SETTLED);
}

/** Where something waits, signing out asks first. */
function guard(user) {
  const dialog = find("#sign-out-first");
  const form = find("form[data-sign-out]");
  if (!dialog || !form) return;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const rows = await countWaiting(user).catch(() => []);
    const count = total(rows);
    if (!count) return form.submit();
    find("[data-unsaved]", dialog).textContent = `${changes(count)} ${count === 1 ? "is" : "are"} not saved yet`;
    find("[data-send-first]", dialog).replaceChildren(
      ...rows.map(({ interview, count: here }) => {
        const link = linkTo(interview, rows.length === 1 ? "Send them first" : `Send ${changes(here)} first`);
        link.className = "btn btn-primary";
        return link;
      }),
    );
    dialog.showModal();
  });
  find("[data-sign-out-anyway]", dialog).addEventListener("click", () => form.submit());
}

const user = Number(document.body.dataset.user);
guard(user);
// A page that saves by itself says so itself.
if (!find("[data-status]")) watch(user).catch(() => {});
