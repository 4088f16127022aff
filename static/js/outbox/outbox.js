// Sends commands in order, several per request, until each has its receipt. A command that keeps failing alone does not
// block the others. Nothing here depends on interviews.
//
// A command is in the journal before it is sent. Without IndexedDB it waits in this page's memory.

import { heard } from "../page.js";
import { sortAdopted } from "./adopted.js";
import { isSame, isSameText, nextBatch, TEXTS } from "./batch.js";
import { createClock } from "./clock.js";
import { createDrafts } from "./drafts.js";
import { createJournal } from "./journal.js";
import { watchPage } from "./page-life.js";
import { pauseAfter } from "./pauses.js";
import { createRests } from "./rests.js";
import { createSending } from "./sending.js";
import { uuid } from "./uuid.js";
import { createWrites } from "./writes.js";

/** @import { Command, Entry, Outcome, Reply } from "../types.js" */

// After this many failures a change is given up, if others succeed meanwhile.
const TRIES = 3;

/**
 * @param {{url: string, sender: number, interview: number, savedAt?: string|null, clock?: {now: () => number, correct: (iso: string) => void},
 *   overSocket?: (body: string, bytes: number, signal: AbortSignal) => Promise<Reply|null>|undefined,
 *   onReceipt?: (entry: Entry, answer: Object) => void, onAdopted?: (entry: Entry) => void,
 *   onDraft?: (target: string, value: Object) => boolean,
 *   onRefused?: (entry: Entry, words: string, isEarly: boolean) => void, onDismissed?: (entry: Entry) => void}} options
 *   `sender` is the user of this page, which the server checks against the session; `savedAt` is when the server last
 *   saved something, null before the first time, and without a `clock` also its time now; `overSocket` sends a request
 *   over an open socket instead of HTTP, and answers null where it can't; `onAdopted` gets each entry of
 *   a closed page, `onDraft` each of its drafts and returns whether there is a field for it; `isEarly`: refused only
 *   because an earlier command is missing.
 */
export function createOutbox(options) {
  const { url, sender, interview, overSocket, onReceipt, onRefused, onDismissed, onAdopted, onDraft } = options;
  let { savedAt } = options;
  const clock = options.clock ?? createClock(savedAt);
  const client = uuid();
  const listeners = new Set();
  /** @type {Entry[]} */
  let queue = [];
  /** Refused for good; stored until dismissed, or until a newer state of the same is saved. @type {Entry[]} */
  let refusals = [];
  /** Numbers of this page's commands that the server will never get. */
  const withoutNumbers = new Set();
  const rests = createRests();
  /** The text still being typed. */
  let resting = { entry: null, timer: 0 };
  /** Entries that may still be withdrawn. @type {Set<Entry>} */
  const held = new Set();
  let holding = null;
  let n = 0;
  let reason = null;
  /** The server's own words for an outage. @type {string|undefined} */
  let words;
  let failures = 0;
  let timer = 0;
  let isRunning = false;
  const writes = createWrites(createJournal({ user: sender, interview, client }), { onChange: changed, adopt });
  const { persist, forget } = writes;
  const { persistDraft, counts } = createDrafts({ client, now: clock.now, persist, forget, onChange: changed });
  const { isLeaving } = watchPage({ flush, changed });
  const sending = createSending({
    url,
    sender,
    clock,
    overSocket,
    isFailing: () => failures > 0,
    isLeaving,
    isPending: (entry) => queue.includes(entry),
    settle: settleAnswer,
  });

  function status() {
    return {
      words,
      waiting: queue.length,
      since: queue.length ? clock.now() - queue[0].since : null,
      reason: navigator.onLine ? reason : "offline",
      savedAt,
      isStored: writes.isStored(),
      refused: refusals.length,
      ...counts(),
    };
  }

  function changed() {
    for (const listener of listeners) heard(() => listener(status()));
  }

  /** Queue a command; keys besides kind, target, value and base_rev stay in the journal. `isTyping`: more may follow. @returns {Entry} */
  function enqueue(command, { isTyping = false } = {}) {
    // A closing page may not get to store a change, so entries stored before stay as they are.
    const isChangeable = TEXTS.includes(command.kind) && !isLeaving();
    const waiting = isChangeable && queue.find((entry) => entry.client === client && isSameText(entry, command));
    const at = clock.now();
    if (waiting) Object.assign(waiting, { value: command.value, base_rev: command.base_rev ?? null, at });
    const entry = waiting || { target: null, base_rev: null, ...command, id: uuid(), client, n: ++n, at, since: at, is_sent: false };
    if (!waiting) queue.push(entry);
    holding?.push(entry);
    persist(entry);
    clearTimeout(resting.timer);
    const rest = isTyping ? rests.before() : 0;
    resting = rest ? { entry, timer: setTimeout(release, rest) } : { entry: null, timer: 0 };
    changed();
    if (!timer) run();
    return entry;
  }

  /** Send the text that was still being typed. */
  function release() {
    clearTimeout(resting.timer);
    resting = { entry: null, timer: 0 };
    if (queue.length && !timer) run();
  }

  /**
   * Send what `act` enqueues after `ms`, or when the page closes. @returns {() => void} withdraws what was not sent yet
   */
  function provisionally(act, ms) {
    const entries = (holding = []);
    try {
      act();
    } finally {
      holding = null;
    }
    for (const entry of entries) held.add(entry);
    const timeout = setTimeout(letGo, ms);

    function letGo() {
      for (const entry of entries) held.delete(entry);
      if (queue.length && !timer) run();
    }

    return function withdraw() {
      clearTimeout(timeout);
      for (const entry of entries.filter((one) => queue.includes(one) && !one.is_sent).reverse()) {
        queue = queue.filter((other) => other !== entry);
        if (entry.n === n) n -= 1;
        else withoutNumbers.add(entry.n);
        forget(entry);
      }
      letGo();
      changed();
    };
  }

  /** Whether an entry is not to be sent yet: still being typed, or still to be withdrawn. @param {Entry} entry */
  const mustWait = (entry) => entry === resting.entry || (held.has(entry) && !isLeaving());

  const batchNow = () => nextBatch(queue, sending.most(), mustWait);

  async function run() {
    clearTimeout(timer);
    timer = 0;
    if (isRunning) return;
    isRunning = true;
    let outcome = {};
    // Commands enqueued in the same task go into one request.
    await null;
    for (let batch = batchNow(); batch.length && !outcome.reason; batch = batchNow()) {
      outcome = await attempt(batch);
      if (outcome.reason === "unreachable" && batch.length === 1 && batch[0].tries >= TRIES) outcome = await around(batch[0], outcome);
    }
    isRunning = false;
    if (outcome.reason) later(outcome);
  }

  /** Give up a command that failed several times, if another one succeeds. Otherwise it would block the rest. */
  async function around(entry, outcome) {
    const others = queue.filter((other) => other !== entry && other !== resting.entry && !held.has(other));
    // A note may have arrived without an answer; its newer text then starts from a revision that is not known yet.
    const isFree = (other) => other.base_rev === null || outcome.blame !== undefined;
    const probe = others.find((other) => !isSame(other, entry)) ?? others.find(isFree);
    if (!probe) return outcome;
    const savedBefore = savedAt;
    await attempt([probe]);
    if (queue.includes(probe) || savedAt === savedBefore) return outcome;
    // The server accepts changes again. If the probe was a newer state of the same thing, the older must not follow it.
    const again = isSame(probe, entry) ? outcome : await attempt([entry]);
    if (queue.includes(entry) && again.reason === "unreachable")
      refused(entry, again.blame ?? "This browser couldn’t send this change.", { isOurs: true });
    return queue.includes(entry) ? again : {};
  }

  /** @param {Entry} entry @param {Outcome} outcome */
  function settleAnswer(entry, { answer, refusal, code }) {
    if (answer) received(entry, answer);
    else if (refusal) refused(entry, refusal, { isMissing: code === "missing" });
  }

  function received(entry, answer) {
    settle(entry);
    forget(entry);
    // A newer state was saved, so the refused one is obsolete. A closed page's text may exist nowhere else, so it stays.
    for (const old of refusals.filter((other) => isSame(other, entry) && other.client === entry.client)) dismiss(old);
    if (entry.kind === "note" && !answer.result?.merged && answer.result?.revision !== undefined) {
      // Text typed since is based on the revision that the server has now.
      const isAfter = (other) => other.client === entry.client || (other.client === client && !entry.is_apart);
      const newer = queue.filter((other) => isSame(other, entry) && isAfter(other) && !other.is_sent);
      for (const other of newer) persist(Object.assign(other, { base_rev: answer.result.revision }));
    }
    savedAt = answer.at;
    clock.correct(savedAt);
    heard(() => onReceipt?.(entry, answer));
    changed();
  }

  /** `isOurs`: given up by this browser, not refused by the server, so it can be retried. */
  function refused(entry, words, { isMissing = false, isOurs = false } = {}) {
    settle(entry);
    const isEarly = isMissing && entry.client === client;
    if (entry.client === client) withoutNumbers.add(entry.n);
    if (isEarly) forget(entry);
    else {
      Object.assign(entry, { refused: words, is_ours: isOurs });
      persist(entry);
      refusals.push(entry);
    }
    heard(() => onRefused?.(entry, words, isEarly));
    changed();
  }

  /** Delete a refused entry. */
  function dismiss(entry) {
    refusals = refusals.filter((other) => other !== entry);
    forget(entry);
    heard(() => onDismissed?.(entry));
    changed();
  }

  /** Retry an entry that this browser gave up. */
  function retry(entry) {
    refusals = refusals.filter((other) => other !== entry);
    Object.assign(entry, { refused: undefined, is_ours: false, tries: 0, since: clock.now() });
    if (entry.client === client) withoutNumbers.delete(entry.n);
    persist(entry);
    queue.push(entry);
    changed();
    flush();
  }

  function settle(entry) {
    queue = queue.filter((other) => other !== entry);
    [failures, reason] = [0, null];
  }

  function later(outcome) {
    ({ reason, words } = outcome);
    timer = setTimeout(run, pauseAfter(failures, outcome.wait));
    failures += 1;
    changed();
  }

  /** Adopt a closed page's entries: before this page's own, in their order. */
  function adopt(entries) {
    const { tooOld, refused: given, drafts, waiting } = sortAdopted(entries, clock.now());
    for (const entry of tooOld) persist(entry);
    for (const entry of [...given, ...tooOld]) {
      refusals.push(entry);
      heard(() => onRefused?.(entry, entry.refused, false));
    }
    for (const entry of drafts) {
      // onDraft stores the text under this page's client id before the old entry is deleted.
      if (heard(() => onDraft?.(entry.target, entry.value))) forget(entry);
      else refused(entry, "You typed this but didn’t add it.");
    }
    for (const entry of waiting) entry.since ??= entry.at;
    const adopted = queue.filter((entry) => entry.client !== client);
    queue = [...adopted, ...waiting, ...queue.filter((entry) => entry.client === client)];
    for (const entry of waiting) heard(() => onAdopted?.(entry));
    changed();
    run();
  }

  /**
   * Send one request and settle what it answers.
   * @returns {Promise<Outcome>} with a reason if it has to be retried
   */
  const attempt = (batch) => (batch.some(({ kind }) => TEXTS.includes(kind)) ? rests.sending(() => attemptNow(batch)) : attemptNow(batch));

  async function attemptNow(batch) {
    const doubtful = sending.doubtful(batch);
    for (const entry of batch) {
      entry.tries = (entry.tries ?? 0) + 1;
      if (entry.is_sent) continue;
      entry.is_sent = true;
      // From now on its text and revision are fixed: the same id always has the same body.
      if (TEXTS.includes(entry.kind)) persist(entry);
    }
    if (writes.isStored() && !isLeaving()) await writes.written(batch);
    if (doubtful.length) {
      // It may have arrived although the answer was lost.
      const asked = await sending.ask(doubtful);
      if (asked.reason || doubtful.some((entry) => !queue.includes(entry))) return asked;
    }
    return sending.send(batch);
  }

  /** The last command's number, and the numbers that will never arrive. The server refuses a submission while others are missing. */
  const before = () => ({ last_n: n, without: [...withoutNumbers] });

  /** Pending entries, oldest first. @returns {Entry[]} */
  const waiting = () => queue;

  /** Try now: back online, page visible again, or signed in. A request that hangs is aborted. */
  function flush() {
    failures = 0;
    // The next answer sets the reason again.
    if (reason !== "signed-out") reason = null;
    if (!sending.abortHanging() && queue.length) {
      release();
      run();
    }
  }

  /** Called when another part of the page finds the session expired, or signed in again. */
  function signedIn(is) {
    if (is === (reason !== "signed-out")) return;
    reason = is ? null : "signed-out";
    if (is) flush();
    changed();
  }

  function onChange(listener) {
    listeners.add(listener);
    listener(status());
  }

  return {
    enqueue,
    flush,
    release,
    provisionally,
    persistDraft,
    onChange,
    waiting,
    status,
    signedIn,
    refused: () => refusals,
    dismiss,
    retry,
    before,
  };
}
