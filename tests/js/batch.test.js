import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bodyOf, isSameText, nextBatch } from "../../static/js/outbox/batch.js";

const rating = (target, value = 1) => ({ kind: "rate", target, value, base_rev: null });
const note = (target, value, base_rev = 0) => ({ kind: "note", target, value, base_rev });
const never = () => false;

describe("nextBatch", () => {
  test("takes the oldest commands, as many as the request may have", () => {
    const queue = [1, 2, 3].map((target) => rating(target));
    assert.deepEqual(nextBatch(queue, 2, never), queue.slice(0, 2));
    assert.deepEqual(nextBatch(queue, 50, never), queue);
    assert.deepEqual(nextBatch([], 50, never), []);
  });

  test("takes nothing behind one that has to wait", () => {
    const queue = [1, 2, 3].map((target) => rating(target));
    assert.deepEqual(
      nextBatch(queue, 50, (entry) => entry === queue[1]),
      [queue[0]],
    );
  });

  test("sends a text alone where its revision comes with the receipt of the one before", () => {
    const queue = [note(1, "a"), note(2, "b"), note(1, "ab")];
    assert.deepEqual(nextBatch(queue, 50, never), queue.slice(0, 2));
  });

  test("ends before it is too large, but takes one command of any size", () => {
    const queue = [note(1, "a".repeat(50_000)), note(2, "b")];
    assert.deepEqual(nextBatch(queue, 50, never), [queue[0]]);
    assert.deepEqual(nextBatch(queue.toReversed(), 50, never), [queue[1]]);
  });
});

describe("isSameText", () => {
  test("is a text at the same target that was not sent", () => {
    assert.ok(isSameText(note(1, "a"), note(1, "ab")));
    assert.ok(isSameText(note(null, "a"), { kind: "note", value: "ab" }));
    assert.ok(!isSameText(note(2, "a"), note(1, "ab")));
    assert.ok(!isSameText({ ...note(1, "a"), is_sent: true }, note(1, "ab")));
    assert.ok(!isSameText(rating(1), rating(1)));
  });
});

describe("bodyOf", () => {
  test("has the age instead of the time, and nothing that stays in this browser", () => {
    const body = bodyOf({ ...rating(1), id: "x", client: "c", n: 3, at: 1_000, since: 900, was: "before" }, { sender: 7, now: 3_000 });
    assert.equal(body.age, 2_000);
    assert.deepEqual([body.sender, body.id, body.n], [7, "x", 3]);
    assert.ok(!("at" in body || "was" in body || "since" in body));
    assert.equal(bodyOf({ ...rating(1), at: 5_000 }, { sender: 7, now: 3_000 }).age, 0);
  });
});
