import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";
import "./browser.js";

/** One store of an IndexedDB, with what was put into it and not deleted since. */
function storeOf(rows) {
  const later = (target, name, value) => queueMicrotask(() => target[name](value));
  const transaction = () => {
    const one = { objectStore: () => ({ put: (row) => rows.set(row.id, row), delete: (id) => rows.delete(id) }) };
    later(one, "oncomplete");
    return one;
  };
  const request = { result: { transaction } };
  const open = () => {
    later(request, "onsuccess");
    return request;
  };
  return { open };
}

// The page opens its database once.
const rows = new Map();
globalThis.indexedDB = storeOf(rows);
beforeEach(() => rows.clear());

/** A journal of which the page has the lock at once. */
async function createHere() {
  navigator.locks = { request: async (_name, hold) => hold() };
  const { createJournal } = await import("../../static/js/outbox/journal.js");
  return createJournal({ user: 70, interview: 5, client: "one" });
}
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("a page that is seen", () => {
  let frames = [];

  beforeEach(() => {
    frames = [];
    globalThis.requestAnimationFrame = (callback) => frames.push(callback);
  });
  after(() => delete globalThis.requestAnimationFrame);

  test("writes once it has been painted, in order", async () => {
    const journal = await createHere();
    const writes = [journal.put({ id: "a", n: 1 }), journal.put({ id: "b", n: 2 }), journal.remove("a")];
    await soon();
    assert.equal(rows.size, 0);
    for (const frame of frames) frame();
    await Promise.all(writes);
    assert.deepEqual([...rows.keys()], ["b"]);
  });

  test("writes at once when it closes", async () => {
    const journal = await createHere();
    const write = journal.put({ id: "a", n: 1 });
    await soon();
    dispatchEvent(new Event("pagehide"));
    await write;
    await journal.put({ id: "b", n: 2 });
    assert.deepEqual([[...rows.keys()], frames.length], [["a", "b"], 1]);
    dispatchEvent(new Event("pageshow"));
  });
});

test("an entry that is withdrawn before the journal is ready does not come back", async () => {
  let grant;
  // The lock of this page takes a while.
  navigator.locks = { request: (_name, hold) => new Promise((resolve) => (grant = () => resolve(hold()))) };
  const { createJournal } = await import("../../static/js/outbox/journal.js");
  const journal = createJournal({ user: 70, interview: 5, client: "one" });
  const put = journal.put({ id: "a", n: 1 });
  const removed = journal.remove("a");
  await new Promise((resolve) => setTimeout(resolve, 5));
  grant();
  await Promise.all([put, removed, journal.put({ id: "b", n: 2 })]);
  assert.deepEqual([...rows.keys()], ["b"]);
});
