// Notes that save themselves: stored while typed, sent from time to time, on leaving the field and when the page is hidden.

import { throttled } from "./storage.js";

/** @typedef {ReturnType<typeof import("./outbox.js").createOutbox>} Outbox */

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
 *   outbox: Outbox, say: (words: string) => void}} options
 *   `saved` are the notes as rendered, by question id or "interview".
 */
export function createNotes({ fields, saved, limit, outbox, say }) {
  const { enqueue, release, persistDraft } = outbox;
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
    note.typing = throttled(() => save(note, { isTyping: true, isTyped: true }));
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

  /** Whether a text of this target waits to be sent; entries of the client `but` do not count. @param {number|null} target @param {string} [but] */
  const isWaiting = (target, but) =>
    outbox.waiting().some((entry) => entry.kind === "note" && entry.target === target && entry.client !== but);

  for (const field of fields) add(field, saved[field.dataset.note]);

  /**
   * Enqueue a changed text. One that is too long is only stored in this browser, with the reason under the field.
   * `isTyped`: also of a field that is locked meanwhile, since the scorecard was submitted elsewhere: the server keeps it as
   * a late change. A text that the browser itself put into a locked field is not sent.
   */
  function save(note, { isTyping = false, isTyped = note.typing.isDue() } = {}) {
    note.typing.stop();
    const text = note.field.value;
    if (text === note.enqueued) return settled(note);
    if (note.field.readOnly && !isTyped) return;
    const isTooLong = text.length > limit && [...text].length > limit;
    warn(note, isTooLong);
    persistDraft(draftOf(note), isTooLong ? { text, base_rev: note.revision, isTooLong } : null);
    if (isTooLong) return;
    note.isRefused = false;
    note.enqueued = text;
    enqueue({ kind: "note", target: note.target, value: text, base_rev: note.revision }, { isTyping });
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

    /** Add a text that was written elsewhere, below what the field has, and send it. @param {number|null} target @param {string} text */
    append(target, text) {
      const note = notes.get(target);
      const { value } = note.field;
      // A page that closed at the wrong moment has left it twice.
      if (!`\n${value}`.endsWith(`\n${text}`)) note.field.value = [value, text].filter(Boolean).join("\n");
      save(note, { isTyped: true });
      release();
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
