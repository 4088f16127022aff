// The live page: puts state, outbox, notes and the page's parts together.

import { continueLists } from "../lists.js";
import { createClock } from "../outbox/clock.js";
import { createNotes } from "../outbox/notes.js";
import { createOutbox } from "../outbox/outbox.js";
import { createStatus } from "../outbox/status.js";
import { createTray } from "../outbox/tray.js";
import { createUndoStore } from "../outbox/undo-store.js";
import { find, findAll, fixed } from "../page.js";
import { createActions } from "./actions.js";
import { createAdded } from "./added.js";
import { createAsking } from "./asking.js";
import { createCallTime } from "./call-time.js";
import { createClicks } from "./clicks.js";
import { createConnection } from "./connection.js";
import { isText } from "./fields.js";
import { names, promptOf } from "./fill.js";
import { flash, flashHeard } from "./flash.js";
import { createFolds } from "./folds.js";
import { createFollowing } from "./following.js";
import { createFrame } from "./frame.js";
import { createHeld } from "./held.js";
import { createKeyboard } from "./keyboard.js";
import { createLeaving } from "./leaving.js";
import { createMoves } from "./moves.js";
import { createNudging } from "./nudging.js";
import { createPainter } from "./paint.js";
import { createDrawers, createGoTo, createHandOver, createHelp, createPanel, createSkipMenu } from "./panels.js";
import { createPrivacy, PROMPT_ONLY } from "./privacy.js";
import { keyOf, nameOf, textOf } from "./refused.js";
import { createSay } from "./say.js";
import { createShort } from "./short.js";
import { createSight, focusCard, focusStart } from "./sight.js";
import { phaseOf } from "./state.js";
import { steadily } from "./steady.js";
import { createSuggesting } from "./suggesting.js";
import { createTakingLead } from "./taking-lead.js";
import { createHistory } from "./undo.js";
import { createView } from "./view.js";
import { isHeard, news } from "./words.js";
import { createWrapUp } from "./wrap-up.js";

/** @import { State } from "../types.js" */

/** @type {State} */
const initial = JSON.parse(find("#live-state").textContent);
// The server's time: this machine's clock may be wrong, or set in mid-call.
const clock = createClock(initial.interview.now);
const { now } = clock;

const view = createView(initial);
const { state } = view;
// Whether the page shows an older view.
let isStale = false;
const frame = createFrame(() => {
  const isWriting = isText(document.activeElement);
  const goBack = steadily(() => {
    if (isStale) paint();
    if (isWriting) nudging.paint();
  });
  // A line of the panel moves the page, so that it covers no prompt, but never the words that someone writes.
  if (!isWriting) frame.next(nudging.paint);
  tellStatus();
  return goBack;
});
addEventListener("scroll", frame.scrolled, { passive: true });

const { say, explain, hideOffer } = createSay();
const painter = createPainter({ timeZone: initial.me.time_zone, next: frame.next });
const outbox = createOutbox({
  url: initial.urls.command,
  sender: initial.me.user,
  interview: initial.interview.id,
  savedAt: initial.interview.saved_at,
  clock,
  overSocket: (body, bytes, signal) => connection.send(body, bytes, signal),
  onDraft: (target, value) =>
    notes.draftAdopted(target, value) ||
    short.adopt(target, value) ||
    held.adopt(target, value) ||
    asking.adopt(target, value) ||
    nudging.adopt(target, value) ||
    suggesting.adopt(target, value),
  onAdopted: (entry) => entry.kind === "note" && notes.adopted(entry),
  onReceipt(entry, { shared, own, result }) {
    if (result.late) return late();
    // Saved for me only: I have left this panel.
    if (result.left) return entry.kind === "note" && notes.received(entry, { text: entry.value, revision: entry.base_rev });
    if (result.stays) return stays(entry, result.stays);
    view.acknowledge(entry, { shared, own });
    if (entry.kind === "note") notes.received(entry, { text: entry.value, ...result });
  },
  onRefused: refused,
  onDismissed: (entry) => tray.remove(keyOf(entry)),
});
const notes = createNotes({
  fields: findAll("[data-note]"),
  saved: initial.notes,
  limit: initial.max_note,
  outbox,
  say,
});
const undoStore = createUndoStore({ user: initial.me.user, interview: initial.interview.id, now });
const history = createHistory({
  onChange(acts, gone) {
    hideOffer();
    undoStore.save(acts, gone);
    paintUndo();
  },
});
undoStore.load().then((acts) => {
  history.load(acts);
  if (initial.me.is_submitted) history.restore({ done: [], undone: [] });
});
const drawers = createDrawers();
const wrapUpDialog = createWrapUp({ state, now });
const help = createHelp({ isOn: initial.me.has_keys_on, url: initial.urls.keys });
const panel = createPanel();
const privacy = createPrivacy({ say });
continueLists();
const folds = createFolds({ user: initial.me.user });
const tray = createTray({ outbox, keyOf });
const paintStatus = createStatus({ outbox, timeZone: initial.me.time_zone });

const sight = createSight({
  initial,
  state,
  following: createFollowing({ say }),
  paint,
  next: frame.next,
  leaving() {
    notes.flush();
    drawers.close();
    skipMenu.toggle(false);
  },
  arrived: () => connection?.moved(),
});
const { card, shownId, show } = sight;
const actions = createActions({
  state,
  send: outbox.enqueue,
  say,
  nameOf: names,
  sight,
  history,
  now,
  flash,
  frame,
});
const takingLead = createTakingLead({ state, now, actions, timeZone: initial.me.time_zone });
const skipMenu = createSkipMenu({
  choose(reason) {
    actions.skip(shownId(), reason);
    focusCard();
  },
});
const wrapUp = {
  ...wrapUpDialog,
  open() {
    const why = privacy.why("Open questions", PROMPT_ONLY);
    return why ? explain(why) : wrapUpDialog.open();
  },
};
const moves = createMoves({ state, card, actions, show, say, wrapUp: wrapUp.open, nameOf: names });
const callTime = createCallTime({ state, now, actions, moves, timeZone: initial.me.time_zone });
const handOver = createHandOver({
  state,
  choose: (kind, panelist) => (kind === "turn" ? moves.handOver(kind, panelist) : panel.askToLead(state(), panelist)),
});
const short = createShort({ state, actions, outbox, drawers, shownId });
const held = createHeld({ state, outbox, notes, actions });
const added = createAdded({
  state,
  url: initial.urls.question,
  isLive: () => phaseOf(state()) === "live",
  onCard(card, id) {
    const field = find("[data-note]", card);
    const known = view.server().notes[id];
    if (known) field.value = known.text;
    notes.add(field, known);
    short.add(card);
    folds.add(card);
    held.card(id);
  },
  onCards: refresh,
  onMissing: () => connection.check(),
  show,
});
const asking = createAsking({ state, now, url: initial.urls.bank, actions, moves, outbox, drawers, onAdded: added.expect, explain, held });
const nudging = createNudging({ state, actions, outbox, drawers, timeZone: initial.me.time_zone, explain });
const suggesting = createSuggesting({ state, shownId, actions, outbox, drawers, explain });
const goTo = createGoTo({ state, show: moves.go });
const parts = {
  state,
  sight,
  actions,
  history,
  moves,
  drawers,
  skipMenu,
  privacy,
  panel,
  help,
  goTo,
  short,
  notes,
  outbox,
  wrapUp,
  takingLead,
  callTime,
  handOver,
  asking,
  nudging,
  suggesting,
  refresh,
  say,
  explain,
};
/** @typedef {typeof parts} Parts */
const clicks = createClicks(parts);
createKeyboard({ ...parts, clicks });

// --- What is in sight ---

/** Show the newest state, with this page's commands applied. */
function refresh() {
  view.refresh(outbox.waiting());
  added.ensure();
  sight.follow();
  if (phaseOf(state()) !== "live") for (const dialog of findAll("#wrap-up, #to-lead")) dialog.close();
  isStale = true;
  frame.due();
}

function paint() {
  isStale = false;
  painter.paint(state(), card(), now());
  panel.paint(state(), shownId());
  takingLead.paint();
  wrapUpDialog.paint();
  asking.paint();
}

/** Which of undo and redo there is something for. */
function paintUndo() {
  const { done, undone } = history.counts();
  fixed("[data-top]").classList.toggle("has-redo", undone > 0);
  for (const [name, count] of Object.entries({ undo: done, redo: undone })) {
    for (const button of findAll(`[data-do=${name}]`, fixed("[data-top]"))) button.disabled = count === 0;
  }
}

/** The server took nothing back, since that would have changed what someone else did. */
function stays(entry, why) {
  history.forget(entry.id);
  say(why, { isVisible: true });
}

/** My scorecard was submitted on another page. The server saves this for a revision. */
function late() {
  say("Your scorecard is submitted. This is saved, and offered to you as a revision.", { isVisible: true });
  connection.check();
}

const statusWords = () => find("[data-status]:not([hidden]) [data-status-words], [data-sign-in]:not([hidden])").textContent;

function refused(entry, why) {
  if (entry.kind === "note") notes.refused(entry);
  if (entry.kind === "add") held.refused(entry.target);
  tray.add({ key: keyOf(entry), what: nameOf(entry, state(), promptOf), why, text: textOf(entry), isOurs: entry.is_ours });
  say(`Couldn’t save: ${why}`, { isVisible: true });
}

// --- Time and the server ---

/** Take what the server told, but for what is known and what comes after a gap. @returns {boolean} whether it was told to me */
function caughtUp({ events, user, now: said }) {
  clock.correct(said);
  // Another user signed in with this browser: these events are not for us.
  outbox.signedIn(user === initial.me.user);
  if (user !== initial.me.user) return false;
  const before = view.server();
  const fresh = view.receive(events);
  for (const { kind, payload } of fresh) if (kind === "note") notes.changedElsewhere(payload.question, payload);
  if (!fresh.length) return true;
  refresh();
  const told = { events: fresh, before, state: view.server(), nameOf: names, isInSight: flashHeard };
  const tell = () => {
    const words = news(told);
    if (words) say(words.text, { isVisible: words.isVisible, isTheirs: true });
  };
  // Whether a point is in sight is known in the frame.
  if (fresh.some(isHeard)) frame.next(tell);
  else tell();
  return true;
}

/** `user` cannot see this interview: another user, or I was removed from its panel. @returns {boolean} whether it is me */
function missing(user) {
  // Some proxy said so, not the product.
  if (typeof user !== "number") return false;
  outbox.signedIn(user === initial.me.user);
  if (user !== initial.me.user) return false;
  view.gone();
  refresh();
  say("You’re no longer on this panel", { isVisible: true });
  return true;
}

const connection = createConnection({
  socket: initial.urls.socket,
  events: initial.urls.events,
  numbers: () => view.server().streams,
  here: shownId,
  onEvents: caughtUp,
  onSignedOut: () => outbox.signedIn(false),
  onMissing: missing,
  onHere(here) {
    panel.here(here);
    isStale = true;
    frame.due();
  },
  onCrowded: () => say("You have many pages open, so this one updates every few seconds. Close some of the others.", { isVisible: true }),
});

let lastReason = null;
/** What waits, shown together with the page: "Saved" never comes before what was saved. */
function tellStatus() {
  const status = outbox.status();
  paintStatus(status);
  if (status.reason === lastReason || (!status.reason && status.waiting)) return;
  say(status.reason ? statusWords() : "All changes saved");
  lastReason = status.reason;
}
outbox.onChange(refresh);
createLeaving({ outbox, notes, short, tray });
addEventListener("beforeprint", () => painter.paintAll(state(), now()));
setInterval(() => {
  painter.tick(state(), card(), now());
  takingLead.paint();
  paintStatus(outbox.status());
  if (outbox.waiting().length) steadily(asking.paint)();
}, 1_000);
if (card()) show(card(), { keepsFocus: true });
focusStart();
