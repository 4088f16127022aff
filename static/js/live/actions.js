// Turns what a person does into commands, with undo; moves through the script, alone or along with the panel; and holds
// the connection that brings events.

import { uuid } from "../outbox/outbox.js";
import { asksNext, cards, isOffered, nextCard, offersOf, questionOf, ratingOf, sectionOf } from "./state.js";

/** @import { Command, State } from "../types.js" */

export const WORDS = { 1: "Poor", 2: "Mixed", 3: "Good", 4: "Excellent" };
export const REASONS = { 1: "out of time", 2: "already answered", 3: "not for this role", 4: "candidate declined", 5: "other" };

// In ms: after AT_REST without input a person follows the panel; input within JUST_AFTER of that was meant for the card before.
const AT_REST = 4_000;
const JUST_AFTER = 700;
// Poll interval without a socket, in ms.
const POLL = 5_000;
// The server sends something every two seconds; after this silence the socket is dead.
const SILENCE = 9_000;
// Report our position at least this often (ms) while messages arrive.
const SAID = 3_000;
// The first retry after a lost connection, in ms; doubles up to POLL.
const SHORTEST = 500;
const TIMEOUT = 10_000;
// Close code: this person has too many sockets.
const CROWDED = 4429;

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
    remember(reason ? `skipping, ${REASONS[reason]}` : "taking back the skip", id, before);
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
    say(kind === "lead" ? `${short} leads now` : `${isMe ? "You ask" : `${short} asks`} next`, { isVisible: true });
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

/**
 * Moving: who covers the script asks by moving on; looking around asks nothing.
 * @param {{state: () => State, card: () => string|null, actions: Object, show: (card: string) => void,
 *   say: (words: string, options?: Object) => void, wrapUp: () => void}} page
 */
export function createMoves({ state, card, actions, show, say, wrapUp }) {
  const isLive = () => state().interview.status === "live";
  // Only one panelist's Next asks the next question. Asking a chosen question or follow-up is open to everyone who covers.
  const asks = () => asksNext(state());
  const covers = () => isLive() && state().me.may_cover;
  const shown = () => (card()?.[0] === "q" ? questionOf(state(), Number(card().slice(1))) : undefined);
  const gate = () => (card()?.[0] === "g" ? sectionOf(state(), Number(card().slice(1))) : undefined);

  /** Look at the neighbour; in the call that leaves out follow-ups that are neither offered nor asked. */
  function look(step) {
    const inSight = cards(state()).filter((one) => {
      const question = one[0] === "q" && questionOf(state(), Number(one.slice(1)));
      return one === card() || !isLive() || !question || question.state !== "unasked" || isOffered(state(), question);
    });
    const to = inSight[inSight.indexOf(card()) + step];
    if (to) show(to);
    else say(step > 0 ? "This is the last question" : "This is the first question", { isVisible: true });
  }

  function ask(id = shown().id) {
    actions.askNow(id);
    show(`q${id}`);
    say("Asked now");
  }

  /** Ask the next question; or only look at it, where one does not ask or was only looking around already. */
  function next() {
    const current = state().current.question;
    if (!asks() || (shown() && current && shown().id !== current)) return look(1);
    if (!current && shown()?.state === "unasked") return ask();
    if (gate()?.is_gate_open === null) return say("Decide first: continue, stop here, or later", { isVisible: true });
    const to = nextCard(state(), card());
    if (!to) return wrapUp();
    return to[0] === "q" ? ask(Number(to.slice(1))) : show(to);
  }

  function followUp(id = offersOf(state(), shown()?.id)[0]?.id) {
    if (!id) return say("No suggested follow-ups here", { isVisible: true });
    return covers() ? ask(id) : show(`q${id}`);
  }

  /** Decide at the gate in sight, then ask what comes next, or go back to the call. Null leaves it open. */
  function decide(isOpen) {
    const section = gate();
    const { question: current } = state().current;
    const isOnTheWay = !current || nextCard(state(), `q${current}`) === card();
    if (section.is_gate_open !== isOpen) actions.decide(section.id, isOpen);
    const next = isOnTheWay && nextCard(state(), card());
    // Only looked at, it would leave the clock on what was asked before, and Next would look on.
    if (isOpen !== null && next?.[0] === "q" && asks()) ask(Number(next.slice(1)));
    else if (next || current) show(next || `q${current}`);
    say({ true: "You continue", false: "You stop here", null: "Not decided yet" }[isOpen], { isVisible: true });
  }

  /** The question in sight was not asked, or not skipped, after all. */
  function uncover() {
    if (shown().state === "skipped") return actions.skip(shown().id, null);
    actions.unask(shown().id);
    return say("Marked as not asked", { isVisible: true });
  }

  return { next, previous: () => look(-1), ask: () => ask(), followUp, decide, uncover };
}

/**
 * Whether somebody only reads along, and may be taken along to the next question. A key or click that was on its way to
 * the question before does nothing at the one that just came.
 */
export function createFollowing({ say }) {
  let actedAt = 0;
  let wentAlongAt = 0;

  for (const kind of ["pointerdown", "keydown", "click", "wheel"]) {
    addEventListener(
      kind,
      (event) => {
        actedAt = Date.now();
        if (kind === "wheel" || actedAt - wentAlongAt > JUST_AFTER) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        say("The next question came just then; nothing was changed", { isVisible: true });
      },
      { capture: true, passive: kind === "wheel" },
    );
  }

  return { isAtRest: () => Date.now() - actedAt >= AT_REST, wentAlong: () => (wentAlongAt = Date.now()) };
}

/**
 * @param {{socket: string, events: string, numbers: () => {shared: number, own: number}, here: () => number|null,
 *   onEvents: (told: any) => boolean, onSignedOut: () => void, onMissing: (user: number) => boolean, onHere: (here: Object<string, number|null>|null) => void,
 *   onCrowded: () => void}} page
 *   `socket` and `events` are addresses; `numbers` is where the streams stand on the page, `here` the question in sight;
 *   `onEvents` takes what the server told; `onMissing` that there is no such interview for this user, and whether that
 *   ends it; `onHere` takes who is here on which question, null while that is unknown; `onCrowded` that this person has
 *   too many pages open, so that this one asks every few seconds instead of being told.
 * @returns {{check: () => void, moved: () => void}} `check` asks now, `moved` says where the page looks now
 */
export function createConnection({ socket: address, events, numbers, here, onEvents, onSignedOut, onMissing, onHere, onCrowded }) {
  let socket = null;
  let heardAt = 0;
  let saidAt = 0;
  let failures = 0;
  let isAsking = false;
  let isBehind = false;
  let isOver = false;
  let isCrowded = false;
  let next = 0;

  const isOpen = () => socket?.readyState === WebSocket.OPEN;

  /** Fetch what is new. @returns {Promise<boolean>} whether the server answered to this person */
  async function fetchEvents() {
    const { shared, own } = numbers();
    try {
      const url = `${events}?since=${shared}.${own}`;
      const answer = await fetch(url, {
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT),
      });
      if (answer.status === 401 || answer.type === "opaqueredirect") onSignedOut();
      if (answer.status === 404) isOver = onMissing((await answer.json()).user);
      if (!answer.ok) return false;
      const told = await answer.json();
      // Too many events for one answer.
      isBehind ||= told.more === true;
      return onEvents(told);
    } catch {
      // Offline: the outbox says so if changes are pending. The next poll tries again.
      return false;
    }
  }

  async function check() {
    clearTimeout(next);
    isBehind = true;
    if (isAsking || isOver) return;
    isAsking = true;
    let isAnswered = true;
    while (isBehind && isAnswered) {
      isBehind = false;
      isAnswered = await fetchEvents();
    }
    isAsking = false;
    if (isAnswered && !socket) connect();
    if (!isAnswered) failures += 1;
    // A socket announces new events.
    if (!socket && !isOver && document.visibilityState === "visible") again(isAnswered ? POLL : pause());
  }

  function again(wait) {
    clearTimeout(next);
    next = setTimeout(check, wait);
  }

  const pause = () => Math.min(POLL, SHORTEST * 2 ** failures) * (0.75 + Math.random() / 2);

  function connect() {
    if (!globalThis.WebSocket) return again(POLL);
    failures += 1;
    const mine = new WebSocket(new URL(address, location.href.replace(/^http/, "ws")));
    socket = mine;
    heardAt = Date.now();
    mine.addEventListener("open", moved);
    mine.addEventListener("message", ({ data }) => mine === socket && take(JSON.parse(data)));
    mine.addEventListener("close", ({ code }) => mine === socket && lost(code));
  }

  /** The socket sends the same messages as the events URL, which is asked only after a gap. */
  function take(told) {
    [heardAt, failures] = [Date.now(), 0];
    if (told.here) return onHere(told.here);
    onEvents(told);
    const known = numbers();
    if (told.shared > known.shared || told.own > known.own) check();
    // This tells the server that the page is open, even when timers are throttled.
    if (heardAt - saidAt > SAID) moved();
  }

  function lost(code) {
    socket = null;
    if (code === CROWDED && !isCrowded) onCrowded();
    isCrowded = code === CROWDED;
    onHere(null);
    again(pause());
  }

  function moved() {
    if (!isOpen()) return;
    saidAt = Date.now();
    socket.send(JSON.stringify({ here: here() }));
  }

  /** Replace a socket that is silent or never opened. */
  function watch() {
    if (!socket || Date.now() - heardAt < SILENCE) return;
    const dead = socket;
    lost();
    dead.close();
  }

  setInterval(watch, 1_000);
  addEventListener("online", check);
  addEventListener("pageshow", ({ persisted }) => persisted && check());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && check());
  connect();
  return { check, moved };
}
