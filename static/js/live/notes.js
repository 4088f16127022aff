// Notes that save themselves: a moment after the last key, on leaving the field, and before the page is out of sight.

const PAUSE = 400;

const plain = (text) => text.replace(/\r\n?/g, "\n");

/** `merged`, which grew out of `sent`, with what was typed since; null where that cannot be told. */
function rebased(sent, typed, merged) {
  if (typed === sent) return merged;
  if (merged.endsWith(sent)) return merged.slice(0, merged.length - sent.length) + typed;
  return merged.startsWith(sent) ? typed + merged.slice(sent.length) : null;
}

/**
 * @param {{fields: Iterable<HTMLTextAreaElement>, saved: Object<string, {text: string, revision: number}>, limit: number,
 *   enqueue: (command: Object) => void, isWaiting: (target: number|null) => boolean, say: (words: string) => void}} options
 *   `saved` are the notes as the page was rendered, by question id or "interview".
 */
export function createNotes({ fields, saved, limit, enqueue, isWaiting, say }) {
  /** By target: the field, the revision that its text is based on, the text last given away, and a newer one held back. */
  const notes = new Map();

  for (const field of fields) {
    const target = field.dataset.note === "interview" ? null : Number(field.dataset.note);
    const known = saved[field.dataset.note] ?? { text: "", revision: 0 };
    const note = { field, target, revision: known.revision, given: plain(known.text), held: null, timer: 0 };
    notes.set(target, note);
    field.addEventListener("input", () => {
      clearTimeout(note.timer);
      note.timer = setTimeout(give, PAUSE, note);
    });
    field.addEventListener("blur", () => {
      give(note);
      if (note.held) take(note, note.held);
    });
    // Typed before this script was here.
    if (field.value !== note.given) give(note);
  }

  /** Hand a changed text to the outbox. One that is too long stays where it is, with the reason under it. */
  function give(note) {
    clearTimeout(note.timer);
    note.timer = 0;
    const text = note.field.value;
    if (note.field.readOnly || text === note.given) return;
    const isTooLong = text.length > limit && [...text].length > limit;
    note.field.setAttribute("aria-invalid", String(isTooLong));
    const reason = note.field.nextElementSibling;
    if (reason?.matches("[data-too-long]")) reason.hidden = !isTooLong;
    if (isTooLong) return;
    note.held = null;
    note.given = text;
    enqueue({ kind: "note", target: note.target, value: text });
  }

  /** Put a text from elsewhere into the field, unless it was changed here since: then the server puts both together. */
  function take(note, { text, revision }) {
    note.held = null;
    if (note.field.value !== note.given || isWaiting(note.target)) return;
    if (document.activeElement === note.field) {
      note.held = { text, revision };
      say("This note was also written on another page. You see it when you leave the field.");
      return;
    }
    show(note, plain(text));
    [note.given, note.revision] = [note.field.value, revision];
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
    /** The revision that a note's command changes; asked for when it is first sent. */
    baseOf: (target) => notes.get(target)?.revision ?? 0,

    /** The server has a note. Where it put two texts together, go on from both, with what was typed since. */
    received(entry, { revision, text, merged }) {
      const note = notes.get(entry.target);
      if (!note) return;
      if (!merged) {
        note.revision = revision;
        return;
      }
      const both = rebased(plain(entry.value), note.field.value, plain(text));
      // Where they do not fit, the next text still names its old revision, and the server keeps everything again.
      if (both === null) return;
      show(note, both);
      [note.given, note.revision] = [plain(text), revision];
      say("This note was also written on another page. Both texts are in it now.");
      give(note);
    },

    /** A note of mine from another tab or device. */
    changedElsewhere(target, { text, revision }) {
      const note = notes.get(target);
      if (note && revision > note.revision && revision !== note.held?.revision) take(note, { text, revision });
    },

    /** Give everything away now. */
    flush() {
      for (const note of notes.values()) if (note.timer) give(note);
    },

    /** Whether some text is only in its field. */
    hasUnsaved: () => [...notes.values()].some((note) => note.field.value !== note.given),
  };
}
