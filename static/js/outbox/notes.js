// Notes that save themselves: kept while they are typed, sent a moment after the last key, on leaving the field, and
// before the page is out of sight. And the words that say what is saved, and the tray of what the server did not take.

import { find } from "../page.js";
import { throttled } from "./storage.js";

// A command is this many ms on its way before one hears of it.
const ON_ITS_WAY = 1_000;

const plain = (text) => text.replace(/\r\n?/g, "\n");

/** Two texts of one field, where nobody can tell which is the newer. */
export function beside(here, there) {
  if (!here || there.startsWith(here)) return there;
  return here.startsWith(there) ? here : `${here}\n\n— also written, on another page —\n${there}`;
}

/** `merged`, which grew out of `sent`, with what was typed since; null where that cannot be told. */
function rebased(sent, typed, merged) {
  if (typed === sent) return merged;
  if (merged.endsWith(sent)) return merged.slice(0, merged.length - sent.length) + typed;
  return merged.startsWith(sent) ? typed + merged.slice(sent.length) : null;
}

/**
 * @param {{fields: Iterable<HTMLTextAreaElement>, saved: Object<string, {text: string, revision: number}>, limit: number,
 *   enqueue: (command: Object, how?: Object) => void, release: () => void, persistDraft: (target: string, value: Object|null) => void,
 *   isWaiting: (target: number|null, but?: string) => boolean, say: (words: string) => void}} options
 *   `saved` are the notes as the page was rendered, by question id or "interview"; `isWaiting` leaves out what the page `but` has left.
 */
export function createNotes({ fields, saved, limit, enqueue, release, persistDraft, isWaiting, say }) {
  /**
   * By target: the field, the revision that its text is based on, the text last enqueued, and the newest that is known
   * of the server's.
   */
  const notes = new Map();

  for (const field of fields) {
    const target = field.dataset.note === "interview" ? null : Number(field.dataset.note);
    const known = saved[field.dataset.note] ?? { text: "", revision: 0 };
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
    // Typed before this script was here.
    if (field.value !== enqueued) save(note);
  }

  /** Hand a changed text to the outbox. One that is too long is kept in this browser, with the reason under it. */
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

  /** Nothing of it is unsaved any more: it is as it was enqueued. */
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

  /** The server has, or had, this text of a note. What it says again, or late, is no news. */
  function learn(note, { text, revision }) {
    if (text !== undefined && revision > note.newest.revision) note.newest = { text, revision };
  }

  /** Put the server's text into the field, unless something was typed here that it does not hold: it puts both together. */
  function catchUp(note) {
    const { text, revision } = note.newest;
    const isOwn = note.field.value !== note.enqueued || note.isRefused || isWaiting(note.target);
    if (isOwn || revision <= note.revision) return;
    if (document.activeElement === note.field) {
      if (note.said !== revision) say("This note was also written on another page. You see it when you leave the field.");
      note.said = revision;
      return;
    }
    show(note, plain(text));
    [note.enqueued, note.revision] = [note.field.value, revision];
  }

  /** Replace the text of a field; the caret stays at the words where it was. */
  function show({ field }, text) {
    const { value: before, selectionStart: caret, scrollTop } = field;
    field.value = text;
    if (document.activeElement !== field) return;
    const at = text.endsWith(before) ? caret + text.length - before.length : caret;
    field.setSelectionRange(at, at);
    field.scrollTop = scrollTop;
  }

  return {
    /** A text that a page which is gone has left: into its field, unless that was changed since, here or elsewhere. */
    adopted(entry) {
      const note = notes.get(entry.target);
      const isUntouched = note && note.field.value === note.enqueued && !note.isRefused;
      entry.is_apart = !isUntouched || entry.base_rev !== note.revision || isWaiting(entry.target, entry.client);
      if (entry.is_apart) return;
      show(note, plain(entry.value));
      note.enqueued = note.field.value;
    },

    /** A text that was too long on a page which is gone: back into its field. @returns {boolean} whether there is one */
    draftAdopted(name, { text, base_rev }) {
      const note = [...notes.values()].find((one) => draftOf(one) === name);
      if (!note) return false;
      const isUntouched = note.field.value === note.enqueued && !note.isRefused && !isWaiting(note.target);
      if (isUntouched) note.revision = base_rev;
      show(note, isUntouched ? text : beside(note.field.value, text));
      save(note);
      return true;
    },

    /** The server has a note. Where it put two texts together, go on from both, with what was typed since. */
    received(entry, { revision, text, merged = false }) {
      const note = notes.get(entry.target);
      if (!note) return;
      learn(note, { text, revision });
      // Where they do not fit, the next text still names its old revision, and the server keeps everything again.
      const both = !merged ? null : rebased(plain(entry.value), note.field.value, plain(text));
      if (!entry.is_apart && both !== null) {
        show(note, both);
        note.revision = revision;
        // What waits is replaced by what stands here now.
        note.enqueued = isWaiting(note.target) ? null : plain(text);
        say("This note was also written on another page. Both texts are in it now.");
        save(note);
      } else if (!entry.is_apart && !merged) note.revision = revision;
      catchUp(note);
    },

    /** The server does not take a note: its text stays in the field until it is changed. */
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

    /** Give everything away now. */
    flush() {
      for (const note of notes.values()) if (note.typing.isDue()) save(note);
      release();
    },

    /** Whether some text is only in its field. */
    hasUnsaved: () => [...notes.values()].some((note) => note.field.value !== note.enqueued),
  };
}

/**
 * Says "Saved 14:02:11", or what waits and why; not what is only on its way. And that the browser keeps nothing.
 * Signing in again is a dialog on the page; where that cannot be loaded, it is the link's own page.
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

  return function paint({ waiting, since, reason, words: told, savedAt, isStored, tooLong = 0, unsent = 0 }) {
    const isOut = reason === "signed-out";
    const kept = waiting === 1 ? "your change is kept" : `your ${waiting} changes are kept`;
    const why = { offline: "offline", unreachable: "the server does not answer", busy: "the server is busy" }[reason] ?? "being sent";
    const isWaiting = waiting > 0 && (reason || since > ON_ITS_WAY);
    const saved = tooLong ? "" : `Saved ${exact.format(new Date(savedAt))}`;
    const words = [
      tooLong ? "Too long, not saved" : "",
      isWaiting
        ? `${waiting} waiting${reason === "outage" ? `. ${told}` : `, ${why}`}`
        : reason === "offline"
          ? [saved, "offline now"].filter(Boolean).join(", ")
          : saved,
      unsent ? (unsent === 1 ? "1 line not added yet" : `${unsent} lines not added yet`) : "",
    ];
    const chip = find("[data-status]");
    chip.hidden = isOut;
    chip.dataset.waiting = waiting;
    setWords(find("[data-status-words]"), words.filter(Boolean).join(" · "));
    const isCalm = !isWaiting && !reason && !tooLong;
    chip.classList.toggle("good", isCalm);
    chip.classList.toggle("warn", !isCalm);
    find("[data-try-now]").hidden = !isWaiting || isOut || !reason;
    const link = find("[data-sign-in]");
    link.hidden = !isOut;
    setWords(link, waiting ? `Sign in again, ${kept}` : "Sign in again");
    find("[data-unkept]").hidden = isStored;
  };
}

function setWords(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/**
 * What the server refused for good, with its reason, the text itself, and a way to copy it. Nothing goes from there by
 * itself but what was changed since and taken.
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
    /** A newer text of the same note takes the place of the older one. `isOurs`: it can be tried again. @param {{key: string, what: string, why: string, text: string, isOurs?: boolean}} row */
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
  try {
    await navigator.clipboard.writeText(element.textContent);
  } catch {
    getSelection().selectAllChildren(element);
    document.execCommand("copy");
  }
}
