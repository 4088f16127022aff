// Sends one request at a time, over the socket or over HTTP, and settles what the server answers.

import { csrfToken } from "../page.js";
import { jsonOf, outcomeOf } from "./answers.js";
import { bodyOf, sizeOf } from "./batch.js";

/** @import { Entry, Outcome, Reply } from "../types.js" */

// Timeout in ms of an empty request. Each byte adds PER_BYTE, which is enough for 8 kbit/s.
const TIMEOUT = 10_000;
const PER_BYTE = 1;
// A request that takes longer than this, and its bytes, is aborted when it should be tried now.
const HANGS = 1_000;
// Browsers let at most 64 KiB of keepalive requests outlive the page.
const OUTLIVES = 60_000;
// The most commands in one request.
const TOGETHER = 50;
// From this size on, asking for a receipt is cheaper than sending again.
const WORTH_ASKING = 2_000;

/**
 * @param {{url: string, sender: number, clock: {now: () => number, correct: (iso: string) => void},
 *   overSocket?: (body: string, bytes: number, signal: AbortSignal) => Promise<Reply|null>|undefined,
 *   isFailing: () => boolean, isLeaving: () => boolean, isPending: (entry: Entry) => boolean,
 *   settle: (entry: Entry, outcome: Outcome) => void}} options
 *   `isFailing`: the last request failed; `isLeaving`: the page closes.
 */
export function createSending({ url, sender, clock, overSocket, isFailing, isLeaving, isPending, settle }) {
  let together = TOGETHER;
  /** @type {{controller: AbortController, since: number, limit: number}|null} */
  let flight = null;

  /** @param {Entry} entry */
  const body = (entry) => bodyOf(entry, { sender, now: clock.now() });

  const more = () => (together = Math.min(TOGETHER, together * 8));

  /** Entries that may have arrived although the answer was lost, and that are long to send again. @param {Entry[]} batch */
  const doubtful = (batch) => batch.filter((entry) => entry.tries && sizeOf(JSON.stringify(body(entry))) > WORTH_ASKING);

  /** Ask for receipts instead of sending again. @param {Entry[]} batch @returns {Promise<Outcome>} */
  const ask = (batch) => request({ sender, receipts: batch.map(({ id }) => id) }, (response, told) => readBatch(response, told, batch));

  /** Send commands in one request. @param {Entry[]} batch @returns {Promise<Outcome>} with a reason if it has to be retried */
  async function send(batch) {
    if (batch.length === 1) return request(body(batch[0]), (response, told) => readOne(response, told, batch[0]));
    const outcome = await request({ commands: batch.map(body) }, (response, told) => readBatch(response, told, batch));
    if (outcome.reason === "unreachable" || outcome.isWhole) together = 1;
    else more();
    return outcome.isWhole ? {} : outcome;
  }

  /**
   * Post a value, with a timeout by its size, and read the answer.
   * @param {Object} value @param {(response: Reply, told: any) => Outcome} read @returns {Promise<Outcome>}
   */
  async function request(value, read) {
    const text = JSON.stringify(value);
    const bytes = sizeOf(text);
    const controller = new AbortController();
    flight = { controller, since: performance.now(), limit: HANGS + bytes * PER_BYTE };
    const alarm = setTimeout(() => controller.abort(), TIMEOUT + bytes * PER_BYTE);
    let response;
    let told;
    try {
      response = await post(text, bytes, controller.signal);
      told = await jsonOf(response);
    } catch {
      return { reason: "unreachable" };
    } finally {
      clearTimeout(alarm);
      flight = null;
    }
    // Outside: a bug here is no silence of the server.
    return read(response, told);
  }

  /**
   * Send over the socket, or over HTTP: after a failure, while the page closes, and where there is no socket.
   * @param {string} text @param {number} bytes @param {AbortSignal} signal @returns {Promise<Reply>}
   */
  async function post(text, bytes, signal) {
    const reply = isFailing() || isLeaving() ? null : await overSocket?.(text, bytes, signal);
    if (reply) return reply;
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() };
    // A keepalive request over the browser's limit fails at once, like a network error. The next try does without.
    const keepalive = bytes <= OUTLIVES && (!isFailing() || isLeaving());
    return fetch(url, { method: "POST", body: text, headers, signal, keepalive, redirect: "manual", credentials: "same-origin" });
  }

  /** @param {Reply} response @param {any} told @param {Entry} entry */
  function readOne(response, told, entry) {
    const outcome = outcomeOf(response, told, entry);
    if (outcome.answer) more();
    settle(entry, outcome);
    return outcome;
  }

  /**
   * Settle each answer of a batch. Commands without an answer stay pending. `isWhole`: the whole batch was refused.
   * @param {Reply} response @param {any} answered @param {Entry[]} batch @returns {Outcome}
   */
  function readBatch(response, answered, batch) {
    const rows = response.status === 200 && answered?.answers ? [...answered.answers, ...answered.receipts] : null;
    if (!rows) {
      const outcome = outcomeOf(response, answered, {});
      return outcome.reason ? outcome : { isWhole: true };
    }
    clock.correct(answered.now);
    let isAny = false;
    for (const row of rows) {
      const entry = batch.find(({ id }) => id === (row.receipt ?? row.id));
      if (!entry || !isPending(entry)) continue;
      isAny = true;
      settle(entry, row.receipt ? { answer: row } : { refusal: row.error, code: row.code });
    }
    return isAny || answered.receipts.length || !answered.answers.length ? {} : { reason: "unreachable" };
  }

  /** Abort a request that hangs. @returns {boolean} whether one did */
  function abortHanging() {
    if (!flight || performance.now() - flight.since <= flight.limit) return false;
    flight.controller.abort();
    return true;
  }

  return { send, ask, doubtful, most: () => together, abortHanging };
}
