import assert from "node:assert/strict";
import { test } from "node:test";

const { agree, placeOf } = await import("../../static/js/zone.js");
const WINTER = Date.UTC(2026, 0, 15, 12);

test("zones agree where their clocks do, the whole year", () => {
  assert.equal(agree("Europe/Malta", "Europe/Berlin", WINTER), true);
  assert.equal(agree("Asia/Kolkata", "Asia/Calcutta", WINTER), true);
  assert.equal(agree("Europe/Malta", "America/New_York", WINTER), false);
  assert.equal(agree("Europe/London", "Africa/Abidjan", WINTER), false, "they agree in winter only");
  assert.equal(agree("Mars/Olympus", "Europe/Malta", WINTER), true, "nothing is said about an unknown one");
});

test("the place of a zone is the one that pages name", () => {
  assert.equal(placeOf("America/Argentina/Buenos_Aires"), "Buenos Aires");
  assert.equal(placeOf("UTC"), "UTC");
});
