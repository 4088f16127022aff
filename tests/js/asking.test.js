import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import "./browser.js";
import { element, pageWith } from "./elements.js";
import { callWith } from "./fixtures.js";

const { createAsking } = await import("../../static/js/live/asking.js");

describe("a question that is not in the script", () => {
  let field, form, says, list, added, waiting, call;

  beforeEach(() => {
    [field, form, says, list] = [element({ value: "Why a queue?" }), element(), element(), element()];
    [added, waiting, call] = [[], [], callWith()];
    pageWith({
      "#add": element({ close() {} }),
      "[data-add-field]": field,
      "[data-add-form]": form,
      "[data-add-says]": says,
      "[data-add-list]": element(),
      "[data-add]": element(),
      "[data-adding]": element(),
      "[data-adding-list]": list,
    });
  });

  const askingHere = (held = {}) =>
    createAsking({
      state: () => call,
      now: () => 10_000,
      url: "/bank/",
      actions: { add: (value, row) => added.push(value, row) },
      moves: {},
      outbox: { persistDraft() {}, waiting: () => waiting },
      drawers: {},
      onAdded() {},
      held: { rows: () => [], fill() {}, ...held },
      explain() {},
    });

  test("is asked, and its field emptied", () => {
    askingHere();
    form.dispatchEvent(new Event("submit"));
    assert.deepEqual([added, field.value], [[{ text: "Why a queue?" }, { prompt: "Why a queue?", is_rated: true }], ""]);
  });

  test("stays in its field with the reason, if the call has ended meanwhile", () => {
    askingHere();
    call = callWith({ interview: { ...call.interview, status: "ended" } });
    form.dispatchEvent(new Event("submit"));
    assert.deepEqual([added, field.value, says.textContent], [[], "Why a queue?", "The call has ended."]);
  });

  test("is not shown as waiting once it is undone", () => {
    const filled = [];
    Object.assign(list, { children: [element({ dataset: { key: "abc" } })], insertBefore() {} });
    list.children[0].remove = () => {};
    waiting = [{ kind: "add", target: "abc", value: { text: "One?" }, at: 0 }];
    const asking = askingHere({ fill: (_row, { key }) => filled.push(key) });
    asking.paint();
    waiting.push({ kind: "add", target: "abc", value: null, at: 1 });
    asking.paint();
    assert.deepEqual(filled, ["abc"]);
  });

  test("keeps its row in place while it waits for its card: moved, it would lose the caret", () => {
    const rows = ["abc", "def"].map((key) => element({ dataset: { key } }));
    const moved = [];
    Object.assign(list, { children: rows, insertBefore: (row) => moved.push(row) });
    // The first one's command has left, the second one waits.
    waiting = [{ kind: "add", target: "def", value: { text: "Two?" }, at: 0 }];
    askingHere({ rows: () => [{ key: "abc", text: "One?" }] }).paint();
    assert.deepEqual(moved, []);
  });
});
