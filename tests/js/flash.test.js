import assert from "node:assert/strict";
import { beforeEach, describe, mock, test } from "node:test";
import { flash, flashHeard } from "../../static/js/live/flash.js";

const SHOWN = 1_500;

/** An element as far as flashing looks at it; `top` and `bottom` in px of a window with its bar above 60 and its foot below 600. */
function element({ top = 100, bottom = 140, isShown = true, isSeen = true, within = [] } = {}) {
  const classes = new Set();
  return {
    classes,
    classList: { add: (name) => classes.add(name), remove: (name) => classes.delete(name) },
    closest: () => (isShown ? {} : null),
    checkVisibility: () => isSeen,
    getBoundingClientRect: () => ({ top, bottom }),
    contains: (other) => within.includes(other),
  };
}

describe("flashing", () => {
  /** What the page has, by selector. */
  let page = {};

  beforeEach(() => {
    page = { "[data-top]": element({ top: 0, bottom: 60 }), "[data-foot]": element({ top: 600, bottom: 656 }) };
    const all = (selector) => [page[selector] ?? []].flat();
    const querySelector = (selector) => all(selector)[0] ?? null;
    globalThis.document = /** @type {any} */ ({ querySelector, querySelectorAll: all, getElementsByTagName: all });
    mock.timers.reset();
    mock.timers.enable({ apis: ["setTimeout"] });
  });

  const isFresh = (one) => one.classes.has("is-fresh");

  test("shows for a moment what a key ticked, flagged or added", () => {
    const [point, flag, extra] = [element(), element(), element()];
    page['[data-point-row="7"]'] = point;
    page['[data-question="3"] [data-flag="depth"]'] = flag;
    page['[data-unlisted-list] [data-key="abc"]'] = extra;
    assert.ok(flash("point", 7) && flash("flag", { question: 3, name: "depth" }) && flash("extra", "abc"));
    assert.ok([point, flag, extra].every(isFresh));
    mock.timers.tick(SHOWN);
    assert.ok(![point, flag, extra].some(isFresh));
  });

  test("starts again with the next key", () => {
    const point = element();
    page['[data-point-row="7"]'] = point;
    flash("point", 7);
    mock.timers.tick(SHOWN - 100);
    flash("point", 7);
    mock.timers.tick(SHOWN - 100);
    assert.ok(isFresh(point));
    mock.timers.tick(100);
    assert.ok(!isFresh(point));
  });

  test("shows the rating that was set, or the whole scale where it was cleared, also in the bar at the bottom", () => {
    const [step, scale] = [element({ top: 610, bottom: 640 }), element({ top: 610, bottom: 640 })];
    page['[data-question="3"] .step:has([value="2"])'] = step;
    page['[data-question="3"] [data-rate]'] = scale;
    page[".one.is-shown .rating"] = element({ top: 600, bottom: 656, within: [step, scale] });
    assert.ok(flash("rating", { question: 3, value: 2 }));
    assert.deepEqual([isFresh(step), isFresh(scale)], [true, false]);
    assert.ok(flash("rating", { question: 3, value: null }));
    assert.ok(isFresh(scale));
  });

  test("tells what is out of sight: above, below, on another card, or hidden", () => {
    for (const where of [{ top: 20 }, { bottom: 630 }, { isShown: false }, { isSeen: false }]) {
      const point = element(where);
      page['[data-point-row="7"]'] = point;
      assert.deepEqual([flash("point", 7), isFresh(point)], [false, false], JSON.stringify(where));
    }
    assert.equal(flash("point", 8), false);
  });

  test("shows nothing under a dialog, and needs no words there", () => {
    const point = element();
    page['[data-point-row="7"]'] = point;
    page.dialog = { open: true };
    assert.deepEqual([flash("point", 7), isFresh(point)], [true, false]);
  });

  test("shows the point that a colleague heard", () => {
    const [point, extra] = [element(), element()];
    page['[data-point-row="7"]'] = point;
    page['[data-unlisted-list] [data-key="abc"]'] = extra;
    const events = [
      { kind: "tick", payload: { point: 7 } },
      { kind: "unlisted_tick", payload: { client_id: "abc" } },
    ];
    assert.ok(events.every((event) => flashHeard(/** @type {any} */ (event))));
    assert.ok(isFresh(point) && isFresh(extra));
  });
});
