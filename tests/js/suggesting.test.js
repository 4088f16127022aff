import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser.js";

const { problemOf } = await import("../../static/js/live/suggesting.js");

test("a suggestion that names the candidate is not sent, without regard to case and accents", () => {
  const name = "José Ada Li";
  assert.equal(problemOf("Ask what ADA measured", name), "This names the candidate: Ada. Leave the name out.");
  assert.match(problemOf("jose’s answer", name), /José/);
  for (const text of ["Cada one, adamant", "li", "Ask how they measured it"]) assert.equal(problemOf(text, name), "");
});
