// What keys do; and what becomes of keys that turn out to be text.

import { find, findAll, fixed, openDialog } from "../page.js";
import { isField, isSeen, isText } from "./fields.js";
import { BURST, charOf, createTyping, isComposed, keyOf } from "./keys.js";
import { NO_NAMES, PROMPT_ONLY } from "./privacy.js";
import { openNote } from "./sight.js";
import { phaseOf, ratingOf, takesAlong } from "./state.js";
import { WORDS } from "./words.js";

/** @import { ElementEvent } from "../types.js" */
/** @import { Parts } from "./main.js" */

// These lead into a text field.
const OPENING = ["n", "u", "l", "a", ",", "i"];
// These act while a drawer is open.
const OVER_DRAWER = ["h", "l", "?"];
const GATE_KEYS = "Press 1 to continue, 2 to stop here, 3 to decide later";
// The one letter that means something else with Shift.
const REDO = "Shift+z";

/** @param {Parts & {clicks: ReturnType<typeof import("./clicks.js").createClicks>}} page */
export function createKeyboard(page) {
  const { state, sight, actions, history, moves, drawers, skipMenu, privacy, help, short, outbox, refresh, say, explain } = page;
  const { wrapUp, handOver, callTime, asking, nudging, suggesting } = page;
  const { verbs, rate } = page.clicks;
  const { card, shownId, show } = sight;
  const canRecord = () => ["live", "ended"].includes(phaseOf(state()));

  /** Why nothing can be recorded now; null where it can. */
  function whyNot() {
    const words = {
      scheduled: "The interview hasn’t started yet",
      submitted: "You’ve submitted your scorecard",
      cancelled: "This interview was cancelled",
      gone: "You’re no longer on this panel",
    };
    return canRecord() ? null : (words[phaseOf(state())] ?? "You can’t record anything now");
  }

  /** Do something with the answer in sight, or say why not. */
  const onAnswer = (act) => () => {
    const why = whyNot() ?? (find(".one.is-shown [data-rate]") ? privacy.why("Ratings", NO_NAMES) : "There is no answer to rate here");
    if (why) explain(why);
    else act();
  };
  const rated = (value) =>
    onAnswer(() =>
      ratingOf(state(), shownId()).value === value ? explain(`Already rated ${WORDS[value]}. Backspace clears it`) : rate(value),
    );
  const unrated = onAnswer(() => (ratingOf(state(), shownId()).value === null ? explain("No rating to clear") : rate(null)));
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

  /** Why the script cannot be moved on now. @param {string} act what a shadow may not do @param {string} here why not at this card */
  function whyNoMove(act, here) {
    if (phaseOf(state()) !== "live") return whyNot() ?? "The call has ended";
    return state().me.may_cover ? here : `Shadows can’t ${act} questions`;
  }

  function skipKey() {
    if (find("[data-skip]").hidden) explain(whyNoMove("skip", "Nothing to skip here"));
    else skipMenu.toggle(true);
  }

  function parkKey() {
    if (find(".one.is-shown [data-park]")?.hidden ?? true) explain(whyNoMove("park", "Nothing to park here"));
    else actions.park(shownId());
  }

  /** Ask the shown question. A panelist who does not ask next returns to the panel's question instead. */
  function enter() {
    if (takesAlong(state(), card())) return verbs.back();
    if (!find("[data-ask]").hidden) return moves.ask();
    const isCurrent = shownId() && shownId() === state().current.question;
    const here = isCurrent ? "This question is already being asked" : shownId() ? "This question was skipped" : GATE_KEYS;
    return explain(whyNoMove("ask", here));
  }

  /** Decide at the gate in sight: 1 continue, 2 stop here, 3 later. */
  function gateKey(gate, number) {
    const button = findAll(".gate-choice button", gate)[number - 1];
    if (!state().me.may_lead) return explain("The lead decides here");
    if (!button) return explain(GATE_KEYS);
    return button.disabled ? explain(whyNot() ?? "The call has ended") : verbs[button.dataset.do]();
  }

  function wrapUpKey() {
    if (phaseOf(state()) === "live") wrapUp.open();
    else explain(whyNot() ?? "The call has ended");
  }

  function pauseKey() {
    if (phaseOf(state()) !== "live") explain(whyNot() ?? "The call has ended");
    else if (state().me.may_lead) callTime.pause();
    else explain("The lead pauses and resumes the call");
  }

  function handOverKey() {
    const isPast = !["scheduled", "live"].includes(phaseOf(state()));
    if (isPast) explain(canRecord() ? "The call has ended" : whyNot());
    else if (!handOver.open()) explain("There is no one to hand over to");
  }

  function tickKey(number) {
    const gate = find(".one.is-shown[data-gate]");
    if (gate) return gateKey(gate, number);
    const box = findAll(".one.is-shown [data-point]")[number - 1];
    if (number === 0) return explain("Only the first nine points have keys. Click the others");
    if (!box) return explain(`No point ${number} here`);
    return box.disabled ? explain(whyNot() ?? "You can’t tick this point now") : actions.toggleTick(Number(box.dataset.point));
  }

  /** For a screen that others see: at once, and what is open over the page closes with it. */
  function hide() {
    for (const dialog of findAll("dialog[open]")) dialog.close();
    skipMenu.toggle(false);
    drawers.close();
    privacy.toggle();
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
    u: inSight("Points", PROMPT_ONLY, inCard("[data-unlisted]", "You can’t add good points here")),
    n: inSight("Notes", NO_NAMES, () => openNote() || explain("There is no note here")),
    f: inSight("Follow-ups", PROMPT_ONLY, () => moves.followUp()),
    x: inSight("Reasons for skipping", PROMPT_ONLY, skipKey),
    l: inSight("Notes", NO_NAMES, () => {
      drawers.open("rail");
      find("[data-end-field]").focus();
    }),
    c: verbs.copy,
    a: inSight("Other questions", PROMPT_ONLY, () => asking.open()),
    b: parkKey,
    ",": inSight("Lines to the panel", NO_NAMES, () => nudging.open()),
    i: inSight("Suggestions", PROMPT_ONLY, () => suggesting.open()),
    t: inSight("Names", NO_NAMES, handOverKey),
    w: wrapUpKey,
    s: pauseKey,
    z: verbs.undo,
    [REDO]: verbs.redo,
    h: hide,
    "?": () => help.open(),
    Enter: enter,
  };
  for (let number = 0; number <= 9; number += 1) keys[number] = inSight("Points", PROMPT_ONLY, () => tickKey(number));
  const typing = createTyping();
  /** The text field that was left last, its caret, and whether by a click: then its sentence may still be going on. */
  let left = null;
  let isByPointer = false;
  /** The tick box or rating that has the focus by a click: arrows and Enter stay the page's, and rate nothing by accident. */
  let clicked = null;

  addEventListener("pointerdown", () => (isByPointer = true), { capture: true });
  // By the time of the key itself: this page may be busy and hear of it later.
  document.addEventListener("input", ({ target, isTrusted, timeStamp }) => isTrusted && isText(target) && typing.typed(timeStamp));
  document.addEventListener("focusin", ({ target }) => (clicked = isByPointer && !isField(target) ? target : null));
  document.addEventListener("focusout", (/** @type {FocusEvent & ElementEvent} */ { target }) => {
    if (isText(target)) left = { field: target, start: target.selectionStart, end: target.selectionEnd, isByPointer };
  });

  /** The caret to where text belongs that comes without one: into the field just left, else into the note in sight. */
  function toText() {
    // Elements under a drawer take no focus.
    if (drawers.isOpen() && !(left && find("[data-drawer].is-open").contains(left.field))) drawers.close();
    // Nothing under a dialog takes the focus.
    const dialog = openDialog();
    const isFree = left && isSeen(left.field) && !left.field.readOnly && !left.field.disabled;
    if (isFree && left.isByPointer && (!dialog || dialog.contains(left.field))) {
      left.field.focus();
      left.field.setSelectionRange(left.start, left.end);
      return true;
    }
    return dialog ? openNote(dialog) : openNote();
  }

  /** Remember what a key may change, to restore it if the key was the beginning of a sentence. */
  function moment() {
    const shown = card() ? findAll("textarea, [data-unlisted]", fixed(`[data-card="${card()}"]`)) : [];
    const fields = [...shown, fixed("[data-end-field]")];
    const isWrappingUp = wrapUp.isOpen();
    const [at, level, done, texts] = [card(), privacy.level(), history.snapshot(), fields.map((field) => [field, field.value])];
    return function goBack() {
      for (const dialog of findAll("dialog:is(#help, #wrap-up, #hand-over, #to-lead, #add, #nudge, #suggest)[open]")) dialog.close();
      skipMenu.toggle(false);
      for (const [field, text] of texts) if (field.value !== text) field.value = text;
      if (privacy.level() !== level) privacy.set(level);
      history.restore(done);
      if (card() !== at) show(at);
      if (isWrappingUp) wrapUp.open();
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
    if (skipMenu.isOpen() && key !== "h") {
      const isReason = /^[1-5]$/.test(key);
      if (isReason) skipMenu.pick(Number(key));
      else if (key === "Enter" || !Object.hasOwn(keys, key)) return false;
      else explain("Press 1 to 5 for the reason, or Esc to cancel");
      return true;
    }
    if (handOver.isOpen() && key !== "h") return /^[1-9]$/.test(key) && handOver.pick(Number(key));
    const isOnInput = document.activeElement.matches("input") && document.activeElement !== clicked;
    if (key === "Enter" && (isOnInput || document.activeElement.matches("a, button, summary"))) return false;
    if (key.startsWith("Arrow") && isOnInput) return false;
    if (!Object.hasOwn(keys, key)) return false;
    // The question behind a drawer rests.
    if (drawers.isOpen() && !OVER_DRAWER.includes(key)) explain("Press Esc to close this first");
    else keys[key]();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    isByPointer = false;
    const isSecond = typing.isSecondOfTwo(event);
    if (isComposed(event) || isSecond) return;
    if (event.key === "Escape") return onEscape();
    if (!help.areKeysOn() || event.repeat) return;
    const [key, at, isInField] = [event.shiftKey && keyOf(event) === "z" ? REDO : keyOf(event), event.timeStamp, isField(event.target)];
    const isShifted = event.shiftKey && key !== REDO && /^[a-zA-Z]$|^Arrow|^Enter$|^Backspace$/.test(event.key);
    const isHeld = event.ctrlKey || event.metaKey || event.altKey || isShifted;
    const isOver = openDialog();
    const char = charOf(event);
    const isCommand = !isInField && !isHeld;
    const one = { char, at, isInField, opens: isCommand && OPENING.includes(key), hides: isCommand && key === "h" };
    const run = char && typing.add(one);
    if (run) {
      event.preventDefault();
      return asText(run);
    }
    if (isInField) {
      if (key === "Enter" && !isHeld && document.activeElement.matches("input")) typing.leftByKey();
      return;
    }
    const isResting = typing.isResting(at, one) && (char !== " " || document.activeElement === document.body);
    if (isOver && !handOver.isOpen() && !one.hides) {
      // While wrapping up, a sentence that was going on goes on in its note.
      if (isResting && wrapUp.isOpen() && char) rest(event, key, one);
      return;
    }
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && key === "k") {
      event.preventDefault();
      return verbs["go-to"]();
    }
    if (isHeld) return;
    if (isResting) return rest(event, key, one);
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
    if (isField(document.activeElement)) typing.leftByKey();
    if (openDialog()) return;
    if (skipMenu.isOpen()) skipMenu.toggle(false);
    else if (isField(document.activeElement) && !drawers.isOpen()) short.leave(document.activeElement);
    else drawers.close();
  }
}
