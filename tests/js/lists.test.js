import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { onEnter, onTyped } from "../../static/js/lists.js";
import { asMarkdown } from "../../static/js/my-notes.js";

/** The text after Enter where "|" is the caret; null for an ordinary line break. */
function entered(marked) {
  const caret = marked.indexOf("|");
  const text = marked.replace("|", "");
  const change = onEnter(text, caret);
  return change && `${text.slice(0, change.from)}${change.insert}|${text.slice(change.to)}`;
}

describe("Enter in a list", () => {
  for (const [what, before, after] of [
    ["continues it", "- one|", "- one\n- |"],
    ["with the same sign", "Heard:\n+ locks|", "Heard:\n+ locks\n+ |"],
    ["with the next number", "9. nine|", "9. nine\n10. |"],
    ["at the same indent", "- a\n  - b|", "- a\n  - b\n  - |"],
    ["splits an item", "* one| two", "* one\n* | two"],
    ["ends it on an empty item", "- one\n- |", "- one\n|"],
    ["ends it before what follows", "1) one\n2) |\nAfter", "1) one\n|\nAfter"],
    ["before the sign is an ordinary line break", "|- one", null],
    ["in a text is one", "no list|", null],
    ["after a sign without a space is one", "-5 degrees|", null],
    ["in an empty field is one", "|", null],
  ]) {
    test(what, () => assert.equal(entered(before), after));
  }
});

describe("A sign that is typed although Enter has put it there", () => {
  /** The text once `typed` is added at the end of `before`, where Enter has put `put`. */
  function typed(before, put, more) {
    const text = before + more;
    const change = onTyped(text, text.length, { text: put, end: before.length });
    return change ? text.slice(0, change.from) + text.slice(change.to) : text;
  }

  for (const [what, before, put, more, after] of [
    ["is there once", "- one\n- ", "- ", "- ", "- one\n- "],
    ["is there once at its indent", "  - a\n  - ", "  - ", "- ", "  - a\n  - "],
    ["is there once as a number", "1. a\n2. ", "2. ", "2. ", "1. a\n2. "],
    ["may be a minus", "- one\n- ", "- ", "-5", "- one\n- -5"],
    ["may be another one", "- one\n- ", "- ", "* ", "- one\n- * "],
  ]) {
    test(what, () => assert.equal(typed(before, put, more), after));
  }
  test("stays where Enter has put none", () => assert.equal(onTyped("- - ", 4, null), null));
});

describe("my notes as Markdown", () => {
  const notes = [
    { section: "Warm-up", prompt: "Why is\nit slow?", text: "\n- **Locks**\n  `SELECT`\n" },
    { section: "Warm-up", prompt: "Not noted", text: " " },
    { section: "Depth", prompt: "And then?", text: "Asked back." },
  ];
  const title = "Ada Okafor, Backend";

  test("each under its question, as typed", () => {
    const followUps = [
      { text: "Caching", is_done: false },
      { text: "Salary", is_done: true },
    ];
    assert.equal(
      asMarkdown({ title, notes, general: "Calm.", followUps }),
      "# Ada Okafor, Backend\n\n## Warm-up\n\n### Why is it slow?\n\n- **Locks**\n  `SELECT`\n\n## Depth\n\n### And then?\n\n" +
        "Asked back.\n\n## General notes\n\nCalm.\n\n## Follow up later\n\n- [ ] Caching\n- [x] Salary\n",
    );
  });

  test("nothing where nothing is written", () => assert.equal(asMarkdown({ title, notes: [], general: "" }), ""));
});
