// The connection that brings events and takes commands: a socket, or polling and HTTP where there is none.

import { heard, stopwatch } from "../page.js";

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

/** @import { Reply } from "../types.js" */

/**
 * @param {{socket: string, events: string, numbers: () => {shared: number, own: number}, here: () => number|null,
 *   onEvents: (told: any) => boolean, onSignedOut: () => void, onMissing: (user: number) => boolean, onHere: (here: Object<string, number|null>|null) => void,
 *   onCrowded: () => void}} page
 *   `socket` and `events` are addresses; `numbers` are the newest ones that the page has, `here` the question in sight;
 *   `onEvents` takes what the server told; `onMissing` that there is no such interview for this user, and whether that
 *   ends it; `onHere` takes who is here on which question, null while that is unknown; `onCrowded` that this person has
 *   too many pages open, so that this one asks every few seconds instead of being told.
 * @returns {{check: () => void, moved: () => void, send: (body: string, bytes: number, signal: AbortSignal) => Promise<Reply|null>}}
 *   `check` asks now, `moved` says where the page looks now, `send` sends an outbox's request; null where it needs HTTP
 */
export function createConnection({ socket: address, events, numbers, here, onEvents, onSignedOut, onMissing, onHere, onCrowded }) {
  let socket = null;
  let sinceHeard = stopwatch();
  let sinceSaid = stopwatch();
  let failures = 0;
  let isAsking = false;
  let isBehind = false;
  let isOver = false;
  let isCrowded = false;
  let next = 0;
  // The most bytes of a request that the server takes over this socket; 0 until it says so.
  let takes = 0;
  let asked = 0;
  /** Requests without an answer, by number. @type {Map<number, (reply: Reply|null) => void>} */
  const pending = new Map();

  const isOpen = () => socket?.readyState === WebSocket.OPEN;

  /** Fetch what is new. @returns {Promise<boolean>} whether the server answered to this person */
  async function fetchEvents() {
    const answer = await ask();
    if (!answer) return false;
    const { told } = answer;
    if (answer.isSignedOut) heard(onSignedOut);
    if (answer.status === 404) isOver = heard(() => onMissing(told.user)) ?? false;
    if (!answer.ok) return false;
    // Too many events for one answer.
    isBehind ||= told.more === true;
    // A bug in what listens is no silence of the server.
    return heard(() => onEvents(told)) ?? true;
  }

  /** The answer of the server; null offline: the outbox says so if changes are pending, and the next poll tries again. */
  async function ask() {
    const { shared, own } = numbers();
    try {
      const answer = await fetch(`${events}?since=${shared}.${own}`, {
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT),
      });
      const { status, ok } = answer;
      const isSignedOut = status === 401 || answer.type === "opaqueredirect";
      return { status, ok, isSignedOut, told: ok || status === 404 ? await answer.json() : null };
    } catch {
      return null;
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
    sinceHeard = stopwatch();
    mine.addEventListener("open", moved);
    mine.addEventListener("message", ({ data }) => mine === socket && take(JSON.parse(data)));
    mine.addEventListener("close", ({ code }) => mine === socket && lost(code));
  }

  /** The socket sends the same messages as the events URL, which is asked only after a gap. */
  function take(told) {
    [sinceHeard, failures] = [stopwatch(), 0];
    if (told.here) return heard(() => onHere(told.here));
    takes = told.takes ?? takes;
    // The outbox takes the answer up after the events in the same message: its promise waits for this turn's end.
    if (told.request) answered(told);
    if (!told.events) return;
    heard(() => onEvents(told));
    const known = numbers();
    if (told.shared > known.shared || told.own > known.own) check();
    // This tells the server that the page is open, even when timers are throttled.
    if (sinceSaid() > SAID) moved();
  }

  /** Send a request of the outbox. @returns {Promise<Reply|null>} null if the socket can't carry it, or was lost */
  function send(body, bytes, signal) {
    // Offline, the browser does not know yet that the socket is dead.
    if (!isOpen() || bytes > takes || !navigator.onLine) return Promise.resolve(null);
    asked += 1;
    const number = asked;
    return new Promise((resolve, reject) => {
      pending.set(number, resolve);
      signal.addEventListener("abort", () => pending.delete(number) && reject(signal.reason));
      socket.send(`{"request":${number},"body":${body}}`);
    });
  }

  /** Without a status, the server wants the request over HTTP. */
  function answered({ request, status, retry_after: seconds, body }) {
    const reply = { status, type: "socket", headers: new Headers({ "Retry-After": seconds ?? 0 }), json: async () => body };
    pending.get(request)?.(status ? reply : null);
    pending.delete(request);
  }

  function lost(code) {
    socket = null;
    takes = 0;
    for (const resolve of pending.values()) resolve(null);
    pending.clear();
    if (code === CROWDED && !isCrowded) onCrowded();
    isCrowded = code === CROWDED;
    onHere(null);
    again(pause());
  }

  function moved() {
    if (!isOpen()) return;
    sinceSaid = stopwatch();
    socket.send(JSON.stringify({ here: here() }));
  }

  /** Leave a socket that is of no use any more; asking opens another. */
  function leave() {
    const dead = socket;
    lost();
    dead.close();
  }

  /** Replace a socket that is silent or never opened. */
  function watch() {
    if (socket && sinceHeard() >= SILENCE) leave();
  }

  /** Back in a page that the browser had stored: its socket was closed, perhaps without telling the page. */
  function cameBack({ persisted }) {
    if (!persisted) return;
    if (socket) leave();
    check();
  }

  setInterval(watch, 1_000);
  addEventListener("online", check);
  addEventListener("pageshow", cameBack);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && check());
  connect();
  return { check, moved, send };
}
