import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createView } from "../../static/js/live/view.js";
import { callWith, START } from "./fixtures.js";

const PARK = { id: "a", client: "c", n: 1, kind: "park", target: 3, value: true, at: START };
const isParked = (state) => state.questions.find(({ id }) => id === 3).parked;

describe("createView", () => {
  test("shows a pending command at once, and the server's state stays as it is", () => {
    const view = createView(callWith());
    view.refresh([PARK]);
    assert.ok(isParked(view.state()));
    assert.ok(!isParked(view.server()));
    view.refresh([]);
    assert.ok(!isParked(view.state()));
  });

  test("shows an acknowledged command until its event is there", () => {
    const view = createView(callWith());
    view.acknowledge(PARK, { shared: 1, own: null });
    view.refresh([]);
    assert.ok(isParked(view.state()));
    view.receive([{ kind: "unknown", payload: {}, stream: "shared", seq: 1 }]);
    view.refresh([]);
    assert.ok(!isParked(view.state()));
  });

  test("receives the next event of a stream, and none twice or after a gap", () => {
    const view = createView(callWith());
    const event = (seq) => ({ kind: "unknown", payload: {}, stream: "own", seq });
    assert.deepEqual(
      view.receive([event(1), event(1), event(3), event(2)]).map(({ seq }) => seq),
      [1, 2],
    );
    assert.equal(view.server().streams.own, 2);
  });

  test("is gone where I was removed from the panel", () => {
    const view = createView(callWith());
    view.gone();
    view.refresh([]);
    assert.equal(view.state().interview.status, "gone");
  });
});
