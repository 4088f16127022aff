import assert from "node:assert/strict";
import { test } from "node:test";
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

test("an entry that is withdrawn before the journal is ready does not come back", async () => {
  const rows = new Map();
  let grant;
  globalThis.indexedDB = storeOf(rows);
  // The lock of this page takes a while.
  navigator.locks = { request: (_name, hold) => new Promise((resolve) => (grant = () => resolve(hold()))) };
  const { createJournal } = await import("../../static/js/outbox/journal.js");
  const journal = createJournal({ user: 70, interview: 5, client: "one" });
  const put = journal.put({ id: "a", n: 1 });
  const removed = journal.remove("a");
  await new Promise((resolve) => setTimeout(resolve, 5));
  grant();
  await Promise.all([put, removed]);
  assert.deepEqual([...rows.keys()], []);
});
