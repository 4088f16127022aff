// What clicks do: on buttons, points, ratings and flags.

import { copyText } from "../clipboard.js";
import { copyNotes } from "../my-notes.js";
import { find } from "../page.js";
import { isField, isText, keyAround } from "./fields.js";
import { promptOf } from "./fill.js";
import { PROMPT_ONLY } from "./privacy.js";
import { focusCard } from "./sight.js";
import { asksNext, phaseOf, ratingOf } from "./state.js";

/** @import { ElementEvent } from "../types.js" */
/** @import { Parts } from "./main.js" */

// In ms. A click on the rating that is set clears it, but not sooner than this after setting it: that is a slow double click.
const AGAIN = 1_000;
// Where clicks may follow each other quickly.
const REPEATS = "textarea, input[type=text], [data-do=undo], [data-do=redo], [data-do=previous]";

/**
 * @param {Parts} page
 * @returns {{verbs: Record<string, Function>, rate: (value: number|null) => void}} what buttons do, by their name; and rating
 *   the question in sight
 */
export function createClicks(page) {
  const { state, actions, moves, drawers, privacy, explain } = page;
  const { card, shownId, show } = page.sight;

  const endOf = (element) => state().loose_ends.find((row) => row.client_id === keyAround(element));

  const verbs = {
    outline: () => drawers.open("outline"),
    rail: () => drawers.open("rail"),
    "close-drawer": () => drawers.close(),
    "wrap-up": page.wrapUp.open,
    start: () => page.callTime.start(),
    "start-now": () => page.callTime.startNow(),
    pause: () => page.callTime.pause(),
    longer: (button) => page.callTime.longer(Number(button.dataset.minutes)),
    end() {
      find("#wrap-up").close();
      page.notes.flush();
      moves.end();
      find("section[data-when=ended] .btn").focus();
    },
    back: () => moves.go(`q${state().current.question}`),
    next: moves.next,
    previous: moves.previous,
    ask: () => moves.ask(),
    uncover() {
      moves.uncover();
      focusCard();
    },
    follow: (button) => moves.followUp(Number(keyAround(button))),
    skip: () => page.skipMenu.toggle(),
    park: () => actions.park(shownId()),
    "ask-parked"(button) {
      button.closest("dialog")?.close();
      drawers.close();
      moves.ask(Number(keyAround(button)));
    },
    suggest: () => page.suggesting.open(),
    "suggest-close": () => page.suggesting.close(),
    nudge: () => page.nudging.open(),
    "nudge-close": () => page.nudging.close(),
    "nudge-seen"(button) {
      actions.dismissNudge(keyAround(button));
      focusCard();
    },
    add: () => page.asking.open(),
    "add-close": () => page.asking.close(),
    unrate() {
      rate(null);
      focusCard();
    },
    "gate-open": () => moves.decide(true),
    "gate-closed": () => moves.decide(false),
    "gate-later": () => moves.decide(null),
    "go-to": openGoTo,
    help: () => page.help.open(),
    undo: () => takeBack(false),
    redo: () => takeBack(true),
    "edit-unlisted": (button) => page.short.edit(keyAround(button)),
    turn: (button) => moves.handOver("turn", Number(keyAround(button))),
    lead(button) {
      const panelist = Number(keyAround(button));
      if (panelist === state().me.panelist) page.takingLead.ask();
      else page.panel.askToLead(state(), panelist);
    },
    "take-lead": () => page.takingLead.ask(),
    "take-lead-yes": () => page.takingLead.take(),
    "lead-yes": () => moves.handOver("lead", page.panel.toLead()),
    private: privacy.toggle,
    copy: copyPrompt,
    "copy-notes": copyMyNotes,
    reload: () => location.reload(),
    "end-question"(button) {
      button.closest("dialog")?.close();
      moves.go(`q${endOf(button).question}`);
    },
    "end-remove"(button) {
      actions.looseEnd(endOf(button).client_id, null);
      find("[data-end-field]").focus();
    },
  };

  function openGoTo() {
    const why = privacy.why("Other questions", PROMPT_ONLY);
    if (why) return explain(why);
    drawers.close();
    return page.goTo();
  }

  /** The prompt in sight and its exhibit onto the clipboard, as plain text for the chat of the call. */
  async function copyPrompt() {
    const shown = find(".one.is-shown[data-question]");
    if (!shown) return explain("There is no prompt here");
    const exhibit = find("[data-exhibit] code", shown)?.textContent.replace(/^\n+|\s+$/g, "");
    const isCopied = await copyText([find("h2", shown).textContent.trim(), exhibit].filter(Boolean).join("\n\n"));
    return explain(isCopied ? "Prompt copied" : "This browser can’t copy. Select the text instead");
  }

  /** My notes as their fields have them, saved or not, and what I follow up later. */
  async function copyMyNotes(button) {
    const { sections, questions, loose_ends: followUps } = state();
    const titles = new Map(sections.map(({ id, title }) => [id, title]));
    const textOf = (name) => find(`[data-note="${name}"]`)?.value ?? "";
    const noteOf = ({ id, section }) => ({ section: titles.get(section) ?? "", prompt: promptOf(id), text: textOf(id) });
    const written = { notes: questions.map(noteOf), general: textOf("interview"), followUps };
    return explain(await copyNotes({ title: button.dataset.title, ...written }));
  }

  /** Undo or redo, and show where. Who is writing is taken only where the move itself is taken back. */
  function takeBack(isRedo) {
    const why = {
      submitted: "You’ve submitted your scorecard",
      cancelled: "This interview was cancelled",
      gone: "You’re no longer on this panel",
    };
    if (why[phaseOf(state())]) return explain(why[phaseOf(state())]);
    const back = actions.undo(isRedo);
    if (!back?.to || back.to === card() || !find(`[data-card="${back.to}"]`)) return;
    if (back.isMove || !isField(document.activeElement)) show(back.to);
  }

  // When a rating was set here, by question, in ms.
  const ratedAt = new Map();

  function rate(value) {
    ratedAt.set(shownId(), performance.now());
    actions.rate(shownId(), value);
  }

  function isClearing(value) {
    const isSet = ratingOf(state(), shownId()).value === value;
    return isSet && performance.now() - (ratedAt.get(shownId()) ?? -Infinity) >= AGAIN;
  }

  // The second click of a double click would take back what the first one did, or hit what has come into its place.
  addEventListener(
    "click",
    (/** @type {MouseEvent & ElementEvent} */ event) => {
      const isLooking = event.target.closest("[data-next]") && !asksNext(state());
      if (event.detail < 2 || isLooking || event.target.closest(REPEATS)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );

  // Where the first click of a double click was.
  let first = null;

  // A click during typing leaves the caret in its field: otherwise the rest of the sentence would run as commands. Nor does a
  // second click take the focus from where the first one has put it.
  document.addEventListener("mousedown", (/** @type {MouseEvent & ElementEvent} */ event) => {
    const { target, detail } = event;
    if (detail < 2) first = target;
    const isBusy = isText(document.activeElement) || detail > 1;
    const isControl = target.closest("label, button, a, summary") && !isField(target);
    if ((isControl && isBusy) || target !== first) event.preventDefault();
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
      moves.go(link.dataset.look);
    }
    const flag = target.closest("[data-flag]");
    if (flag) actions.flag(shownId(), flag.dataset.flag);
    if (target.matches("[data-rate] input") && isClearing(Number(target.value))) rate(null);
    if (document.body.matches(".has-drawer") && !target.closest("[data-drawer], [data-do]")) drawers.close();
  });

  document.addEventListener("change", (/** @type {ElementEvent} */ { target }) => {
    if (target.matches("[data-point]")) actions.tick(Number(target.dataset.point), target.checked);
    else if (target.matches("[data-rate] input")) rate(Number(target.value));
    else if (target.matches("[data-run-over] input")) page.callTime.runOver(target.checked);
    else if (target.matches("[data-wrap-rate] input")) actions.rate(Number(keyAround(target)), Number(target.value));
    else if (target.matches(".is-unlisted input")) {
      actions.tickUnlisted(keyAround(target), target.checked);
      // A row without ticks is gone, and the focus with it.
      if (!target.isConnected) focusCard();
    } else if (target.matches("[data-ends] input")) {
      const { client_id, ...row } = endOf(target);
      actions.looseEnd(client_id, { ...row, is_done: target.checked });
    }
  });

  return { verbs, rate };
}
