import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { createFrame } from "../../static/js/live/frame.js";

describe("painting", () => {
  let log = [];
  let frames = [];
  let frame = null;
  let count = 0;

  beforeEach(() => {
    [log, frames, count] = [[], [], 0];
    Object.assign(globalThis, {
      document: { hidden: false },
      requestAnimationFrame: (callback) => frames.push(callback),
      cancelAnimationFrame: (at) => (frames[at - 1] = () => {}),
    });
    frame = createFrame(() => {
      count += 1;
      const number = count;
      log.push(`paint ${number}`);
      return () => log.push(`settle ${number}`);
    });
  });
  const nextFrame = () => frames.splice(0).forEach((callback) => callback());

  test("comes once for all that changes before the next frame", () => {
    frame.due();
    frame.due();
    assert.deepEqual(log, []);
    nextFrame();
    assert.deepEqual(log, ["paint 1", "settle 1"]);
  });

  test("comes once, at the end of an act, which measures nothing before the frame", () => {
    const answer = frame.together(() => {
      frame.due();
      frame.together(frame.due);
      assert.deepEqual(log, []);
      return "done";
    });
    assert.deepEqual([answer, log], ["done", ["paint 1"]]);
    nextFrame();
    nextFrame();
    assert.deepEqual(log, ["paint 1", "settle 1"]);
  });

  test("goes back to where everything was before the first of two acts, and then paints what came after them", () => {
    frame.together(frame.due);
    frame.together(frame.due);
    frame.due();
    nextFrame();
    assert.deepEqual(log, ["paint 1", "paint 2", "settle 1", "paint 3", "settle 3"]);
  });

  test("does not go back where the page was scrolled on purpose", () => {
    frame.together(frame.due);
    frame.scrolled();
    nextFrame();
    assert.deepEqual(log, ["paint 1"]);
  });

  test("comes before what waits for the frame", () => {
    frame.next(() => log.push("flash"));
    frame.due();
    assert.deepEqual(log, []);
    nextFrame();
    nextFrame();
    assert.deepEqual(log, ["paint 1", "settle 1", "flash"]);
  });

  test("comes also for an act that failed, and at once on a page that nobody sees", () => {
    const failing = () =>
      frame.together(() => {
        frame.due();
        throw new Error("no");
      });
    assert.throws(failing, /no/);
    assert.deepEqual(log, ["paint 1"]);
    document.hidden = true;
    frame.due();
    frame.next(() => log.push("flash"));
    assert.deepEqual(log, ["paint 1", "settle 1", "paint 2", "settle 2", "flash"]);
  });
});
