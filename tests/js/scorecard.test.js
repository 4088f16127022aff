import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser.js";
import { pageWith } from "./elements.js";

const { showRating } = await import("../../static/js/scorecard/ratings.js");
const { explain } = await import("../../static/js/scorecard/texts.js");

test("what the live page has left of a question without an answer here is no error, which would hold up the other receipts", () => {
  pageWith({});
  assert.doesNotThrow(() => showRating(9, { value: 4, flags: [] }));
  assert.doesNotThrow(() => explain(document.querySelector('[data-note="9"]'), ""));
});
