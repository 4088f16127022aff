import assert from "node:assert/strict";
import { test } from "node:test";

const { setCode, spoken, stopwatch } = await import("../../static/js/page.js");

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

test("words between backticks are code, and a text that has not changed is left alone", () => {
  globalThis.document = { createElement: (name) => ({ name }) };
  const painted = [];
  const element = { dataset: {}, replaceChildren: (...parts) => painted.push(parts) };
  const text = "Names \x60Vary\x60 and \x60<b>\x60, not \x60x";
  setCode(element, text);
  setCode(element, text);
  setCode(element, "Plain");
  const code = (textContent) => ({ name: "code", textContent });
  assert.deepEqual(painted, [["Names ", code("Vary"), " and ", code("<b>"), ", not \x60x"], ["Plain"]]);
  assert.equal(spoken(text), "Names Vary and <b>, not \x60x");
});
