// The live page: puts state, outbox, notes and page together, and turns clicks and keys into actions.

import { copyText } from "../clipboard.js";
import { beside, createNotes, createStatus, createTray } from "../outbox/notes.js";
import { createClock, createOutbox, uuid } from "../outbox/outbox.js";
import { throttled } from "../outbox/storage.js";
import { find, findAll } from "../page.js";
import { createActions, createConnection, createFollowing, createMoves, WORDS } from "./actions.js";
import { createFolds } from "./folds.js";
import { BURST, charOf, createTyping, isComposed, keyOf } from "./keys.js";
import { createPainter, phaseOf, promptOf, steadily, takesAlong } from "./paint.js";
import { createDrawers, createGoTo, createHelp, createPanel, createSkipMenu, createWrapUp, news } from "./panels.js";
import { createPrivacy, NO_NAMES, PROMPT_ONLY } from "./privacy.js";
import { apply, asksNext, eventOf, questionOf, ratingOf } from "./state.js";

/** @import { Entry, ElementEvent, State } from "../types.js" */

/** @type {State} */
const initial = JSON.parse(find("#live-state").textContent);
// The server's time: this machine's clock may be wrong, or set in mid-call.
const clock = createClock(initial.interview.now);
const { now } = clock;

// The state by the events received so far.
let serverState = initial;
/** Commands with a receipt whose event has not arrived yet. @type {{entry: Entry, shared: number, own: number}[]} */
let acknowledged = [];
// The state on screen: serverState with the acknowledged and the pending commands applied.
let view = initial;
let card = firstCard();

const painter = createPainter({ timeZone: initial.me.time_zone });
const outbox = createOutbox({
  url: initial.urls.command,
  sender: initial.me.user,
  interview: initial.interview.id,
  savedAt: initial.interview.now,
  clock,
  onDraft,
  onAdopted: (entry) => entry.kind === "note" && notes.adopted(entry),
  onReceipt(entry, { shared, own, result }) {
    if (result.late) return late();
    // Saved for me only: I have left this panel.
    if (result.left) return entry.kind === "note" && notes.received(entry, { text: entry.value, revision: entry.base_rev });
    if (shared !== null || own !== null) acknowledged.push({ entry, shared: shared ?? 0, own: own ?? 0 });
    if (entry.kind === "note") notes.received(entry, { text: entry.value, ...result });
  },
  onRefused: refused,
  onDismissed: (entry) => tray.remove(keyOfRefused(entry)),
});
const notes = createNotes({
  fields: findAll("[data-note]"),
  saved: initial.notes,
  limit: initial.max_note,
  enqueue: outbox.enqueue,
  release: outbox.release,
  persistDraft: outbox.persistDraft,
  isWaiting: (target, but) => outbox.waiting().some((entry) => entry.kind === "note" && entry.target === target && entry.client !== but),
  say,
});
const names = {
  point: (id) => find(`[data-point-row="${id}"] [data-text]`).textContent,
  flag: (name) => find(`[data-flag="${name}"] [data-text]`).textContent,
  question: promptOf,
};
const actions = createActions({ state: () => view, send: outbox.enqueue, say, nameOf: (kind, id) => names[kind](id) });
const drawers = createDrawers();
const skipMenu = createSkipMenu({
  choose(reason) {
    actions.skip(shownId(), reason);
    focusCard();
  },
});
const goTo = createGoTo({ state: () => view, show });
const openWrapUp = createWrapUp({ state: () => view });
const help = createHelp({ isOn: initial.me.has_keys_on, url: initial.urls.keys });
const panel = createPanel();
const privacy = createPrivacy({ say });
createFolds({ user: initial.me.user });
const following = createFollowing({ say });
const inTray = (key) => outbox.refused().filter((entry) => keyOfRefused(entry) === key);
const tray = createTray({
  onDismiss: (key) => inTray(key).forEach(outbox.dismiss),
  onRetry: (key) => inTray(key).forEach(outbox.retry),
});
const paintStatus = createStatus({
  timeZone: initial.me.time_zone,
  onSignedIn: () => outbox.signedIn(true),
  onTryNow: () => outbox.flush(),
});

const wrapUp = () => {
  const why = privacy.why("Open questions", PROMPT_ONLY);
  return why ? explain(why) : openWrapUp();
};
const shownId = () => (card?.[0] === "q" ? Number(card.slice(1)) : null);
const moves = createMoves({ state: () => view, card: () => card, actions, show, say, wrapUp });
const canRecord = () => ["live", "ended"].includes(phaseOf(view));
const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });
const isText = (element) => element?.matches("textarea, input[type=text]");
const isField = (element) => element?.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");

// --- What is in sight ---

function firstCard() {
  const { current, questions } = initial;
  const first = questions.find((question) => question.state === "unasked" && question.parent === null) ?? questions[0];
  const id = current.question ?? (initial.interview.status === "live" ? first : questions[0])?.id;
  return id ? `q${id}` : null;
}

/** Apply acknowledged and pending commands to the server's state. */
function refresh() {
  acknowledged = acknowledged.filter(({ shared, own }) => shared > serverState.streams.shared || own > serverState.streams.own);
  const entries = [...acknowledged.map(({ entry }) => entry), ...outbox.waiting()];
  view = entries.reduce((state, entry) => {
    const event = eventOf(entry, state, new Date(entry.at).toISOString());
    return event ? apply(state, event) : state;
  }, serverState);
  follow(view.current.question);
  if (phaseOf(view) !== "live") for (const dialog of findAll("#wrap-up, #to-lead")) dialog.close();
  steadily(() => paint());
}

function paint() {
  painter.paint(view, card, now());
  panel.paint(view, shownId());
}

// In px: so much of the outline stays in sight above and below the row in sight.
const MARGIN = 40;

let lastAsked = initial.current.question;

/** Follow the panel to a newly asked question, if the last one was shown here and the person is not busy. */
function follow(current) {
  const before = lastAsked;
  lastAsked = current ?? before;
  const isAlong = before === null ? phaseOf(view) === "live" : card === `q${before}`;
  const isBusy = isField(document.activeElement) || find("dialog[open]") || !following.isAtRest();
  if (!current || current === before || current === shownId() || !isAlong || isBusy) return;
  show(`q${current}`, { keepsFocus: true });
  following.wentAlong();
}

/** Bring a row of the outline into its window, without scrolling the page. */
function scrollOutline(to) {
  const outline = find("#outline");
  const row = find(`[data-look="${to}"]`, outline)?.getBoundingClientRect();
  const { top, bottom } = outline.getBoundingClientRect();
  if (!row?.height) return;
  if (row.top < top + MARGIN) outline.scrollTop -= top + MARGIN - row.top;
  else if (row.bottom > bottom - MARGIN) outline.scrollTop += row.bottom + MARGIN - bottom;
}

/** Put a question or gate in sight. */
function show(to, { keepsFocus = false } = {}) {
  const isNew = to !== card;
  const hadFocus = find(".one.is-shown")?.contains(document.activeElement);
  // Not the field of a dialog that was just closed.
  const writing = isText(document.activeElement) && document.activeElement.checkVisibility() ? document.activeElement : null;
  notes.flush();
  drawers.close();
  card = to;
  for (const element of findAll("[data-card]")) element.classList.toggle("is-shown", element.dataset.card === to);
  document.body.classList.remove("has-room");
  skipMenu.toggle(false);
  paint();
  connection?.moved();
  scrollOutline(to);
  if (writing) goOnWriting(writing);
  else if (!keepsFocus || (isNew && hadFocus)) focusCard();
}

/** Keep the caret in the same field if it is still visible, else move it to the shown note. */
function goOnWriting(field) {
  if (isSeen(field)) field.focus({ preventScroll: true });
  else if (!openNote()) focusCard();
}

/** The caret at the end of the note in sight. @returns {boolean} whether there is one */
function openNote() {
  const note = find(".one.is-shown [data-note]");
  if (!note || !isSeen(note)) return false;
  note.focus();
  note.setSelectionRange(note.value.length, note.value.length);
  note.scrollTop = note.scrollHeight;
  return true;
}

function focusCard() {
  const heading = find(".one.is-shown h2");
  if (!heading) return;
  heading.focus({ preventScroll: true });
  const { top } = heading.getBoundingClientRect();
  if (top < 80 || top > innerHeight / 2) find(".q").scrollIntoView({ block: "start" });
}

let saidTimer = 0;

/** Announce politely; `isVisible` also shows it for a moment, `isPublic` even while names and notes are hidden. */
function say(words, { isVisible = false, isPublic = false } = {}) {
  const place = find("[data-said]");
  clearTimeout(saidTimer);
  // The same words twice are still news.
  place.textContent = place.textContent === words ? `${words}\u00a0` : words;
  place.classList.toggle("is-visible", isVisible);
  place.classList.toggle("is-public", isPublic);
  saidTimer = setTimeout(() => place.classList.remove("is-visible"), 5_000);
}

/** My scorecard was submitted on another page. The server saves this for a revision. */
function late() {
  say("Your scorecard is submitted. This is saved, and offered to you as a revision.", { isVisible: true });
  connection.check();
}

const statusWords = () => find("[data-status]:not([hidden]) [data-status-words], [data-sign-in]:not([hidden])").textContent;

// A function declaration, since entries of closed pages arrive early.
function keyOfRefused(entry) {
  return entry.kind === "note" ? `note-${entry.target}` : entry.id;
}

function refused(entry, why) {
  if (entry.kind === "note") notes.refused(entry);
  const question =
    entry.value?.question ?? (entry.kind === "tick" ? view.points.find((point) => point.id === entry.target)?.question : entry.target);
  const where = questionOf(view, question) ? ` at “${promptOf(question)}”` : "";
  const what = {
    note: "Note",
    tick: "Tick",
    rate: "Rating",
    flag: "Flag",
    unlisted: "Extra point",
    unlisted_tick: "Tick",
    loose_end: "Follow up later",
    ask: "Asking",
    skip: "Skipping",
    gate: "The decision at a gate",
    turn: "Who asks next",
    lead: "Who leads",
    start: "The start",
    end: "The end",
    draft: "Text",
  };
  const text = typeof entry.value === "string" && entry.kind === "note" ? entry.value : (entry.value?.text ?? "");
  tray.add({ key: keyOfRefused(entry), what: `${what[entry.kind]}${where}:`, why, text, isOurs: entry.is_ours });
  say(`Couldn’t save: ${why}`, { isVisible: true });
}

// --- Clicks ---

const closest = (element, key) => element.closest("[data-key]")?.dataset[key];
const endOf = (element) => view.loose_ends.find((row) => row.client_id === closest(element, "key"));

const verbs = {
  outline: () => drawers.open("outline"),
  rail: () => drawers.open("rail"),
  "close-drawer": () => drawers.close(),
  "wrap-up": wrapUp,
  start() {
    actions.start();
    if (card) show(`q${initial.questions[0].id}`);
    if (asksNext(view)) moves.ask();
    say("The interview has started", { isVisible: true });
  },
  end() {
    find("#wrap-up").close();
    notes.flush();
    actions.end();
    find("[data-when=ended] a").focus();
  },
  back: () => show(`q${view.current.question}`),
  next: moves.next,
  previous: moves.previous,
  ask: moves.ask,
  uncover() {
    moves.uncover();
    focusCard();
  },
  follow: (button) => moves.followUp(Number(closest(button, "key"))),
  skip: () => skipMenu.toggle(),
  unrate() {
    rate(null);
    if (!isText(document.activeElement)) focusCard();
  },
  "gate-open": () => moves.decide(true),
  "gate-closed": () => moves.decide(false),
  "gate-later": () => moves.decide(null),
  "go-to": openGoTo,
  help: () => help.open(),
  "edit-unlisted": (button) => edit(closest(button, "key")),
  turn: (button) => actions.handOver("turn", Number(closest(button, "key"))),
  lead: (button) => panel.askToLead(view, Number(closest(button, "key"))),
  "lead-yes": () => actions.handOver("lead", panel.toLead()),
  private: privacy.toggle,
  copy: copyPrompt,
  reload: () => location.reload(),
  "end-question": (button) => show(`q${endOf(button).question}`),
  "end-remove"(button) {
    actions.looseEnd(endOf(button).client_id, null);
    find("[data-end-field]").focus();
  },
};

function openGoTo() {
  const why = privacy.why("Other questions", PROMPT_ONLY);
  if (why) return explain(why);
  drawers.close();
  return goTo();
}

/** The prompt in sight and its exhibit onto the clipboard, as plain text for the chat of the call. */
async function copyPrompt() {
  const shown = find(".one.is-shown[data-question]");
  if (!shown) return explain("There is no prompt here");
  const exhibit = find("[data-exhibit] code", shown)?.textContent.replace(/^\n+|\s+$/g, "");
  const isCopied = await copyText([find("h2", shown).textContent.trim(), exhibit].filter(Boolean).join("\n\n"));
  return explain(isCopied ? "Prompt copied" : "This browser can’t copy. Select the text instead");
}

// When a rating was set here, by question, in ms.
const ratedAt = new Map();
// A click on the rating that is set clears it; one that comes sooner after setting it is a double click.
const AGAIN = 1_000;

function rate(value) {
  ratedAt.set(shownId(), performance.now());
  actions.rate(shownId(), value);
}

function isClearing({ detail }, value) {
  const isSet = ratingOf(view, shownId()).value === value;
  return isSet && detail < 2 && performance.now() - (ratedAt.get(shownId()) ?? -Infinity) >= AGAIN;
}

// A click during typing leaves the caret in its field: otherwise the rest of the sentence would run as commands.
document.addEventListener("mousedown", (/** @type {MouseEvent & ElementEvent} */ event) => {
  const isControl = event.target.closest("label, button, a, summary");
  if (isControl && isText(document.activeElement) && !isField(event.target)) event.preventDefault();
});

document.addEventListener("click", (/** @type {MouseEvent & ElementEvent} */ event) => {
  const { target } = event;
  const label = target.closest("label");
  // By itself a label takes the focus to its box.
  if (label?.control && target !== label.control && isText(document.activeElement) && !isField(label.control)) {
    event.preventDefault();
    label.control.click();
    return;
  }
  const button = target.closest("[data-do]");
  if (button) verbs[button.dataset.do]?.(button);
  const link = target.closest("[data-look]");
  if (link?.dataset.look) {
    event.preventDefault();
    target.closest("dialog")?.close();
    show(link.dataset.look);
  }
  const flag = target.closest("[data-flag]");
  if (flag) actions.flag(shownId(), flag.dataset.flag);
  if (target.matches("[data-rate] input") && isClearing(event, Number(target.value))) rate(null);
  if (document.body.matches(".has-drawer") && !target.closest("[data-drawer], [data-do]")) drawers.close();
});

document.addEventListener("change", (/** @type {ElementEvent} */ { target }) => {
  if (target.matches("[data-point]")) actions.tick(Number(target.dataset.point), target.checked);
  else if (target.matches("[data-rate] input")) rate(Number(target.value));
  else if (target.matches(".is-unlisted input")) {
    actions.tickUnlisted(closest(target, "key"), target.checked);
    // A row without ticks is gone, and the focus with it.
    if (!target.isConnected) focusCard();
  } else if (target.matches("[data-ends] input")) {
    const { client_id, ...row } = endOf(target);
    actions.looseEnd(client_id, { ...row, is_done: target.checked });
  }
});

// --- Undo, and short texts: unlisted points and loose ends ---

function undo() {
  const question = actions.undo();
  if (question && question !== shownId() && !isField(document.activeElement)) show(`q${question}`);
}

const SHORT = "[data-unlisted], [data-end-field]";
const short = findAll(SHORT);
/** The text field that had the focus before a short one, and its caret. */
let cameFrom = null;

function edit(clientId) {
  const field = find(".one.is-shown [data-unlisted]");
  addFrom(field);
  field.value = view.unlisted.find((row) => row.client_id === clientId).text;
  field.dataset.editing = clientId;
  field.focus();
}

const draftOf = (field) => (field.matches("[data-end-field]") ? "end" : `unlisted-${field.closest("[data-question]").dataset.question}`);

/** Store a short text that was not added yet, so that it outlives the page. */
function persistDraft(field) {
  const { value: text, dataset } = field;
  outbox.persistDraft(draftOf(field), text.trim() ? { text, editing: dataset.editing } : null);
}

for (const field of short) {
  const typing = throttled(() => persistDraft(field));
  field.addEventListener("input", typing.changed);
}

/** A text that a page which is gone has left, and which is no command: back into its field. @returns {boolean} whether there is one */
function onDraft(target, value) {
  if (notes.draftAdopted(target, value)) return true;
  const field = short.find((one) => draftOf(one) === target);
  if (!field) return false;
  field.value = field.value.trim() ? beside(field.value, value.text).replace(/\s+/g, " ") : value.text;
  if (value.editing && view.unlisted.some((row) => row.client_id === value.editing)) field.dataset.editing = value.editing;
  persistDraft(field);
  return true;
}

/** Add the text of a short field. Leaving the field adds it too. */
function addFrom(field) {
  const text = field.value.trim();
  const { editing } = field.dataset;
  field.value = "";
  delete field.dataset.editing;
  if (text && field.matches("[data-unlisted]")) actions.unlisted(Number(field.closest("[data-question]").dataset.question), text, editing);
  else if (text) actions.looseEnd(uuid(), { text, question: shownId(), is_done: false });
  // The text is a command now.
  persistDraft(field);
}

document.addEventListener("submit", (/** @type {ElementEvent} */ event) => {
  const field = find(SHORT, event.target);
  if (!field) return;
  event.preventDefault();
  addFrom(field);
  leave(field);
});
document.addEventListener("focusin", (/** @type {FocusEvent & {target: any, relatedTarget: any}} */ { target, relatedTarget }) => {
  if (!target.matches(SHORT)) return;
  const isWritten = isText(relatedTarget) && !relatedTarget.matches(SHORT);
  cameFrom = isWritten ? { field: relatedTarget, start: relatedTarget.selectionStart, end: relatedTarget.selectionEnd } : null;
});
document.addEventListener("focusout", (/** @type {FocusEvent & {target: any}} */ { target }) => target.matches(SHORT) && addFrom(target));

/** Out of a field: back to where one wrote before, else to the card, where single keys work. */
function leave(field) {
  if (drawers.isOpen() && field.matches("[data-end-field]")) return;
  const before = field.matches(SHORT) ? cameFrom : null;
  field.blur();
  if (!before?.field.checkVisibility()) return focusCard();
  before.field.focus();
  before.field.setSelectionRange(before.start, before.end);
}

// --- Keys ---

/** Why nothing can be recorded now; null where it can. */
function whyNot() {
  const words = {
    scheduled: "The interview hasn’t started yet",
    submitted: "You’ve submitted your scorecard",
    cancelled: "This interview was cancelled",
    gone: "You are not on this panel any more",
  };
  return canRecord() ? null : (words[phaseOf(view)] ?? "You can’t record anything now");
}

/** Say, in sight, why a key does nothing. */
const explain = (words) => say(words, { isVisible: true, isPublic: true });

/** Do something with the answer in sight, or say why not. */
const onAnswer = (act) => () => {
  const why = whyNot() ?? (find(".one.is-shown [data-rate]") ? privacy.why("Ratings", NO_NAMES) : "There is no answer to rate here");
  if (why) explain(why);
  else act();
};
const rated = (value) =>
  onAnswer(() => (ratingOf(view, shownId()).value === value ? explain(`Already rated ${WORDS[value]}. Backspace clears it`) : rate(value)));
const unrated = onAnswer(() => (ratingOf(view, shownId()).value === null ? explain("No rating to clear") : rate(null)));
const inCard = (selector, none) => () => {
  const field = find(`.one.is-shown ${selector}`);
  if (field && !field.disabled) field.focus();
  else explain(whyNot() ?? none);
};
/** Do something with a part of the page that is hidden from a level on; where it is, say so, and let a sentence pass. */
const inSight = (what, from, act) => () => {
  const why = privacy.why(what, from);
  if (!why) return act();
  typing.typed(performance.now());
  return explain(why);
};

function skipKey() {
  if (find("[data-skip]").hidden) explain(phaseOf(view) === "live" ? "Nothing to skip here" : (whyNot() ?? "The call has ended"));
  else skipMenu.toggle(true);
}

/** Ask the shown question. A panelist who does not ask next returns to the panel's question instead. */
function enter() {
  if (takesAlong(view, card)) return verbs.back();
  if (find("[data-ask]").hidden) return phaseOf(view) === "scheduled" && explain(whyNot());
  return moves.ask();
}

function tickKey(number) {
  const box = findAll(".one.is-shown [data-point]")[number - 1];
  if (number === 0) return explain("Only the first nine points have keys. Click the others");
  if (!box) return explain(`No point ${number} here`);
  return box.disabled ? explain(whyNot() ?? "You can’t tick this point now") : actions.toggleTick(Number(box.dataset.point));
}

const keys = {
  j: moves.next,
  k: moves.previous,
  ArrowRight: moves.next,
  ArrowLeft: moves.previous,
  p: rated(1),
  m: rated(2),
  g: rated(3),
  e: rated(4),
  Backspace: unrated,
  d: onAnswer(() => actions.flag(shownId(), "dont_know")),
  u: inSight("Points", PROMPT_ONLY, inCard("[data-unlisted]", "Good points have no place here")),
  n: inSight("Notes", NO_NAMES, () => openNote() || explain("There is no note here")),
  f: inSight("Follow-ups", PROMPT_ONLY, () => moves.followUp()),
  x: inSight("Reasons for skipping", PROMPT_ONLY, skipKey),
  l: inSight("Notes", NO_NAMES, () => {
    drawers.open("rail");
    find("[data-end-field]").focus();
  }),
  c: copyPrompt,
  z: undo,
  h: privacy.toggle,
  "?": () => help.open(),
  Enter: enter,
};
for (let number = 0; number <= 9; number += 1) keys[number] = inSight("Points", PROMPT_ONLY, () => tickKey(number));
// These lead into a text field.
const OPENING = ["n", "u", "l"];

const typing = createTyping();
/** The text field that was left last, its caret, and whether by a click: then its sentence may still be going on. */
let left = null;
let isByPointer = false;

addEventListener("pointerdown", () => (isByPointer = true), { capture: true });
document.addEventListener("input", ({ target, isTrusted }) => isTrusted && isText(target) && typing.typed(performance.now()));
document.addEventListener("focusout", (/** @type {FocusEvent & {target: any}} */ { target }) => {
  if (isText(target)) left = { field: target, start: target.selectionStart, end: target.selectionEnd, isByPointer };
});

/** The caret to where text belongs that comes without one: into the field just left, else into the note in sight. */
function toText() {
  if (left?.isByPointer && isSeen(left.field) && !left.field.readOnly && !left.field.disabled) {
    left.field.focus();
    left.field.setSelectionRange(left.start, left.end);
    return true;
  }
  return openNote();
}

/** Remember what a key may change, to restore it if the key was the beginning of a sentence. */
function moment() {
  const fields = [...findAll(".one.is-shown textarea, .one.is-shown [data-unlisted]"), find("[data-end-field]")];
  const [at, level, done, texts] = [card, privacy.level(), actions.soFar(), fields.map((field) => [field, field.value])];
  return function goBack() {
    for (const dialog of findAll("#help[open], #wrap-up[open]")) dialog.close();
    skipMenu.toggle(false);
    for (const [field, text] of texts) if (field.value !== text) field.value = text;
    if (privacy.level() !== level) privacy.set(level);
    actions.forgetSince(done);
    if (card !== at) show(at);
  };
}

/** Keys that came too fast to be commands: take back what they did, and write them where text belongs. */
function asText(run) {
  for (const { undo } of [...run].reverse()) undo?.();
  refresh();
  say("Added as text");
  if (!toText()) return explain("Too fast for single-key shortcuts");
  const field = /** @type {HTMLTextAreaElement} */ (document.activeElement);
  field.setRangeText(run.map(({ char }) => char).join(""), field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return typing.typed(performance.now());
}

/** A key outside of text fields. @returns {boolean} whether it was one of ours */
function press(key) {
  if (skipMenu.isOpen()) {
    const isReason = /^[1-5]$/.test(key);
    if (isReason) skipMenu.pick(Number(key));
    return isReason;
  }
  if (key === "Enter" && document.activeElement.matches("a, button, summary, input")) return false;
  if (key.startsWith("Arrow") && document.activeElement.matches("input")) return false;
  if (!Object.hasOwn(keys, key)) return false;
  keys[key]();
  return true;
}

document.addEventListener("keydown", (event) => {
  isByPointer = false;
  const isSecond = typing.isSecondOfTwo(event);
  if (isComposed(event) || isSecond) return;
  if (event.key === "Escape") return onEscape();
  if (!help.areKeysOn() || event.repeat) return;
  const [key, at, isInField] = [keyOf(event), performance.now(), isField(event.target)];
  const isHeld =
    event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && /^[a-zA-Z]$|^Arrow|^Enter$|^Backspace$/.test(event.key));
  const isOver = find("dialog[open]");
  const char = charOf(event);
  const one = { char, at, isInField, opens: !isInField && !isHeld && OPENING.includes(key) };
  const run = char && typing.add(one);
  if (run) {
    event.preventDefault();
    return asText(run);
  }
  if (isOver || isInField) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && key === "k") {
    event.preventDefault();
    return openGoTo();
  }
  if (isHeld) return;
  if (typing.isResting(at) && (char !== " " || document.activeElement === document.body)) return rest(event, key, one);
  const goBack = moment();
  let isOurs = false;
  // Done at once, and sent a moment later: it may still turn out to be the beginning of a sentence.
  const withdraw = outbox.provisionally(() => (isOurs = press(key)), char ? 2 * BURST : 0);
  if (!isOurs) return;
  one.undo = () => {
    withdraw();
    goBack();
  };
  event.preventDefault();
});

/** Just after typing, a key is more of the same sentence, or nothing. */
function rest(event, key, one) {
  if (one.char && left?.isByPointer && toText()) {
    one.isInField = true;
    return;
  }
  if (key === "Enter" && document.activeElement.matches("a, button, summary, input")) return;
  if (!one.char && !Object.hasOwn(keys, key)) return;
  event.preventDefault();
  // A sentence that found no field passes as a whole.
  if (one.char && privacy.level()) typing.typed(performance.now());
  explain("Single-key shortcuts pause for a second after typing");
}

function onEscape() {
  if (find("dialog[open]")) return;
  if (skipMenu.isOpen()) skipMenu.toggle(false);
  else if (isField(document.activeElement) && !drawers.isOpen()) leave(document.activeElement);
  else drawers.close();
}

// --- Time and the server ---

/** Take what the server told, but for what is known and what comes after a gap. @returns {boolean} whether it was told to me */
function caughtUp({ events, user, now: said }) {
  clock.correct(said);
  // Another user signed in with this browser: these events are not for us.
  outbox.signedIn(user === initial.me.user);
  if (user !== initial.me.user) return false;
  const before = serverState;
  const fresh = [];
  for (const event of events) {
    if (event.seq !== serverState.streams[event.stream] + 1) continue;
    fresh.push(event);
    serverState = apply(serverState, event);
    if (event.kind === "note") notes.changedElsewhere(event.payload.question, event.payload);
  }
  if (fresh.length) refresh();
  const words = news({ events: fresh, before, state: serverState, nameOf: names });
  if (words) say(words.text, { isVisible: words.isForMe });
  return true;
}

/** `user` cannot see this interview: another user, or I was removed from its panel. @returns {boolean} whether it is me */
function missing(user) {
  // Some proxy said so, not the product.
  if (typeof user !== "number") return false;
  outbox.signedIn(user === initial.me.user);
  if (user !== initial.me.user) return false;
  serverState = { ...serverState, interview: { ...serverState.interview, status: "gone" } };
  refresh();
  say("You are not on this panel any more", { isVisible: true });
  return true;
}

const connection = createConnection({
  socket: initial.urls.socket,
  events: initial.urls.events,
  numbers: () => serverState.streams,
  here: shownId,
  onEvents: caughtUp,
  onSignedOut: () => outbox.signedIn(false),
  onMissing: missing,
  onHere(here) {
    panel.here(here);
    steadily(paint);
  },
  onCrowded: () => say("You have many pages open, so this one updates every few seconds. Close some of the others.", { isVisible: true }),
});

let lastReason = null;
outbox.onChange((status) => {
  paintStatus(status);
  refresh();
  if (status.reason === lastReason || (!status.reason && status.waiting)) return;
  say(status.reason ? statusWords() : "All changes saved");
  lastReason = status.reason;
});
addEventListener("pagehide", notes.flush);
addEventListener("beforeprint", () => painter.paintAll(view, now()));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" || notes.flush());
addEventListener("beforeunload", (event) => {
  notes.flush();
  const drafts = findAll("[data-unlisted], [data-end-field]").some((field) => field.value.trim());
  if (outbox.waiting().length || notes.hasUnsaved() || drafts || !tray.isEmpty()) event.preventDefault();
});
setInterval(() => {
  painter.tick(view, card, now());
  paintStatus(outbox.status());
}, 1_000);
if (card) show(card, { keepsFocus: true });
