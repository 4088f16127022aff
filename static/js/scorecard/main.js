// The scorecard after the call: every change saves itself as a command; submitting waits until all are saved.

import { continueLists } from "../lists.js";
import { copyNotes } from "../my-notes.js";
import { beside, createNotes, createStatus, createTray } from "../outbox/notes.js";
import { createClock, createOutbox } from "../outbox/outbox.js";
import { throttled } from "../outbox/storage.js";
import { find, findAll, plural } from "../page.js";

/** @import { ElementEvent } from "../types.js" */

// A submission refused because earlier changes are missing is retried after AGAIN ms, doubling up to LONGEST.
const AGAIN = 500;
const LONGEST = 30_000;
const WORDS = { 1: "Poor", 2: "Mixed", 3: "Good", 4: "Excellent" };
const initial = JSON.parse(find("#scorecard-state").textContent);
const paintSaved = createStatus({
  timeZone: initial.time_zone,
  onSignedIn: () => outbox.signedIn(true),
  onTryNow: () => outbox.flush(),
});
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
  onDraft,
});
const inTray = (key) => outbox.refused().filter((entry) => keyOfRefused(entry) === key);
const tray = createTray({
  onDismiss: (key) => inTray(key).forEach(outbox.dismiss),
  onRetry: (key) => inTray(key).forEach(outbox.retry),
});
const notes = createNotes({
  fields: findAll("[data-note]"),
  saved: initial.notes,
  limit: initial.max_note,
  enqueue: outbox.enqueue,
  release: outbox.release,
  persistDraft: outbox.persistDraft,
  isWaiting: (target, but) => outbox.waiting().some((entry) => entry.kind === "note" && entry.target === target && entry.client !== but),
  say: problem,
});
const send = outbox.enqueue;

/** A sentence above the button; none hides it. */
function problem(words = "") {
  const place = find("[data-problem]");
  place.textContent = words;
  place.hidden = !words;
}

// --- Texts of the scorecard itself: stored while typed, sent after a pause and on leaving the field ---

const plain = (text) => text.replace(/\r\n?/g, "\n");
/** @type {{field: any, enqueued: string|null, typing?: ReturnType<typeof throttled>}[]} */
const texts = findAll("[data-field]").map((field) => ({ field, enqueued: plain(field.defaultValue) }));

function save(text, how) {
  text.typing?.stop();
  const { value, dataset } = text.field;
  const isTooLong = value !== text.enqueued && !fits(text.field);
  outbox.persistDraft(`scorecard-${dataset.field}`, isTooLong ? { text: value, isTooLong } : null);
  if (value === text.enqueued || isTooLong) return;
  // `before` stays in the journal: the next page compares it with the saved text.
  send({ kind: "scorecard", target: dataset.field, value, before: text.enqueued }, how);
  text.enqueued = value;
}

/** Put a closed page's too long text back into its field. @returns {boolean} whether there is one */
function onDraft(target, value) {
  if (notes.draftAdopted(target, value)) return true;
  const text = texts.find(({ field }) => `scorecard-${field.dataset.field}` === target);
  if (!text) return false;
  text.field.value = text.field.value === text.enqueued ? value.text : beside(text.field.value, value.text);
  save(text);
  return true;
}

/** Whether a text is short enough. Checked while typing, so that the message does not move the button under a click. */
function fits(field) {
  const over = [...field.value].length - Number(field.dataset.limit);
  explain(field, over > 0 ? `${plural(over, "character")} too long to save.` : "");
  return over <= 0;
}

/** Say under a field why it was not saved; the text stays. */
function explain(field, words) {
  field.setAttribute("aria-invalid", String(Boolean(words)));
  const place = find("[data-refused]", field.parentElement);
  if (!place) return;
  place.textContent = words;
  place.hidden = !words;
}

for (const text of texts) {
  text.typing = throttled(() => save(text, { rests: true }));
  text.field.addEventListener("input", () => {
    fits(text.field);
    text.typing.changed();
  });
  text.field.addEventListener("blur", () => {
    save(text);
    outbox.release();
  });
  // Typed before this script ran.
  save(text);
}

function flush() {
  texts.forEach((text) => save(text));
  notes.flush();
}

const hasUnsaved = () => notes.hasUnsaved() || texts.some(({ field, enqueued }) => field.value !== enqueued);

// --- Ratings and flags ---

const answerOf = (id) => find(`[data-answer="${id}"]`);

/** Show a saved rating: its value, and whether Poor is disabled. */
function showRating(id, { value, flags }) {
  const answer = answerOf(id);
  const isRated = value !== null;
  for (const radio of findAll("[data-rate] input", answer)) {
    radio.checked = Number(radio.value) === value;
    if (radio.value === "1") radio.disabled = flags.includes("dont_know");
  }
  for (const box of findAll("[data-flag]", answer)) box.checked = flags.includes(box.dataset.flag);
  find("[data-floor]", answer).hidden = !flags.includes("dont_know");
  find("[data-unrate]", answer).hidden = !isRated;
  find("[data-rating-word]", answer).textContent = isRated ? WORDS[value] : "not rated yet";
  const chip = find("[data-rating-open]", answer);
  chip.classList.toggle("accent", isRated);
  chip.classList.toggle("warn", !isRated);
  answer.toggleAttribute("data-is-unrated", !isRated);
  countUnrated();
}

/** The rating and flags chosen on the page. */
function chosen(id) {
  const answer = answerOf(id);
  const radio = find("[data-rate] input:checked", answer);
  const flags = findAll("[data-flag]:checked", answer).map((box) => box.dataset.flag);
  // "I don't know" never rates below Mixed; the server does the same.
  const value = radio ? Math.max(Number(radio.value), flags.includes("dont_know") ? 2 : 1) : null;
  return { value, flags };
}

function countUnrated() {
  const { length } = findAll("[data-is-unrated]");
  for (const notice of findAll("[data-unrated], [data-review-unrated]")) notice.hidden = !length;
  for (const words of findAll("[data-unrated-words]"))
    words.textContent = `${plural(length, "answer")} ${length === 1 ? "has" : "have"} no rating.`;
  for (const button of findAll("[data-rate-first]")) button.textContent = length === 1 ? "Rate it" : "Rate them";
}

function openRating(answer, isOpen) {
  const button = find("[data-rating-open]", answer);
  button.setAttribute("aria-expanded", String(isOpen));
  document.getElementById(button.getAttribute("aria-controls")).hidden = !isOpen;
}

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
  if (target.closest("[data-rate-first]")) showFirstUnrated();
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

function showFirstUnrated() {
  review.close();
  const answer = find("[data-is-unrated]");
  const others = answer.closest("details");
  if (others) others.open = true;
  openRating(answer, true);
  find("[data-rate] input:enabled", answer).focus();
  answer.scrollIntoView({ block: "start" });
}

function addEnd(button) {
  const field = find("[data-field=still_open]");
  const end = find("[data-loose-end]", button.closest("li")).textContent;
  field.value = [field.value.trimEnd(), end].filter(Boolean).join("\n");
  button.disabled = true;
  save(texts.find((text) => text.field === field));
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
    problem("Choose a recommendation first. “No decision” is one, too.");
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
  const text = texts.find(({ field }) => kind === "scorecard" && field.dataset.field === target);
  if (text) putInto(text, entry);
  if (kind === "scorecard" && target === "recommendation") showRecommendation(value);
  if (kind === "rate" && answerOf(target)) showRating(target, { ...chosen(target), value });
}

/** Put a closed page's text into its field, combined with what was written here meanwhile, which is then sent after it. */
function putInto(text, { client, target, value, before }) {
  const { field, enqueued } = text;
  const here = field.value;
  const isMine = ({ kind, ...other }) => kind === "scorecard" && other.target === target && other.client !== client;
  if (here === (before ?? enqueued) || value.startsWith(here)) field.value = value;
  else if (before && here.endsWith(before)) field.value = here.slice(0, -before.length) + value;
  else if (!here.startsWith(value)) field.value = `${here}\n\n— also written, on another page —\n${value}`;
  text.enqueued = field.value === value && here === enqueued && !outbox.waiting().some(isMine) ? value : null;
  save(text);
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
  return answerOf(target) ? `${what} at “${find("h3", answerOf(target)).textContent}”` : what;
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
  const text = typeof entry.value === "string" ? entry.value : (entry.value?.text ?? "");
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
