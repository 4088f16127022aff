// Turns what a person does into commands, in acts that can be undone and redone.

import { uuid } from "../outbox/uuid.js";
import { eventOf } from "./expected.js";
import { asksNext, questionOf, ratingOf, rootOf } from "./state.js";
import { inverseOf, whyItStays } from "./undo.js";
import { factWords, REASONS, WORDS } from "./words.js";

/** @import { Act, Command, Entry, State, Step } from "../types.js" */

/**
 * @param {{state: () => State, send: (command: Command) => Entry, say: (words: string, options?: Object) => void,
 *   nameOf: Record<string, (id: any) => string>, sight: {card: () => string|null}, history: any, now: () => number,
 *   flash: (kind: string, id: any) => boolean, frame: {together: (act: () => void) => void, next: (act: () => void) => void}}} page
 *   `state` is what is in sight now, `say` announces it, `nameOf` reads a text off the page, `flash` shows where it changed
 *   and whether that is in sight, `frame` paints once what an act changes.
 */
export function createActions({ state, send, say, nameOf, sight, history, now, flash, frame }) {
  /** The commands of the act that is being done. @type {Step[]|null} */
  let steps = null;

  /** Send a command, as part of an act. @param {Command} command */
  function give(command) {
    const back = inverseOf(command, state());
    const { id } = send(command);
    steps?.push({ id, kind: command.kind, target: command.target, value: command.value, back });
  }

  /**
   * Do what one key or click does: all of it is undone together.
   * @param {string} words what it is, after "Undone: " @param {() => void} act
   * @param {number} [question] where it is, unless it leads from one card to another
   */
  function doing(words, act, question) {
    const outer = steps;
    /** @type {Step[]} */
    const mine = (steps = []);
    const from = question ? `q${question}` : sight.card();
    try {
      frame.together(act);
    } finally {
      steps = outer;
    }
    const to = question ? from : sight.card();
    if (mine.length || from !== to) history.add({ id: uuid(), at: now(), words, from, to, current: state().current.question, steps: mine });
  }

  /** As `doing`, for what the others see too: shown with a way back. @param {Command} command @param {string} words */
  function doShared(command, words, { question, more } = /** @type {{question?: number, more?: () => void}} */ ({})) {
    const before = state();
    const event = eventOf(/** @type {Entry} */ (command), before, new Date(now()).toISOString());
    doing(
      words,
      () => {
        give(command);
        more?.();
      },
      question,
    );
    say(factWords(event, "You", { before, state: state(), nameOf }), { isVisible: true, offers: "undo" });
  }

  /** Announce what was recorded, and show where; in words where that is out of sight. */
  const tell = (kind, id, words) => frame.next(() => say(words, { isVisible: !flash(kind, id) }));

  const isMine = (row) => row.panelist === state().me.panelist;

  /** A question that gets a tick or rating was asked: mark it first. */
  function markAsked(id) {
    const { interview, me } = state();
    if (interview.status !== "live" || !me.may_cover || questionOf(state(), id).state === "asked") return;
    // The first one is being asked now: nobody has asked any before.
    const isFirst = !state().current.question && asksNext(state()) && state().questions.every((one) => one.state === "unasked");
    give({ kind: "ask", target: id, value: isFirst ? "now" : "asked" });
  }

  function tick(pointId, on) {
    const { question } = state().points.find((point) => point.id === pointId);
    const text = nameOf.point(pointId);
    doing(
      `${on ? "tick" : "untick"} “${text}”`,
      () => {
        if (on) markAsked(question);
        give({ kind: "tick", target: pointId, value: on });
      },
      question,
    );
    tell("point", pointId, `${on ? "Ticked" : "Unticked"}: ${text}`);
  }

  function toggleTick(pointId) {
    tick(pointId, !state().ticks.some((row) => row.point === pointId && isMine(row)));
  }

  /** Rate from 1 to 4, or null for no rating. */
  function rate(id, value) {
    const old = ratingOf(state(), id);
    if (old.value === value) return;
    if (value === 1 && old.flags.includes("dont_know")) {
      say("“I don’t know” can’t be rated below Mixed", { isVisible: true });
      return;
    }
    doing(
      value ? `rating ${WORDS[value]}` : "clearing the rating",
      () => {
        if (value !== null) markAsked(id);
        give({ kind: "rate", target: id, value });
      },
      id,
    );
    tell("rating", { question: id, value }, value ? `Rated ${WORDS[value]}` : "Rating cleared");
  }

  function flag(id, name) {
    const old = ratingOf(state(), id);
    const on = !old.flags.includes(name);
    const text = nameOf.flag(name);
    doing(
      `${on ? "" : "clearing: "}${text}`,
      () => {
        if (on) markAsked(id);
        give({ kind: "flag", target: id, value: { flag: name, on } });
      },
      id,
    );
    const isRaised = ratingOf(state(), id).value !== old.value;
    tell("flag", { question: id, name }, `${on ? "Noted" : "Cleared"}: ${text}${isRaised ? ". Poor changed to Mixed" : ""}`);
  }

  /** Skip with a reason from 1 to 5, or null: not skipped after all. */
  function skip(id, reason) {
    const { state: covers, skip_reason: old } = questionOf(state(), id);
    if (covers === "skipped" ? old === reason : reason === null) return;
    const words = reason ? `skipping, ${REASONS[reason]}` : "undoing the skip";
    doShared({ kind: "skip", target: id, value: reason }, words, { question: id });
  }

  /** Park a question for later, or no longer. @param {number} id */
  function park(id) {
    const { parked } = questionOf(state(), id);
    doShared({ kind: "park", target: id, value: !parked }, parked ? "unparking" : "parking for later", { question: id });
  }

  /** Send a short line to the panel. @param {string} text */
  function nudge(text) {
    doing(`the line “${text}”`, () => give({ kind: "nudge", target: uuid(), value: text }));
    say("Sent to the panel", { isVisible: true, offers: "undo" });
  }

  /** Dismiss a line of the panel, for this person only. @param {string} clientId */
  function dismissNudge(clientId) {
    const { text } = state().nudges.find((row) => row.client_id === clientId);
    doing(`dismissing “${text}”`, () => give({ kind: "nudge_seen", target: clientId, value: true }));
    say("Dismissed");
  }

  /** Send a suggestion to the curators. @param {{kind: string, question: number|null, text: string}} value */
  function suggest(value) {
    doing(`the suggestion “${value.text}”`, () => give({ kind: "suggest", target: uuid(), value }));
    say("Sent to the curators", { isVisible: true, offers: "undo" });
  }

  /**
   * Ask a question that is not in the script: `{text}` or `{question}` of the bank.
   * @param {{prompt: string, is_rated: boolean}} row what is known of it until it has its card
   * @returns {string} its id until it has a number
   */
  function add(value, row) {
    const target = uuid();
    doing(`adding “${row.prompt}”`, () => give({ kind: "add", target, value, row }));
    say(`Asked now: ${row.prompt}`);
    return target;
  }

  /** A good point that the script did not list, or new words for one of mine. */
  function unlisted(id, text, clientId = uuid()) {
    const old = state().unlisted.find((row) => row.client_id === clientId);
    if (old?.text === text) return;
    doing(
      `the point “${text}”`,
      () => {
        markAsked(id);
        give({ kind: "unlisted", target: clientId, value: { question: id, text } });
      },
      id,
    );
    tell("extra", clientId, `${old ? "Changed" : "Added and ticked"}: ${text}`);
  }

  function tickUnlisted(clientId, on) {
    const { ticks, ...row } = state().unlisted.find((other) => other.client_id === clientId);
    doing(
      `${on ? "tick" : "untick"} “${row.text}”`,
      () => {
        if (on) markAsked(row.question);
        give({ kind: "unlisted_tick", target: clientId, value: on, row });
      },
      row.question,
    );
    tell("extra", clientId, `${on ? "Ticked" : "Unticked"}: ${row.text}`);
  }

  /** Save something to follow up later, with its question; null deletes it. */
  function looseEnd(clientId, value) {
    const old = state().loose_ends.find((row) => row.client_id === clientId);
    const { text } = value ?? old;
    const act = value === null ? "deleting" : value.is_done && !old?.is_done ? "ticking off" : old ? "reopening" : "to follow up later:";
    doing(`${act} “${text}”`, () => give({ kind: "loose_end", target: clientId, value }), value?.question ?? undefined);
  }

  /** Send what takes an act back, but for what stays as it is. @param {Act} act @returns {{steps: Step[], stays: string[]}} */
  function sendBack(act) {
    const stays = [];
    /** @type {Step[]} */
    const sent = (steps = []);
    const giveBack = (step, command) => {
      const why = whyItStays(command, step, state(), act);
      if (why === null) give({ ...command, undoes: step.id });
      else if (why && !stays.includes(why)) stays.push(why);
    };
    frame.together(() => {
      for (const step of [...act.steps].reverse()) for (const command of step.back) giveBack(step, command);
    });
    steps = null;
    return { steps: sent, stays };
  }

  /**
   * Take back my last act, or what I undid last. Typing in notes is the browser's to undo.
   * @returns {{to: string|null, isMove: boolean}|null} the card to show
   */
  function undo(isRedo = false) {
    const act = history.next(isRedo);
    if (!act) {
      say(isRedo ? "Nothing to redo" : "Nothing to undo", { isVisible: true });
      return null;
    }
    const { steps: sent, stays } = sendBack(act);
    history.takeBack({ ...act, current: state().current.question, steps: sent }, isRedo);
    const isMove = act.from !== act.to;
    const isDone = sent.length > 0 || isMove || !stays.length;
    const words = `${isDone ? "" : "Not "}${isRedo ? "redone" : "undone"}: ${act.words}`;
    say([words.replace(/^./, (first) => first.toUpperCase()), ...stays].join(". "), {
      isVisible: true,
      offers: isDone ? (isRedo ? "undo" : "redo") : null,
    });
    // A question added again: its card was not there when it was added first.
    const again = sent.find(({ kind, value }) => kind === "add" && value);
    const root = again && rootOf(state(), again.target);
    if (root) return { to: `q${root.id}`, isMove: true };
    return { to: isRedo ? act.to : act.from, isMove };
  }

  return {
    give,
    doing,
    doShared,
    tick,
    toggleTick,
    rate,
    flag,
    skip,
    park,
    nudge,
    dismissNudge,
    suggest,
    add,
    unlisted,
    tickUnlisted,
    looseEnd,
    undo,
  };
}
