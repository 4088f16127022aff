import assert from "node:assert/strict";
import { test } from "node:test";

const { stopwatch } = await import("../../static/js/page.js");

test("a stopwatch goes on through sleep and a clock set back", (t) => {
  let [steady, wall] = [50, 1_800_000_000_000];
  t.mock.method(performance, "now", () => steady);
  t.mock.method(Date, "now", () => wall);
  const since = stopwatch();
  wall += 9_000;
  assert.equal(since(), 9_000, "the machine slept");
  [steady, wall] = [10_050, wall - 3_600_000];
  assert.equal(since(), 10_000, "the clock was set back");
});
