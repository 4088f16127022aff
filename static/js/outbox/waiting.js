// On all other pages: says which interviews have pending changes on this device, and asks before signing out.

import { find, findAll, plural } from "../page.js";
import { countWaiting, listEntries } from "./journal.js";
import { createDrafts } from "./storage.js";
import { clearUndo } from "./undo-store.js";

const SETTLED = 2_000;
const LOOK_AGAIN = 5_000;
const changes = (count) => plural(count, "change");
const total = (rows) => rows.reduce((sum, { count }) => sum + count, 0);

function linkTo(interview, words) {
  const link = document.createElement("a");
  link.href = liveUrl(interview);
  link.textContent = words;
  return link;
}

function paint(notice, rows) {
  const count = total(rows);
  notice.replaceChildren(`${changes(count)} from an interview ${count === 1 ? "is" : "are"} saved on this device only. `);
  rows.forEach(({ interview, count: here }, index) => {
    const words = rows.length === 1 ? "Open it to send them" : `Open the one with ${changes(here)}`;
    notice.append(index ? ", " : "", linkTo(interview, rows.length === 1 && here === 1 ? "Open it to send it" : words));
  });
}

const liveUrl = (interview) => document.body.dataset.liveUrl.replace("/0/", `/${interview}/`);
/** Interviews whose live page no longer opens for this user: their changes are sent and shown here. */
const closed = new Set();

async function findClosed(user) {
  for (const { interview, entries } of await listEntries(user)) {
    const { look, show } = await import("./left.js");
    const seen = await look(liveUrl(interview));
    if (!seen || seen.isOpen) continue;
    closed.add(interview);
    show({ user, interview, entries, at: seen.at, url: liveUrl(interview).replace("/live/", "/commands/"), place: find("#messages") });
  }
}

/** Show the notice while changes are pending. Changes that another tab is just sending are not mentioned. */
async function watch(user) {
  if (!(await listEntries(user)).length) return;
  await findClosed(user);
  const notice = document.createElement("p");
  notice.className = "message warning";
  const look = async () => {
    const rows = (await countWaiting(user)).filter(({ interview }) => !closed.has(interview));
    if (!total(rows)) return notice.remove();
    paint(notice, rows);
    if (!notice.isConnected) find("#messages").append(notice);
    setTimeout(() => look().catch(() => {}), LOOK_AGAIN);
  };
  setTimeout(() => look().catch(() => {}), SETTLED);
}

/** The unsaved changes in words: "2 changes and 1 draft aren’t saved yet". */
function unsavedWords(changed, drafted) {
  const parts = [changed && plural(changed, "change"), drafted && plural(drafted, "draft")].filter(Boolean);
  return `${parts.join(" and ")} ${changed + drafted === 1 ? "isn’t" : "aren’t"} saved yet`;
}

function linkToDraft({ value: { url, title } }) {
  const link = document.createElement("a");
  link.href = url;
  link.textContent = `Open “${title.split(" · ")[0]}”`;
  return link;
}

/** Ask before signing out with unsaved changes. Signing out then deletes this user's drafts, and what they could undo. */
function guard(user) {
  const dialog = find("#sign-out-first");
  const form = find("form[data-sign-out]");
  if (!dialog || !form) return;
  const drafts = createDrafts(user);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const rows = await countWaiting(user).catch(() => []);
    const stored = await drafts.all().catch(() => []);
    const count = total(rows);
    if (!count && !stored.length) return signOut();
    find("[data-unsaved]", dialog).textContent = unsavedWords(count, stored.length);
    find("[data-about-changes]", dialog).hidden = !count;
    find("[data-about-drafts]", dialog).hidden = !stored.length;
    find("[data-sign-out-anyway]", dialog).textContent = stored.length ? "Sign out and delete drafts" : "Sign out";
    find("[data-send-first]", dialog).replaceChildren(
      ...rows
        .filter(({ interview }) => !closed.has(interview))
        .map(({ interview, count: here }) => linkTo(interview, rows.length === 1 ? "Send them first" : `Send ${changes(here)} first`)),
      ...stored.map(linkToDraft),
    );
    for (const link of findAll("[data-send-first] a", dialog)) link.className = "btn btn-primary";
    dialog.showModal();
  });
  find("[data-sign-out-anyway]", dialog).addEventListener("click", async () => {
    await drafts.clear().catch(() => {});
    await signOut();
  });

  async function signOut() {
    await clearUndo(user).catch(() => {});
    form.submit();
  }
}

const user = Number(document.body.dataset.user);
guard(user);
// Pages with a status line show pending changes themselves.
if (!find("[data-status]")) watch(user).catch(() => {});
