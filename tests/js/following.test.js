import assert from "node:assert/strict";
import { test } from "node:test";

const { createFollowing } = await import("../../static/js/live/following.js");

/** @type {Record<string, (event: any) => void>} */
const listeners = {};
globalThis.addEventListener = /** @type {any} */ ((kind, listener) => (listeners[kind] = listener));

/** Click. @returns {boolean} whether the page takes it */
function click() {
  let isTaken = true;
  const stop = () => (isTaken = false);
  listeners.click({ type: "click", preventDefault: stop, stopImmediatePropagation: stop });
  return isTaken;
}

test("input is ignored just after the question changed, however the machine's clock is set", (t) => {
  let [steady, wall] = [0, 1_800_000_000_000];
  t.mock.method(performance, "now", () => steady);
  t.mock.method(Date, "now", () => wall);
  const following = createFollowing({ say: () => {} });
  assert.ok(following.isAtRest());
  assert.ok(click(), "the first click on a page just loaded");
  assert.ok(!following.isAtRest());
  steady = 5_000;
  assert.ok(following.isAtRest());
  following.wentAlong();
  wall += 3_600_000;
  assert.ok(!click(), "meant for the question before");
  wall -= 8 * 86_400_000;
  steady = 6_000;
  assert.ok(click());
  steady = 11_000;
  assert.ok(following.isAtRest());
});
