// Turns what a person does into commands, with undo.

import { uuid } from "../outbox/outbox.js";
import { questionOf, ratingOf } from "./state.js";
import { REASONS, WORDS } from "./words.js";

/** @import { Command, State } from "../types.js" */

/**
 * @param {{state: () => State, send: (command: Object) => void, say: (words: string, options?: Object) => void,
 *   nameOf: (kind: "point"|"question"|"flag", id: *) => string}} page
 *   `state` is what is in sight now, `say` announces it, `nameOf` reads a text off the page.
 */
export function createActions({ state, send, say, nameOf }) {
  /** What `z` takes back, oldest first: words, the question it was on, the commands that send the state before. */
  const done = [];

  function remember(words, question, back) {
    done.push({ words, question, back });
  }

  const isMine = (row) => row.panelist === state().me.panelist;

  /** A question that gets a tick or rating was asked: mark it first; undo also unmarks it while nothing else is recorded. */
  function ask(id) {
    const { interview, me } = state();
    const question = questionOf(state(), id);
    if (interview.status !== "live" || !me.may_cover || question.state === "asked") return [];
    const back =
      question.state === "skipped" ? { kind: "skip", target: id, value: question.skip_reason } : { kind: "ask", target: id, value: null };
    send({ kind: "ask", target: id, value: "asked" });
    return [() => (isUntouched(id) ? back : null)];
  }

  function isUntouched(id) {
    const { points, ticks, unlisted, current } = state();
    const here = new Set(points.filter((point) => point.question === id).map((point) => point.id));
    const { value, flags } = ratingOf(state(), id);
    const isHeard = ticks.some((tick) => here.has(tick.point)) || unlisted.some((row) => row.question === id);
    return !isHeard && value === null && !flags.length && current.question !== id;
  }

  function tick(pointId, on) {
    const { question } = state().points.find((point) => point.id === pointId);
    const asked = on ? ask(question) : [];
    send({ kind: "tick", target: pointId, value: on });
    const words = nameOf("point", pointId);
    say(`${on ? "Ticked" : "Unticked"}: ${words}`);
    remember(`${on ? "tick" : "untick"} “${words}”`, question, [{ kind: "tick", target: pointId, value: !on }, ...asked]);
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
    const asked = value === null ? [] : ask(id);
    send({ kind: "rate", target: id, value });
    say(value ? `Rated ${WORDS[value]}` : "Rating cleared");
    remember(value ? `rating ${WORDS[value]}` : "clearing the rating", id, [{ kind: "rate", target: id, value: old.value }, ...asked]);
  }

  function flag(id, name) {
    const old = ratingOf(state(), id);
    const on = !old.flags.includes(name);
    const asked = on ? ask(id) : [];
    const set = (isOn) => ({ kind: "flag", target: id, value: { flag: name, on: isOn } });
    send(set(on));
    const isRaised = ratingOf(state(), id).value !== old.value;
    say(`${on ? "Noted" : "Cleared"}: ${nameOf("flag", name)}${isRaised ? ". Poor changed to Mixed" : ""}`);
    const value = isRaised ? [{ kind: "rate", target: id, value: old.value }] : [];
    remember(`${on ? "" : "clearing "}“${nameOf("flag", name)}”`, id, [set(!on), ...value, ...asked]);
  }

  /** Skip with a reason from 1 to 5, or null: not skipped after all. */
  function skip(id, reason) {
    const { state: covers, skip_reason: old } = questionOf(state(), id);
    const isCurrent = state().current.question === id;
    if (covers === "skipped" ? old === reason : reason === null) return;
    send({ kind: "skip", target: id, value: reason });
    say(reason ? `Skipped: ${REASONS[reason]}` : "Skip undone", { isVisible: true });
    const before = [{ kind: "skip", target: id, value: old }, ...(isCurrent ? [{ kind: "ask", target: id, value: "now" }] : [])];
    remember(reason ? `skipping, ${REASONS[reason]}` : "undoing the skip", id, before);
  }

  /** A good point that the script did not list, or new words for one of mine. */
  function unlisted(id, text, clientId = uuid()) {
    const old = state().unlisted.find((row) => row.client_id === clientId);
    if (old?.text === text) return;
    const asked = ask(id);
    send({ kind: "unlisted", target: clientId, value: { question: id, text } });
    say(`${old ? "Changed" : "Added and ticked"}: ${text}`);
    const back = old
      ? { kind: "unlisted", target: clientId, value: { question: id, text: old.text } }
      : { kind: "unlisted_tick", target: clientId, value: false };
    remember(`the point “${text}”`, id, [back, ...asked]);
  }

  function tickUnlisted(clientId, on) {
    const { ticks, ...row } = state().unlisted.find((other) => other.client_id === clientId);
    if (on) ask(row.question);
    send({ kind: "unlisted_tick", target: clientId, value: on, row });
    say(`${on ? "Ticked" : "Unticked"}: ${row.text}`);
    remember(`${on ? "tick" : "untick"} “${row.text}”`, row.question, [{ kind: "unlisted_tick", target: clientId, value: !on, row }]);
  }

  /** Send the state before my last act. Notes are the browser's to undo. @returns {number|null} the question it was on */
  function undo() {
    const last = done.pop();
    if (!last) {
      say("Nothing to undo since the page was loaded", { isVisible: true });
      return null;
    }
    for (const step of last.back) {
      const command = typeof step === "function" ? step() : step;
      if (command) send(command);
    }
    say(`Undone: ${last.words}`, { isVisible: true });
    return last.question;
  }

  /** What can be undone now; `forgetSince` takes back that anything was done after it. */
  const soFar = () => [...done];
  const forgetSince = (before) => done.splice(0, done.length, ...before);

  /** Save something to follow up later, with its question; null deletes it. */
  function looseEnd(clientId, value) {
    send({ kind: "loose_end", target: clientId, value });
  }

  /** Give a panelist the word ("turn"), or the lead. */
  function handOver(kind, panelist) {
    send({ kind, value: panelist });
    const { short } = state().panel[panelist];
    const isMe = panelist === state().me.panelist;
    say(kind === "lead" ? `${short} is now the lead` : `${isMe ? "You ask" : `${short} asks`} next`, { isVisible: true });
  }

  return {
    tick,
    toggleTick,
    rate,
    flag,
    skip,
    unlisted,
    tickUnlisted,
    looseEnd,
    undo,
    handOver,
    soFar,
    forgetSince,
    askNow: (id) => send({ kind: "ask", target: id, value: "now" }),
    unask: (id) => send({ kind: "ask", target: id, value: null }),
    decide: (sectionId, isOpen) => send({ kind: "gate", target: sectionId, value: isOpen }),
    start: () => send({ kind: "start", value: true }),
    end: () => send({ kind: "end", value: true }),
  };
}
