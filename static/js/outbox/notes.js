// Notes that save themselves: stored while typed, sent after a pause, on leaving the field and when the page is hidden.
// Also the status line, and the tray of refused changes.

import { copyText } from "../clipboard.js";
import { find, fixed, plural } from "../page.js";
import { throttled } from "./storage.js";

// Changes pending for less than this many ms are not mentioned.
const ON_ITS_WAY = 1_000;

const plain = (text) => text.replace(/\r\n?/g, "\n");

/** Combine two texts of one field when it is unclear which is newer. */
export function beside(here, there) {
  if (!here || there.startsWith(here)) return there;
  return here.startsWith(there) ? here : `${here}\n\n— also written, on another page —\n${there}`;
}

/** Apply what was typed after `sent` to `merged`, the server's merge of it; null if that is ambiguous. */
export function rebased(sent, typed, merged) {
  if (typed === sent) return merged;
  if (merged.endsWith(sent)) return merged.slice(0, merged.length - sent.length) + typed;
  if (merged.startsWith(sent)) return typed + merged.slice(sent.length);
  const [before, mine, theirs] = [sent, typed, merged].map((text) => text.split("\n"));
  const changes = [changeOf(before, mine), changeOf(before, theirs)];
  const [one, other] = changes.sort((a, b) => a.start - b.start || a.end - b.end);
  const isSamePlace = one.start === other.start && one.end === other.end;
  if (isSamePlace || one.end > other.start) return null;
  const between = before.slice(one.end, other.start);
  return [...before.slice(0, one.start), ...one.lines, ...between, ...other.lines, ...before.slice(other.end)].join("\n");
}

/** The lines of `before`, from `start` to `end`, in whose place `after` has `lines`. @param {string[]} before @param {string[]} after */
function changeOf(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < most - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same += 1;
  return { start, end: before.length - same, lines: after.slice(start, after.length - same) };
}

/**
 * @param {{fields: Iterable<HTMLTextAreaElement>, saved: Object<string, {text: string, revision: number}>, limit: number,
 *   enqueue: (command: Object, how?: Object) => void, release: () => void, persistDraft: (target: string, value: Object|null) => void,
 *   isWaiting: (target: number|null, but?: string) => boolean, say: (words: string) => void}} options
 *   `saved` are the notes as rendered, by question id or "interview"; `isWaiting` ignores entries of the client `but`.
 */
export function createNotes({ fields, saved, limit, enqueue, release, persistDraft, isWaiting, say }) {
  /**
   * By target: the field, the revision that its text is based on, the text last enqueued, and the server's newest known
   * revision.
   */
  const notes = new Map();

  /** @param {HTMLTextAreaElement} field @param {{text: string, revision: number}} [known] the note as the server has it */
  function add(field, known = { text: "", revision: 0 }) {
    const target = field.dataset.note === "interview" ? null : Number(field.dataset.note);
    const enqueued = plain(known.text);
    const note = { field, target, enqueued, revision: known.revision, newest: known, isRefused: false };
    note.typing = throttled(() => save(note, { rests: true }));
    notes.set(target, note);
    field.addEventListener("input", note.typing.changed);
    field.addEventListener("blur", () => {
      save(note);
      release();
      catchUp(note);
    });
    // Typed before this script ran.
    if (field.value !== enqueued) save(note);
  }

  for (const field of fields) add(field, saved[field.dataset.note]);

  /** Enqueue a changed text. One that is too long is only stored in this browser, with the reason under the field. */
  function save(note, how) {
    note.typing.stop();
    const text = note.field.value;
    if (text === note.enqueued) return settled(note);
    if (note.field.readOnly) return;
    const isTooLong = text.length > limit && [...text].length > limit;
    warn(note, isTooLong);
    persistDraft(draftOf(note), isTooLong ? { text, base_rev: note.revision, isTooLong } : null);
    if (isTooLong) return;
    note.isRefused = false;
    note.enqueued = text;
    enqueue({ kind: "note", target: note.target, value: text, base_rev: note.revision }, how);
  }

  /** The field is as enqueued: delete its draft and its warning. */
  function settled(note) {
    persistDraft(draftOf(note), null);
    if (note.field.getAttribute("aria-invalid") === "true") warn(note, false);
  }

  function warn({ field }, isTooLong) {
    field.setAttribute("aria-invalid", String(isTooLong));
    const reason = field.nextElementSibling;
    if (reason?.matches("[data-too-long]")) reason.hidden = !isTooLong;
  }

  const draftOf = ({ target }) => `note-${target ?? "interview"}`;

  /** Remember the server's newest text. Repeated and older revisions are ignored. */
  function learn(note, { text, revision }) {
    if (text !== undefined && revision > note.newest.revision) note.newest = { text, revision };
  }

  /** Show the server's newer text, unless the field has unsaved typing: the server merges that when it arrives. */
  function catchUp(note) {
    const { text, revision } = note.newest;
    const isOwn = note.field.value !== note.enqueued || note.isRefused || isWaiting(note.target);
    if (isOwn || revision <= note.revision) return;
    if (document.activeElement === note.field) {
      if (note.said !== revision) say("This note was also changed on another page. You’ll see that text when you leave the field.");
      note.said = revision;
      return;
    }
    show(note, plain(text));
    [note.enqueued, note.revision] = [note.field.value, revision];
  }

  /** Replace a field's text; the caret stays at the same words. */
  function show({ field }, text) {
    const { value: before, selectionStart: caret, scrollTop } = field;
    field.value = text;
    if (document.activeElement !== field) return;
    const at = text.endsWith(before) ? caret + text.length - before.length : caret;
    field.setSelectionRange(at, at);
    field.scrollTop = scrollTop;
  }

  return {
    /** A field that came later, with the note as the server has it. */
    add,

    /** Show a closed page's text in its field, unless that was changed since, here or elsewhere. */
    adopted(entry) {
      const note = notes.get(entry.target);
      const isUntouched = note && note.field.value === note.enqueued && !note.isRefused;
      entry.is_apart = !isUntouched || entry.base_rev !== note.revision || isWaiting(entry.target, entry.client);
      if (entry.is_apart) return;
      show(note, plain(entry.value));
      note.enqueued = note.field.value;
    },

    /** Put a closed page's too long text back into its field. @returns {boolean} whether there is one */
    draftAdopted(name, { text, base_rev }) {
      const note = [...notes.values()].find((one) => draftOf(one) === name);
      if (!note) return false;
      const isUntouched = note.field.value === note.enqueued && !note.isRefused && !isWaiting(note.target);
      if (isUntouched) note.revision = base_rev;
      show(note, isUntouched ? text : beside(note.field.value, text));
      save(note);
      return true;
    },

    /** A note was saved. If the server merged two texts, continue from the merged one, with what was typed since. */
    received(entry, { revision, text, merged = false }) {
      const note = notes.get(entry.target);
      if (!note) return;
      learn(note, { text, revision });
      // If ambiguous, the next text still names its old revision, and the server merges again.
      const both = !merged ? null : rebased(plain(entry.value), note.field.value, plain(text));
      if (!entry.is_apart && both !== null) {
        show(note, both);
        note.revision = revision;
        // The field's text replaces the pending one.
        note.enqueued = isWaiting(note.target) ? null : plain(text);
        say("This note was also changed on another page. It now has both texts.");
        save(note);
      } else if (!entry.is_apart && !merged) note.revision = revision;
      catchUp(note);
    },

    /** A note was refused: its text stays in the field until it is changed. */
    refused(entry) {
      const note = notes.get(entry.target);
      if (!note) return;
      if (plain(entry.value) === note.field.value) note.isRefused = true;
      catchUp(note);
    },

    /** A note of mine from another tab or device. */
    changedElsewhere(target, told) {
      const note = notes.get(target);
      if (!note) return;
      learn(note, told);
      catchUp(note);
    },

    /** Enqueue everything now. */
    flush() {
      for (const note of notes.values()) if (note.typing.isDue()) save(note);
      release();
    },

    /** Whether a field has text that is not enqueued. */
    hasUnsaved: () => [...notes.values()].some((note) => note.field.value !== note.enqueued),
  };
}

const storedWords = (isStored) => (isStored ? "saved on this device" : "not saved yet");

/**
 * The status while changes wait: "Offline · 2 changes saved on this device".
 * @param {{waiting: number, reason: string|null, told?: string, isStored: boolean}} status  `told` is the server's own reason
 */
export function waitingWords({ waiting, reason, told, isStored }) {
  if (!reason) return `Saving ${plural(waiting, "change")}…`;
  const why = {
    offline: "Offline",
    unreachable: "The server doesn’t answer",
    busy: "The server is busy",
    outage: told?.replace(/\.$/, ""),
  }[reason];
  return [why, `${plural(waiting, "change")} ${storedWords(isStored)}`].filter(Boolean).join(" · ");
}

/**
 * The words of the status line: "Saved" only after something was saved, and only if nothing waits or was refused.
 * @param {{waiting: number, reason: string|null, told?: string, isStored: boolean, tooLong: number, refused: number, unsent: number}} status
 * @param {boolean} isWaiting @param {string} savedAt a time of day, "" if nothing was saved yet
 */
export function statusWords(status, isWaiting, savedAt) {
  const { reason, tooLong, refused, unsent } = status;
  const saved = savedAt ? `Saved ${savedAt}` : "Nothing to save";
  const parts = [
    tooLong ? "Too long to save" : "",
    refused ? `${plural(refused, "change")} couldn’t be saved` : "",
    isWaiting ? waitingWords(status) : [tooLong || refused ? "" : saved, reason === "offline" ? "Offline" : ""].filter(Boolean).join(" · "),
    unsent ? `${plural(unsent, "line")} not added yet` : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

/**
 * The status line: "Saved 14:02:11", or what is pending and why; also whether this browser can store drafts.
 * Signing in again opens a dialog, or the sign-in page if the dialog cannot be loaded.
 * @param {{timeZone?: string|null, onSignedIn: () => void, onTryNow: () => void}} page
 */
export function createStatus({ timeZone, onSignedIn, onTryNow }) {
  const exact = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: timeZone ?? undefined });

  find("[data-try-now]").addEventListener("click", onTryNow);
  find("[data-sign-in]").addEventListener("click", async (event) => {
    event.preventDefault();
    const { href } = event.currentTarget;
    try {
      const { openSignIn } = await import("./sign-in.js");
      openSignIn(onSignedIn);
    } catch {
      open(href, "_blank");
    }
  });

  return function paint(status) {
    const { waiting, since, reason, words: told, savedAt, isStored, tooLong, refused } = status;
    const isOut = reason === "signed-out";
    const isWaiting = waiting > 0 && (reason || since > ON_ITS_WAY);
    const chip = fixed("[data-status]");
    chip.hidden = isOut;
    chip.dataset.waiting = waiting;
    setWords(
      fixed("[data-status-words]"),
      statusWords({ ...status, told }, Boolean(isWaiting), savedAt ? exact.format(new Date(savedAt)) : ""),
    );
    const isCalm = !isWaiting && !reason && !tooLong && !refused;
    chip.classList.toggle("good", isCalm);
    chip.classList.toggle("warn", !isCalm);
    fixed("[data-try-now]").hidden = !isWaiting || isOut || !reason;
    const link = fixed("[data-sign-in]");
    link.hidden = !isOut;
    setWords(link, waiting ? `Sign in again. ${plural(waiting, "change")} ${storedWords(isStored)}` : "Sign in again");
    fixed("[data-unkept]").hidden = isStored;
  };
}

function setWords(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/**
 * The tray of refused changes: the reason, the text, and a button to copy it. A row goes away only when dismissed, or
 * when a newer state of the same is saved.
 * @param {{onDismiss: (key: string) => void, onRetry: (key: string) => void}} page
 */
export function createTray({ onDismiss, onRetry }) {
  const tray = find("[data-tray]");
  const list = find("[data-tray-list]", tray);
  const rowOf = (key) => [...list.children].find((row) => row.dataset.key === key);

  function remove(key) {
    rowOf(key)?.remove();
    tray.hidden = !list.children.length;
  }

  list.addEventListener("click", async ({ target }) => {
    const row = target.closest("[data-key]");
    if (target.closest("[data-tray-copy]")) {
      await copy(find("[data-text]", row));
      setWords(target, "Copied");
    } else if (target.closest("[data-tray-retry]")) {
      remove(row.dataset.key);
      onRetry(row.dataset.key);
    } else if (target.closest("[data-tray-remove]")) {
      onDismiss(row.dataset.key);
      remove(row.dataset.key);
      find("#main").focus();
    }
  });

  return {
    /** Add a row, or replace the older text of the same note. `isOurs`: it can be retried. @param {{key: string, what: string, why: string, text: string, isOurs?: boolean}} row */
    add({ key, what, why, text, isOurs = false }) {
      const row = rowOf(key) ?? find("template", tray).content.firstElementChild.cloneNode(true);
      row.dataset.key = key;
      setWords(find("[data-what]", row), what);
      setWords(find("[data-why]", row), why);
      setWords(find("[data-text]", row), text);
      for (const part of ["[data-text]", "[data-tray-copy]"]) find(part, row).hidden = !text;
      setWords(find("[data-tray-copy]", row), "Copy");
      find("[data-tray-retry]", row).hidden = !isOurs;
      list.append(row);
      tray.hidden = false;
    },
    remove,
    isEmpty: () => !list.children.length,
  };
}

/** Copy a text; where the browser does not let us, select it, so that one key copies it. */
async function copy(element) {
  if (!(await copyText(element.textContent))) getSelection().selectAllChildren(element);
}
