import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { createFrame } from "../../static/js/live/frame.js";

describe("painting", () => {
  let painted = 0;
  let frames = [];
  let frame = null;

  beforeEach(() => {
    [painted, frames] = [0, []];
    Object.assign(globalThis, {
      document: { hidden: false },
      requestAnimationFrame: (callback) => frames.push(callback),
      cancelAnimationFrame: (at) => (frames[at - 1] = () => {}),
    });
    frame = createFrame(() => {
      painted += 1;
    });
  });
  const nextFrame = () => frames.splice(0).forEach((callback) => callback());

  test("comes once for all that changes before the next frame", () => {
    frame.due();
    frame.due();
    assert.equal(painted, 0);
    nextFrame();
    assert.equal(painted, 1);
  });

  test("comes once, at the end of an act, and not again in the frame after it", () => {
    const answer = frame.together(() => {
      frame.due();
      frame.together(frame.due);
      assert.equal(painted, 0);
      return "done";
    });
    assert.deepEqual([answer, painted], ["done", 1]);
    nextFrame();
    assert.equal(painted, 1);
  });

  test("comes also for an act that failed, and at once on a page that nobody sees", () => {
    const failing = () =>
      frame.together(() => {
        frame.due();
        throw new Error("no");
      });
    assert.throws(failing, /no/);
    assert.equal(painted, 1);
    document.hidden = true;
    frame.due();
    assert.equal(painted, 2);
  });
});
