import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { beside, rebased } from "../../static/js/outbox/notes.js";

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
