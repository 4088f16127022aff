import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { statusWords, waitingWords } from "../../static/js/outbox/status.js";

describe("waitingWords", () => {
  const words = (status) => waitingWords({ waiting: 2, reason: null, isStored: true, ...status });

  for (const [status, wanted] of [
    [{}, "Saving 2 changes…"],
    [{ waiting: 1 }, "Saving 1 change…"],
    [{ reason: "offline" }, "Offline · 2 changes saved on this device"],
    [{ reason: "offline", isStored: false }, "Offline · 2 changes not saved yet"],
    [{ reason: "unreachable" }, "The server isn’t responding · 2 changes saved on this device"],
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
    [{ unsent: 1 }, "14:02:11", "1 line not added yet"],
    [{ tooLong: 1, unsent: 2 }, "14:02:11", "Too long to save · 2 lines not added yet"],
  ]) {
    test(wanted, () => assert.equal(statusWords({ ...calm, ...status }, false, savedAt), wanted));
  }

  test("what waits takes the place of what was saved", () => {
    assert.equal(statusWords({ ...calm, waiting: 1, reason: "offline" }, true, "14:02:11"), "Offline · 1 change saved on this device");
  });
});
