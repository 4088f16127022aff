// The scorecard after the call: every change saves itself as a command; submitting waits until all are saved.

import { continueLists } from "../lists.js";
import { copyNotes } from "../my-notes.js";
import { createClock } from "../outbox/clock.js";
import { wordsOf } from "../outbox/drafts.js";
import { createNotes } from "../outbox/notes.js";
import { createOutbox } from "../outbox/outbox.js";
import { createStatus } from "../outbox/status.js";
import { createTray } from "../outbox/tray.js";
import { find, findAll, plural } from "../page.js";
import { answerOf, chosen, countUnrated, openRating, showFirstUnrated, showRating } from "./ratings.js";
import { createTexts, explain } from "./texts.js";

/** @import { ElementEvent } from "../types.js" */

// A submission refused because earlier changes are missing is retried after AGAIN ms, doubling up to LONGEST.
const AGAIN = 500;
const LONGEST = 30_000;
const initial = JSON.parse(find("#scorecard-state").textContent);
const submit = find("[data-submit]");
const review = find("#review");

const outbox = createOutbox({
  url: initial.url,
  sender: initial.user,
  interview: initial.interview,
  savedAt: initial.saved_at,
  clock: createClock(initial.now),
  onReceipt,
  onRefused,
  onDismissed: (entry) => tray.remove(keyOfRefused(entry)),
  onAdopted,
  onDraft: (target, value) => notes.draftAdopted(target, value) || texts.draftAdopted(target, value),
});
const tray = createTray({ outbox, keyOf: keyOfRefused });
const paintSaved = createStatus({ outbox, timeZone: initial.time_zone });
const notes = createNotes({
  fields: findAll("[data-note]"),
  saved: initial.notes,
  limit: initial.max_note,
  outbox,
  say: problem,
});
const send = outbox.enqueue;

/** A sentence above the button; none hides it. */
function problem(words = "") {
  const place = find("[data-problem]");
  place.textContent = words;
  place.hidden = !words;
}

const texts = createTexts(outbox);

function flush() {
  texts.flush();
  notes.flush();
}

const hasUnsaved = () => notes.hasUnsaved() || texts.hasUnsaved();

// --- Ratings and flags ---

function rate(id, value) {
  send({ kind: "rate", target: id, value });
  showRating(id, { ...chosen(id), value });
}

// --- Recommendation ---

// "No decision" is a choice as well; its value in a command is null.
const recommendationOf = (radio) => (radio.value === "none" ? null : Number(radio.value));
const chosenRecommendation = () => find("[data-recommend] input:checked");

function showRecommendation(value) {
  for (const radio of findAll("[data-recommend] input")) radio.checked = recommendationOf(radio) === value;
}

// --- Clicks ---

document.addEventListener("change", (/** @type {ElementEvent} */ { target }) => {
  if (target.matches("[data-recommend] input")) {
    problem();
    return send({ kind: "scorecard", target: "recommendation", value: recommendationOf(target) });
  }
  const id = Number(target.closest("[data-answer]")?.dataset.answer);
  if (target.matches("[data-rate] input")) rate(id, Number(target.value));
  if (target.matches("[data-flag]")) {
    send({ kind: "flag", target: id, value: { flag: target.dataset.flag, on: target.checked } });
    showRating(id, chosen(id));
  }
});

document.addEventListener("click", (/** @type {ElementEvent & {detail: number}} */ { target, detail }) => {
  const open = target.closest("[data-rating-open]");
  if (open) openRating(open.closest("[data-answer]"), open.getAttribute("aria-expanded") !== "true");
  const unrate = target.closest("[data-unrate]");
  if (unrate) {
    rate(Number(unrate.dataset.unrate), null);
    find("[data-rate] input", unrate.closest("[data-answer]")).focus();
  }
  if (target.closest("[data-rate-first]")) {
    review.close();
    showFirstUnrated();
  }
  if (target.closest("[data-add-reason]")) {
    review.close();
    find("[data-field=because]").focus();
  }
  const add = target.closest("[data-add-end]");
  if (add) addEnd(add);
  if (target.closest("[data-submit]")) openReview();
  // Not the second click of a double click on the button before.
  if (target.closest("[data-submit-now]") && detail < 2) start();
  const copy = target.closest("[data-copy-notes]");
  if (copy) copyMyNotes(copy);
});

async function copyMyNotes({ dataset }) {
  const notes = findAll("[data-answer]").map((answer) => ({
    section: answer.dataset.section,
    prompt: find("h3", answer).textContent,
    text: find("[data-note]", answer).value,
  }));
  const written = { notes, general: noteOf(null).value };
  find("[data-copied]").textContent = await copyNotes({ title: dataset.copyNotes, ...written });
}

function addEnd(button) {
  texts.append("still_open", find("[data-loose-end]", button.closest("li")).textContent);
  button.disabled = true;
}

// --- Receipts, refusals, submitting ---

/** "" until the button is pressed, "saving" while changes are pending, then "sent"; "early" if the server misses a change. */
let submitting = "";
let tries = 0;

/** The first of two steps: save everything, then list the missing parts. */
function openReview() {
  problem();
  flush();
  if (hasUnsaved()) {
    problem("One of your texts is too long to save. Shorten it, then submit.");
    find("[aria-invalid=true]")?.focus();
    return;
  }
  if (!chosenRecommendation()) {
    problem("Choose a recommendation first. “No decision” is also an option.");
    find("[data-recommend] input").focus();
    return;
  }
  review.showModal();
  // Not on the button, so that a held Enter does not take both steps.
  find("#review-title").focus();
  paintReview();
}

/** Paint the second step, which lists the missing parts. They may change while it is open. */
function paintReview() {
  if (!review.open) return;
  const { waiting } = outbox.status();
  const parts = {
    reason: !find("[data-field=because]").value.trim(),
    waiting: waiting > 0,
    refused: !tray.isEmpty(),
  };
  for (const [name, isMissing] of Object.entries(parts)) find(`[data-review-${name}]`).hidden = !isMissing;
  const words = `${plural(waiting, "change")} ${waiting === 1 ? "is" : "are"} not saved yet. Submitting waits for ${waiting === 1 ? "it" : "them"}.`;
  const place = find("[data-review-waiting]");
  if (place.textContent !== words) place.textContent = words;
  find("[data-review-recommendation]").textContent = chosenRecommendation().closest("label").textContent.trim();
  find("[data-review-nothing]").hidden = Boolean(find("#review li:not([hidden])"));
}

/** Submit once everything is saved. */
function start() {
  review.close();
  [submitting, tries] = ["saving", 0];
  submit.disabled = true;
  goOn();
}

function goOn() {
  if (submitting !== "saving" || hasUnsaved() || outbox.waiting().length) return;
  submitting = "sent";
  send({ kind: "submit", value: outbox.before() });
}

/** A change of this page has not arrived: send pending changes, and submit again in a moment. */
function submitAgain(why) {
  submitting = "early";
  tries += 1;
  problem(tries < 3 ? why : `${why} If this keeps happening, reload the page and submit again.`);
  outbox.flush();
  setTimeout(
    () => {
      submitting = "saving";
      goOn();
    },
    Math.min(LONGEST, AGAIN * 2 ** tries),
  );
}

function onReceipt(entry, { result }) {
  if (result.late) return late();
  // Saved for its author, who has left the panel; their own page shows it.
  if (result.left) return location.assign(initial.own_words);
  if (entry.kind === "note") {
    notes.received(entry, { text: entry.value, ...result });
    explain(noteOf(entry.target), "");
  }
  const isNewest = !outbox.waiting().some((other) => ["rate", "flag"].includes(other.kind) && other.target === entry.target);
  if (["rate", "flag"].includes(entry.kind) && isNewest) showRating(entry.target, result);
  if (entry.kind === "submit") location.assign(result.redirect);
}

/** The scorecard was submitted on another page. The server saves later changes for a revision. */
function late() {
  submitting = "late";
  submit.disabled = true;
  find("[data-late]").hidden = false;
}

/** Show an entry of a closed page, which is being sent. */
function onAdopted(entry) {
  const { kind, target, value } = entry;
  if (kind === "note") notes.adopted(entry);
  if (kind === "scorecard") texts.adopted(entry);
  if (kind === "scorecard" && target === "recommendation") showRecommendation(value);
  if (kind === "rate" && answerOf(target)) showRating(target, { ...chosen(target), value });
}

const noteOf = (target) => find(`[data-note="${target ?? "interview"}"]`);

function keyOfRefused({ id, kind, target }) {
  return ["note", "scorecard"].includes(kind) ? `${kind}-${target}` : id;
}

/** Name what a command changes, in this page's words. */
function nameOf({ kind, target }) {
  const field = find(`[data-field="${target}"]`);
  if (kind === "scorecard") return field ? find(`label[for="${field.id}"]`).textContent.replace(/\?$/, "") : "Recommendation";
  const what = { note: "Note", rate: "Rating", flag: "Flag", submit: "Submission", draft: "Text" }[kind] ?? "Change";
  return answerOf(target) ? `${what} on “${find("h3", answerOf(target)).textContent}”` : what;
}

function onRefused(entry, why, isEarly) {
  if (isEarly) return submitAgain(why);
  submitting = "";
  submit.disabled = false;
  if (entry.kind === "submit") {
    outbox.dismiss(entry);
    problem(`Couldn’t submit: ${why}`);
    return submit.focus();
  }
  if (entry.kind === "note") notes.refused(entry);
  const field = entry.kind === "note" ? noteOf(entry.target) : find(`[data-field="${entry.target}"]`);
  const text = wordsOf(entry.value);
  if (field?.value === text) explain(field, why);
  tray.add({ key: keyOfRefused(entry), what: `${nameOf(entry)}:`, why, text, isOurs: entry.is_ours });
}

// --- What is saved ---

function paintStatus(status) {
  paintSaved(status);
  submit.textContent =
    { saving: "Submitting once everything is saved…", early: "Submitting once everything is saved…", sent: "Submitting…" }[submitting] ??
    "Submit scorecard";
}

outbox.onChange((status) => {
  paintStatus(status);
  paintReview();
  goOn();
});
setInterval(() => paintStatus(outbox.status()), 1_000);
addEventListener("pagehide", flush);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush());
addEventListener("beforeunload", (event) => {
  flush();
  if (outbox.waiting().length || hasUnsaved() || !tray.isEmpty()) event.preventDefault();
});
continueLists();
countUnrated();
submit.disabled = false;
