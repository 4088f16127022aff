import assert from "node:assert/strict";
import { test } from "node:test";
import { pauseAfter } from "../../static/js/outbox/pauses.js";

test("the pause grows with each failure, up to a few seconds", (context) => {
  context.mock.method(Math, "random", () => 0.5);
  assert.deepEqual(
    [0, 1, 2, 3, 4, 400].map((failures) => pauseAfter(failures)),
    [500, 1_000, 2_000, 4_000, 5_000, 5_000],
  );
});

test("the server may ask for more, but not for ever", () => {
  assert.equal(pauseAfter(0, 20_000), 20_000);
  assert.equal(pauseAfter(0, 3_600_000), 30_000);
});
