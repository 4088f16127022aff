import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";

const { createRests } = await import("../../static/js/outbox/rests.js");

/** The rest before a text, typed so many ms after the one before, which took so long. */
async function restAfter(took, ms) {
  let now = 10_000;
  mock.method(performance, "now", () => now);
  const rests = createRests();
  assert.equal(rests.before(), 0);
  await rests.sending(async () => {
    assert.equal(rests.before(), 400);
    now += took;
  });
  now += ms - took;
  const rest = rests.before();
  mock.restoreAll();
  return rest;
}

describe("a text still being typed", () => {
  test("waits for the keys to rest, and not beyond a second after the last one was sent", async () => {
    assert.equal(await restAfter(20, 300), 400);
    assert.equal(await restAfter(20, 900), 100);
    assert.equal(await restAfter(20, 1_000), 0);
  });

  test("waits longer for a slow server, five seconds at most", async () => {
    assert.equal(await restAfter(300, 2_900), 100);
    assert.equal(await restAfter(300, 3_000), 0);
    assert.equal(await restAfter(4_000, 4_950), 50);
  });

  test("waits for a failed one as for any other", async () => {
    const rests = createRests();
    await assert.rejects(rests.sending(() => Promise.reject(new Error("offline"))));
    assert.ok(rests.before() > 0);
  });
});
