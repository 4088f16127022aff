import assert from "node:assert/strict";
import { test } from "node:test";
import { sortAdopted } from "../../static/js/outbox/adopted.js";

const DAY = 24 * 3_600_000;
const NOW = 100 * DAY;
const entry = (id, rest = {}) => ({ id, kind: "rate", at: NOW - DAY, ...rest });
const idsOf = (sorted) => Object.fromEntries(Object.entries(sorted).map(([name, rows]) => [name, rows.map(({ id }) => id)]));

test("what a closed page left is sent, shown as refused, or offered again as a draft", () => {
  const entries = [
    entry("a"),
    entry("b", { at: NOW - 7 * DAY }),
    entry("c", { kind: "draft", at: NOW - 30 * DAY }),
    entry("d", { refused: "No.", at: NOW - 30 * DAY }),
    entry("e", { kind: "draft", refused: "You typed this but didn’t add it." }),
    entry("f"),
  ];
  const sorted = sortAdopted(entries, NOW);
  assert.deepEqual(idsOf(sorted), { waiting: ["a", "f"], tooOld: ["b"], drafts: ["c"], refused: ["d", "e"] });
  assert.match(sorted.tooOld[0].refused, /more than a week old/);
});
