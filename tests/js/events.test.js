// state.js against the table of events; the server is held to the same table by interviews/live/tests/test_events.py.

import assert from "node:assert/strict";
import { test } from "node:test";
import { apply } from "../../static/js/live/state.js";
import { callWith, events } from "./fixtures.js";

const byId = (rows) => [...rows].sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));

for (const { title, kind, before, event, after } of events) {
  test(`${kind}: ${title}`, () => {
    const state = callWith(before);
    const unchanged = structuredClone(state);
    const wanted = { ...callWith(before), ...after, streams: { ...state.streams, [event.stream]: event.seq } };

    const once = apply(state, event);

    assert.deepEqual(once, wanted);
    assert.deepEqual(state, unchanged, "apply changes no state in place");
    const twice = apply(once, event);
    assert.deepEqual({ ...twice, ticks: byId(twice.ticks) }, { ...once, ticks: byId(once.ticks) }, "twice is the same as once");
  });
}

test("an unknown kind changes nothing but the number of its stream", () => {
  const state = callWith();
  assert.deepEqual(apply(state, { kind: "later", payload: {}, stream: "own", seq: 4 }), { ...state, streams: { shared: 0, own: 4 } });
});
