import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import "./browser.js";
import { element, pageWith } from "./elements.js";
import { callWith } from "./fixtures.js";

const { createHeld } = await import("../../static/js/live/held.js");

const ONE = { text: "Structured, with ids.", rating: 4, prompt: "What do you log?" };

describe("notes of a question that waits to be added", () => {
  let page, row, text, points, flag, general, told, refused, questions;

  beforeEach(() => {
    text = element();
    const prompt = element({ textContent: ONE.prompt });
    points = element();
    flag = element({ value: "depth", parentElement: { textContent: " Went deep " } });
    const parts = { "[data-held-notes]": text, "[data-held-points]": points, "[data-text]": prompt };
    row = element({ parts: { ...parts, "[data-held-flags]": element(), "[role=radiogroup]": element() } });
    general = element({ dataset: { note: "interview" } });
    page = { '[data-adding-list] [data-key="abc"]': row, '[data-note="interview"]': general };
    pageWith(page);
    [told, refused, questions] = [{ notes: [], ratings: [], flags: [], points: [], drafts: {} }, [], []];
  });

  function heldHere() {
    return createHeld({
      state: () => callWith({ questions }),
      outbox: { persistDraft: (name, value) => (told.drafts[name] = value), refused: () => refused },
      notes: { append: (target, words) => told.notes.push([target, words]) },
      actions: {
        rate: (...rating) => told.ratings.push(rating),
        flag: (...flagged) => told.flags.push(flagged),
        unlisted: (...point) => told.points.push(point),
      },
    });
  }

  /** The question has come, and its card. */
  function comes() {
    questions = [{ id: 9, added: { id: "abc" } }];
    Object.assign(page, { "#q-9": element(), '[data-note="9"]': element({ dataset: { note: "9" } }) });
  }

  test("go to its card once it has one, and the caret with them", async () => {
    const held = heldHere();
    held.adopt("adding-abc", ONE);
    assert.deepEqual(told.drafts["adding-abc"], ONE);
    text.value = ONE.text;
    text.focus();
    comes();
    held.card(9);
    assert.deepEqual([told.notes, told.ratings], [[[9, ONE.text]], [[9, 4]]]);
    // What is typed until the row goes away is no second copy.
    assert.deepEqual([told.drafts["adding-abc"], text.value, held.rows()], [null, "", []]);
    await null;
    assert.equal(document.activeElement, page['[data-note="9"]']);
  });

  test("go there with good points and flags; a point that is too long goes to the notes", () => {
    const held = heldHere();
    const long = "x".repeat(501);
    held.fill(row, { key: "abc", text: ONE.prompt });
    [row.querySelectorAll, points.value] = [(selector) => (selector.includes("flags") ? [flag] : []), ` Names ids \n\n${long}`];
    row.dispatchEvent(new Event("input"));
    comes();
    held.card(9);
    assert.deepEqual([told.points, told.flags, told.notes], [[[9, "Names ids"]], [[9, "depth"]], [[9, long]]]);
    assert.deepEqual([points.value, flag.checked, held.rows()], ["", undefined, []]);
  });

  test("with them go to the general notes if it is refused", () => {
    const held = heldHere();
    held.adopt("adding-abc", { ...ONE, points: "Names ids", flags: { depth: "Went deep" } });
    held.refused("abc");
    assert.deepEqual(told.notes, [[null, "On “What do you log?” (Excellent, Went deep): Structured, with ids.\n+ Names ids"]]);
  });

  test("go to the general notes if it is refused, and the caret with them", async () => {
    const held = heldHere();
    held.adopt("adding-abc", ONE);
    text.focus();
    held.refused("abc");
    assert.deepEqual(told.notes, [[null, "On “What do you log?” (Excellent): Structured, with ids."]]);
    assert.deepEqual([told.ratings, told.drafts["adding-abc"]], [[], null]);
    await null;
    assert.equal(document.activeElement, general);
  });

  test("have no rating in a conversation", () => {
    const rating = row.querySelector("[role=radiogroup]");
    const held = heldHere();
    held.fill(row, { key: "abc", text: ONE.prompt, isRated: false });
    row.dispatchEvent(new Event("focusin"));
    assert.equal(points.hidden, true);
    assert.deepEqual([rating.hidden, held.rows()], [true, [{ key: "abc", text: ONE.prompt, isRated: false }]]);
  });

  test("stay where someone is about to write, until the card has come", () => {
    const held = heldHere();
    held.fill(row, { key: "abc", text: ONE.prompt });
    row.dispatchEvent(new Event("focusin"));
    assert.deepEqual(held.rows(), [{ key: "abc", text: ONE.prompt, isRated: true }]);
    assert.equal(text.getAttribute("aria-label"), "Notes on “What do you log?”");
    row.dispatchEvent(new Event("focusout"));
    assert.deepEqual([held.rows(), told.drafts], [[], {}]);
  });

  test("written after the card had come go there too", () => {
    const held = heldHere();
    held.fill(row, { key: "abc", text: ONE.prompt });
    comes();
    text.value = "And more.";
    row.dispatchEvent(new Event("input"));
    row.dispatchEvent(new Event("focusout"));
    assert.deepEqual([told.notes, held.rows()], [[[9, "And more."]], []]);
  });

  test("of a closed page go to the general notes if that page was told that it is refused", () => {
    refused = [{ kind: "add", target: "abc" }];
    heldHere().adopt("adding-abc", { ...ONE, rating: 0 });
    assert.deepEqual(told.notes, [[null, "On “What do you log?”: Structured, with ids."]]);
  });

  test("of a closed page go to the card if it has come meanwhile", () => {
    comes();
    heldHere().adopt("adding-abc", ONE);
    assert.deepEqual(told.notes, [[9, ONE.text]]);
  });
});
