import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { beside, rebased, statusWords, waitingWords } from "../../static/js/outbox/notes.js";

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

describe("waitingWords", () => {
  const words = (status) => waitingWords({ waiting: 2, reason: null, isStored: true, ...status });

  for (const [status, wanted] of [
    [{}, "Saving 2 changes…"],
    [{ waiting: 1 }, "Saving 1 change…"],
    [{ reason: "offline" }, "Offline · 2 changes saved on this device"],
    [{ reason: "offline", isStored: false }, "Offline · 2 changes not saved yet"],
    [{ reason: "unreachable" }, "The server doesn’t answer · 2 changes saved on this device"],
    [{ reason: "busy", waiting: 1 }, "The server is busy · 1 change saved on this device"],
    [{ reason: "outage", told: "Its disk is full." }, "Its disk is full · 2 changes saved on this device"],
  ]) {
    test(wanted, () => assert.equal(words(status), wanted));
  }
});

describe("statusWords", () => {
  const calm = { waiting: 0, reason: null, isStored: true, tooLong: 0, refused: 0, unsent: 0 };

  for (const [status, savedAt, wanted] of [
    [{}, "", "Nothing to save"],
    [{}, "14:02:11", "Saved 14:02:11"],
    [{ reason: "offline" }, "14:02:11", "Saved 14:02:11 · Offline"],
    [{ refused: 1 }, "14:02:11", "1 change couldn’t be saved"],
    [{ tooLong: 1, unsent: 2 }, "14:02:11", "Too long to save · 2 lines not added yet"],
  ]) {
    test(wanted, () => assert.equal(statusWords({ ...calm, ...status }, false, savedAt), wanted));
  }

  test("what waits takes the place of what was saved", () => {
    assert.equal(statusWords({ ...calm, waiting: 1, reason: "offline" }, true, "14:02:11"), "Offline · 1 change saved on this device");
  });
});
