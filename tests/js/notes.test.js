import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "./browser.js";
import { element, pageWith } from "./elements.js";

const { beside, createNotes, rebased } = await import("../../static/js/outbox/notes.js");

describe("beside", () => {
  for (const [what, here, there, both] of [
    ["one that grew out of the other", "Knows", "Knows ETags", "Knows ETags"],
    ["the other way round", "Knows ETags", "Knows", "Knows ETags"],
    ["nothing here", "", "Knows", "Knows"],
    ["the same", "Knows", "Knows", "Knows"],
    ["two texts", "Here.", "There.", "Here.\n\n— also written, on another page —\nThere."],
  ]) {
    test(what, () => assert.equal(beside(here, there), both));
  }
});

describe("rebased: what was typed since, on top of two merged texts", () => {
  for (const [what, sent, typed, merged, wanted] of [
    ["nothing was typed", "Mine.", "Mine.", "Theirs.\nMine.", "Theirs.\nMine."],
    ["mine is at the end", "Mine.", "Mine. More.", "Theirs.\nMine.", "Theirs.\nMine. More."],
    ["mine is at the beginning", "Mine.", "Mine. More.", "Mine.\nTheirs.", "Mine. More.\nTheirs."],
    ["mine is in the middle", "Mine.", "Mine. More.", "A\nMine.\nB", null],
    ["each in a line of its own", "Mine.\n\nTheirs.", "Mine. More.\n\nTheirs.", "Mine.\n\nTheirs. Too.", "Mine. More.\n\nTheirs. Too."],
    ["the other way round", "Theirs.\nMine.", "Theirs.\nMine. More.", "Before.\nTheirs. Too.\nMine.", "Before.\nTheirs. Too.\nMine. More."],
    ["one takes a line away", "A\nB\nC", "B\nC", "A\nB\nC, too", "B\nC, too"],
    ["both in one line", "A\nB\nC", "A\nB.\nC", "A\nB!\nC", null],
    ["both put lines at one place", "A\nC", "A\nB\nC", "A\nX\nC", null],
  ]) {
    test(what, () => assert.equal(rebased(sent, typed, merged), wanted));
  }
});

describe("a field of notes", () => {
  /** @param {{text?: string, saved?: string}} [note] what the field has, and the server */
  function noteWith({ text = "", saved = text } = {}) {
    pageWith({});
    const field = element({ dataset: { note: "3" }, value: text, readOnly: false });
    const sent = [];
    const outbox = {
      enqueue: (/** @type {any} */ { value }) => sent.push(value),
      release() {},
      persistDraft() {},
      waiting: () => [],
    };
    const known = { 3: { text: saved, revision: 1 } };
    const notes = createNotes({
      fields: [/** @type {any} */ (field)],
      saved: known,
      limit: 100,
      outbox: /** @type {any} */ (outbox),
      say() {},
    });
    return { notes, field, sent };
  }

  const later = () => new Promise((resolve) => setTimeout(resolve, 80));

  test("sends what was typed just before the scorecard was submitted elsewhere", async () => {
    const { field, sent } = noteWith();
    field.value = "Knows";
    field.dispatchEvent(new Event("input"));
    field.readOnly = true;
    await later();
    assert.deepEqual(sent, ["Knows"]);
  });

  test("sends nothing that the browser put into a locked field", () => {
    const { field, sent, notes } = noteWith({ text: "Knows", saved: "Knows" });
    field.readOnly = true;
    field.value = "Restored";
    field.dispatchEvent(new Event("blur"));
    notes.flush();
    assert.deepEqual(sent, []);
  });

  test("takes a text that was written elsewhere, once, even if it is locked", () => {
    const { field, sent, notes } = noteWith({ text: "Knows" });
    field.readOnly = true;
    notes.append(3, "Logs");
    notes.append(3, "Logs");
    assert.deepEqual([field.value, sent], ["Knows\nLogs", ["Knows\nLogs"]]);
  });
});
