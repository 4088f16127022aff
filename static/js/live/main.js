// The live page: puts state, outbox, notes and page together, and turns clicks and keys into actions.

import { createActions, createFollowing, createLine, createMoves } from "./actions.js";
import { createNotes, createStatus, createTray } from "./notes.js";
import { createOutbox, uuid } from "./outbox.js";
import { createPainter, find, findAll, phaseOf, promptOf, steadily, takesAlong } from "./paint.js";
import { createDrawers, createGoTo, createHelp, createPanel, createPrivacy, createSkipMenu, createWrapUp, news } from "./panels.js";
import { apply, asksNext, eventOf, questionOf, ratingOf } from "./state.js";

const initial = JSON.parse(find("#live-state").textContent);
// The server's clock against this machine's.
const ahead = Date.parse(initial.interview.now) - Date.now();
const now = () => Date.now() + ahead;

/** What the server told, what it has taken since and not told yet, and with what waits on top: what is in sight. */
let base = initial;
let taken = [];
let seen = initial;
let stop = firstStop();

const painter = createPainter({ timeZone: initial.me.time_zone });
const outbox = createOutbox({
  url: initial.urls.command,
  sender: initial.me.user,
  interview: initial.interview.id,
  savedAt: initial.interview.now,
  onAdopted: (entry) => entry.kind === "note" && notes.adopted(entry),
  onReceipt(entry, { shared, own, result }) {
    if (result.late) return late();
    // Kept for me, beside the interview whose panel I left.
    if (result.left) return entry.kind === "note" && notes.received(entry, { text: entry.value, revision: entry.base_rev });
    if (shared !== null || own !== null) taken.push({ entry, shared: shared ?? 0, own: own ?? 0 });
    if (entry.kind === "note") notes.received(entry, { text: entry.value, ...result });
  },
  onRefused: refused,
  onPutAway: (entry) => tray.remove(keyOfRefused(entry)),
});
const notes = createNotes({
  fields: findAll("[data-note]"),
  saved: initial.notes,
  limit: initial.max_note,
  enqueue: outbox.enqueue,
  release: outbox.release,
  isWaiting: (target, but) => outbox.waiting().some((entry) => entry.kind === "note" && entry.target === target && entry.client !== but),
  say,
});
const names = {
  point: (id) => find(`[data-point-row="${id}"] [data-text]`).textContent,
  flag: (name) => find(`[data-flag="${name}"] [data-text]`).textContent,
  question: promptOf,
};
const actions = createActions({ state: () => seen, send: outbox.enqueue, say, nameOf: (kind, id) => names[kind](id) });
const drawers = createDrawers();
const skipMenu = createSkipMenu({ choose: (reason) => (actions.skip(shownId(), reason), focusCard()) });
const goTo = createGoTo({ state: () => seen, show });
const wrapUp = createWrapUp({ state: () => seen });
const help = createHelp({ isOn: initial.me.has_keys_on, url: initial.urls.keys });
const panel = createPanel();
const privacy = createPrivacy({ say });
const following = createFollowing({ say });
const tray = createTray({ find, onPutAway: (key) => outbox.refused().filter((entry) => keyOfRefused(entry) === key).forEach(outbox.putAway) });
const paintStatus = createStatus({ find, timeZone: initial.me.time_zone, onSignedIn: () => outbox.signedIn(true), onTryNow: () => outbox.flush() });

const shownId = () => (stop?.[0] === "q" ? Number(stop.slice(1)) : null);
const moves = createMoves({ state: () => seen, stop: () => stop, actions, show, say, wrapUp });
const canRecord = () => ["live", "ended"].includes(phaseOf(seen));
const isField = (element) => element?.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");

// --- What is in sight ---

function firstStop() {
  const { current, questions } = initial;
  const first = questions.find((question) => question.state === "unasked" && question.parent === null) ?? questions[0];
  const id = current.question ?? (initial.interview.status === "live" ? first : questions[0])?.id;
  return id ? `q${id}` : null;
}

/** Lay what the server has taken, and what waits, over what it told. */
function refresh() {
  taken = taken.filter(({ shared, own }) => shared > base.streams.shared || own > base.streams.own);
  const entries = [...taken.map(({ entry }) => entry), ...outbox.waiting()];
  seen = entries.reduce((state, entry) => {
    const event = eventOf(entry, state, new Date(entry.at + ahead).toISOString());
    return event ? apply(state, event) : state;
  }, base);
  follow(seen.current.question);
  if (phaseOf(seen) !== "live") for (const dialog of findAll("#wrap-up, #to-lead")) dialog.close();
  steadily(() => paint());
}

function paint() {
  painter.paint(seen, stop, now());
  panel.paint(seen, shownId());
}

let lastAsked = initial.current.question;

/** Who looked at the question that was asked last goes on with the call, unless they are in the middle of something. */
function follow(current) {
  const before = lastAsked;
  lastAsked = current ?? before;
  const isAlong = before === null ? phaseOf(seen) === "live" : stop === `q${before}`;
  const isBusy = isField(document.activeElement) || find("dialog[open]") || !following.isAtRest();
  if (!current || current === before || current === shownId() || !isAlong || isBusy) return;
  show(`q${current}`, { keepsFocus: true });
  following.wentAlong();
}

/** Put a question or gate in sight. */
function show(to, { keepsFocus = false } = {}) {
  notes.flush();
  drawers.close();
  const isNew = to !== stop;
  const hadFocus = find(".one.is-shown")?.contains(document.activeElement);
  stop = to;
  for (const card of findAll("[data-stop]")) card.classList.toggle("is-shown", card.dataset.stop === to);
  document.body.classList.remove("has-room");
  skipMenu.toggle(false);
  paint();
  line?.moved();
  find(`.outline [data-look="${to}"]`)?.scrollIntoView({ block: "nearest" });
  if (!keepsFocus || (isNew && hadFocus)) focusCard();
}

function focusCard() {
  const heading = find(".one.is-shown h2");
  if (!heading) return;
  heading.focus({ preventScroll: true });
  const { top } = heading.getBoundingClientRect();
  if (top < 80 || top > innerHeight / 2) find(".q").scrollIntoView({ block: "start" });
}

/** Announce politely; `isVisible` also shows it for a moment. */
function say(words, { isVisible = false } = {}) {
  const place = find("[data-said]");
  clearTimeout(say.timer);
  // The same words twice are still news.
  place.textContent = place.textContent === words ? `${words}\u00a0` : words;
  place.classList.toggle("is-visible", isVisible);
  say.timer = setTimeout(() => place.classList.remove("is-visible"), 5_000);
}

/** My scorecard was submitted on another page: the server keeps this beside it. */
function late() {
  say("Your scorecard is submitted. This is kept, and offered to you as a correction.", { isVisible: true });
  line.check();
}

const statusWords = () => find("[data-status]:not([hidden]) [data-status-words], [data-sign-in]:not([hidden])").textContent;

// A function, since what a page that is gone has left comes early.
function keyOfRefused(entry) {
  return entry.kind === "note" ? `note-${entry.target}` : entry.id;
}

function refused(entry, why) {
  if (entry.kind === "note") notes.refused(entry);
  const question = entry.value?.question ?? (entry.kind === "tick" ? seen.points.find((point) => point.id === entry.target)?.question : entry.target);
  const where = questionOf(seen, question) ? ` at “${promptOf(question)}”` : "";
  const what = {
    note: "Note", tick: "Tick", rate: "Rating", flag: "Flag", unlisted: "Unlisted point", unlisted_tick: "Tick", loose_end: "Loose end",
    ask: "Asking", skip: "Skipping", gate: "The decision at a gate", turn: "Who asks next", lead: "Who leads", start: "The start", end: "The end",
  };
  const text = typeof entry.value === "string" && entry.kind === "note" ? entry.value : entry.value?.text ?? "";
  tray.add({ key: keyOfRefused(entry), what: `${what[entry.kind]}${where}:`, why, text });
  say(`Not taken: ${why}`, { isVisible: true });
}

// --- Clicks ---

const closest = (element, key) => element.closest("[data-key]")?.dataset[key];
const endOf = (element) => seen.loose_ends.find((row) => row.client_id === closest(element, "key"));

const verbs = {
  outline: () => drawers.open("outline"),
  rail: () => drawers.open("rail"),
  "close-drawer": () => drawers.close(),
  "wrap-up": wrapUp,
  start: () => (actions.start(), stop && show(`q${initial.questions[0].id}`), asksNext(seen) && moves.ask(), say("The interview has started", { isVisible: true })),
  end: () => (find("#wrap-up").close(), notes.flush(), actions.end(), find("[data-when=ended] a").focus()),
  back: () => show(`q${seen.current.question}`),
  next: moves.next,
  previous: moves.previous,
  ask: moves.ask,
  uncover: () => (moves.uncover(), focusCard()),
  follow: (button) => moves.followUp(Number(closest(button, "key"))),
  skip: () => skipMenu.toggle(),
  unrate: () => (actions.rate(shownId(), null), focusCard()),
  "gate-open": () => moves.decide(true),
  "gate-closed": () => moves.decide(false),
  "gate-later": () => moves.decide(null),
  "go-to": () => (drawers.close(), goTo()),
  help: () => help.open(),
  "edit-unlisted": (button) => edit(closest(button, "key")),
  turn: (button) => actions.handOver("turn", Number(closest(button, "key"))),
  lead: (button) => panel.askToLead(seen, Number(closest(button, "key"))),
  "lead-yes": () => actions.handOver("lead", panel.toLead()),
  private: privacy.toggle,
  reload: () => location.reload(),
  "end-question": (button) => show(`q${endOf(button).question}`),
  "end-remove": (button) => (actions.looseEnd(endOf(button).client_id, null), find("[data-end-field]").focus()),
};

document.addEventListener("click", (event) => {
  const { target } = event;
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
  // A second click on the rating that is set clears it.
  if (target.matches("[data-rate] input") && ratingOf(seen, shownId()).value === Number(target.value)) actions.rate(shownId(), null);
  if (document.body.matches(".has-drawer") && !target.closest("[data-drawer], [data-do]")) drawers.close();
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-point]")) actions.tick(Number(target.dataset.point), target.checked);
  else if (target.matches("[data-rate] input")) actions.rate(shownId(), Number(target.value));
  else if (target.matches(".is-unlisted input")) {
    actions.tickUnlisted(closest(target, "key"), target.checked);
    // A row without ticks is gone, and the focus with it.
    if (!target.isConnected) focusCard();
  }
  else if (target.matches("[data-ends] input")) {
    const { client_id, ...row } = endOf(target);
    actions.looseEnd(client_id, { ...row, is_done: target.checked });
  }
});

// --- Undo, and short texts: unlisted points and loose ends ---

function undo() {
  const question = actions.undo();
  if (question && question !== shownId() && !isField(document.activeElement)) show(`q${question}`);
}

function edit(clientId) {
  const field = find(".one.is-shown [data-unlisted]");
  field.value = seen.unlisted.find((row) => row.client_id === clientId).text;
  field.dataset.editing = clientId;
  field.focus();
}

/** Keep what stands in a field for a short text. Leaving the field keeps it too. */
function keep(field) {
  const text = field.value.trim();
  const { editing } = field.dataset;
  field.value = "";
  delete field.dataset.editing;
  if (!text) return;
  if (field.matches("[data-unlisted]")) actions.unlisted(Number(field.closest("[data-question]").dataset.question), text, editing);
  else actions.looseEnd(uuid(), { text, question: shownId(), is_done: false });
}

document.addEventListener("submit", (event) => {
  const field = find("[data-unlisted], [data-end-field]", event.target);
  if (!field) return;
  event.preventDefault();
  keep(field);
  leave(field);
});
document.addEventListener("focusout", ({ target }) => target.matches("[data-unlisted], [data-end-field]") && keep(target));

/** Out of a field, so that single keys work again. */
function leave(field) {
  if (drawers.isOpen() && field.matches("[data-end-field]")) return;
  field.blur();
  focusCard();
}

// --- Keys ---

const rated = (value) => () => actions.rate(shownId(), ratingOf(seen, shownId()).value === value ? null : value);
const onAnswer = (act) => () => canRecord() && find(".one.is-shown [data-rate]") && act();
const inCard = (selector) => () => find(`.one.is-shown ${selector}`)?.focus();
const keys = {
  j: moves.next, k: moves.previous, ArrowRight: moves.next, ArrowLeft: moves.previous,
  p: onAnswer(rated(1)), m: onAnswer(rated(2)), g: onAnswer(rated(3)), e: onAnswer(rated(4)),
  d: onAnswer(() => actions.flag(shownId(), "dont_know")),
  u: inCard("[data-unlisted]:enabled"),
  n: inCard("[data-note]"),
  f: () => moves.followUp(),
  x: () => skipMenu.toggle(true),
  l: () => (drawers.open("rail"), find("[data-end-field]").focus()),
  z: undo,
  h: privacy.toggle,
  "?": () => help.open(),
  // Whoever does not ask next goes along, and takes nobody along.
  Enter: () => (takesAlong(seen, stop) ? verbs.back() : find("[data-ask]").hidden || moves.ask()),
};

/** The key by what it prints; by its place where the layout prints no Latin letter, or a sign in place of the digit. */
function keyOf({ key, code, shiftKey }) {
  if (/^Digit[1-9]$/.test(code) && !shiftKey) return code.slice(5);
  if (/^Key[A-Z]$/.test(code) && /^\P{ASCII}$/u.test(key)) return code.slice(3).toLowerCase();
  return /^[a-zA-Z]$/.test(key) ? key.toLowerCase() : key;
}

function press(event) {
  const key = keyOf(event);
  const isMenu = skipMenu.isOpen();
  if (isMenu) return /^[1-5]$/.test(key) && (skipMenu.pick(Number(key)), true);
  if (key === "Enter" && document.activeElement.matches("a, button, summary, input")) return false;
  if (key.startsWith("Arrow") && document.activeElement.matches("input")) return false;
  if (/^[1-9]$/.test(key)) {
    const box = findAll(".one.is-shown [data-point]")[key - 1];
    if (!box || box.disabled) return false;
    actions.toggleTick(Number(box.dataset.point));
    return true;
  }
  if (!Object.hasOwn(keys, key)) return false;
  keys[key]();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Escape") return escape();
  if (!help.areKeysOn() || event.repeat || find("dialog[open]")) return;
  const isGoTo = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && keyOf(event) === "k";
  const isHeld = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && /^[a-zA-Z]$|^Arrow|^Enter$/.test(event.key));
  if (isGoTo) drawers.close(), goTo();
  else if (isHeld || isField(event.target) || !press(event)) return;
  event.preventDefault();
});

function escape() {
  if (find("dialog[open]")) return;
  if (skipMenu.isOpen()) skipMenu.toggle(false);
  else if (isField(document.activeElement) && !drawers.isOpen()) leave(document.activeElement);
  else drawers.close();
}

// --- Time and the server ---

/** Take what the server told, but for what is known and what comes after a gap. @returns {boolean} whether it was told to me */
function caughtUp({ events, user }) {
  // Somebody else signed in with this browser: what follows is not ours to see.
  outbox.signedIn(user === initial.me.user);
  if (user !== initial.me.user) return false;
  const before = base;
  const fresh = [];
  for (const event of events) {
    if (event.seq !== base.streams[event.stream] + 1) continue;
    fresh.push(event);
    base = apply(base, event);
    if (event.kind === "note") notes.changedElsewhere(event.payload.question, event.payload);
  }
  if (fresh.length) refresh();
  const words = news({ events: fresh, before, state: base, nameOf: names });
  if (words) say(words.text, { isVisible: words.isForMe });
  return true;
}

/** There is no such interview for `user`: to somebody else, or to me, who was taken off its panel. @returns {boolean} whether to me */
function missing(user) {
  // Some proxy said so, not the product.
  if (typeof user !== "number") return false;
  outbox.signedIn(user === initial.me.user);
  if (user !== initial.me.user) return false;
  base = { ...base, interview: { ...base.interview, status: "gone" } };
  refresh();
  say("You are not on this panel any more", { isVisible: true });
  return true;
}

const line = createLine({
  socket: initial.urls.socket,
  events: initial.urls.events,
  numbers: () => base.streams,
  here: shownId,
  onEvents: caughtUp,
  onSignedOut: () => outbox.signedIn(false),
  onMissing: missing,
  onHere: (here) => (panel.here(here), steadily(paint)),
});

let lastReason = null;
outbox.onChange((status) => {
  paintStatus(status);
  refresh();
  if (status.reason === lastReason || (!status.reason && status.waiting)) return;
  say(status.reason ? statusWords() : "Everything is saved again");
  lastReason = status.reason;
});
addEventListener("pagehide", notes.flush);
addEventListener("beforeprint", () => painter.paintAll(seen, now()));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" || notes.flush());
addEventListener("beforeunload", (event) => {
  notes.flush();
  const drafts = findAll("[data-unlisted], [data-end-field]").some((field) => field.value.trim());
  if (outbox.waiting().length || notes.hasUnsaved() || drafts || !tray.isEmpty()) event.preventDefault();
});
setInterval(() => (painter.tick(seen, stop, now()), paintStatus(outbox.status())), 1_000);
if (stop) show(stop, { keepsFocus: true });
