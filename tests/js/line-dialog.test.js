import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "./browser.js";
import { element, pageWith } from "./elements.js";

const { createLineDialog } = await import("../../static/js/live/line-dialog.js");

function dialogWith(text) {
  const field = element({ value: text });
  pageWith({ "#add": element({ close() {} }), "[data-add-field]": field });
  const drafts = [];
  const outbox = { persistDraft: (_name, value) => drafts.push(value) };
  return { dialog: createLineDialog({ name: "add", outbox, drawers: {}, whyNot: () => null, explain() {} }), field, drafts };
}

describe("a line that a closed page has left", () => {
  test("is stored as this page's own, which may close as well", () => {
    const { dialog, field, drafts } = dialogWith("");
    assert.ok(dialog.adopt("add", { text: "Why a queue?" }));
    assert.equal(field.value, "Why a queue?");
    assert.deepEqual(drafts, [{ text: "Why a queue?" }]);
  });

  test("takes no line away that was typed here meanwhile", () => {
    const { dialog, field, drafts } = dialogWith("Why Redis?");
    dialog.adopt("add", { text: "Why a queue?" });
    assert.match(field.value, /Why Redis\?.*Why a queue\?/);
    assert.equal(drafts[0].text, field.value);
  });

  test("of another dialog is not taken", () => {
    const { dialog, drafts } = dialogWith("");
    assert.ok(!dialog.adopt("nudge", { text: "Slower" }));
    assert.deepEqual(drafts, []);
  });
});
