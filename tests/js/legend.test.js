// Help and the line of keys below the page are written by hand: they name the keys that the page knows, and no others.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const NAMES = { "→": "ArrowRight", "←": "ArrowLeft", "Shift z": "REDO" };
// Not in the table of keys: they go to the browser first, or belong to every number.
const ELSEWHERE = ["Esc", "Ctrl K", ..."0123456789"];

const table = /const keys = \{\n([\s\S]*?)\n {2}\};/.exec(read("static/js/live/keyboard.js"))[1];
const known = [...table.matchAll(/^ {4}(?:\[(\w+)\]|"([^"]+)"|(\w+)):/gm)].map((match) => match[1] ?? match[2] ?? match[3]);
const shown = (path) =>
  [...read(`templates/interviews/live/${path}`).matchAll(/<kbd(?: aria-hidden="true")?>([^<]+)<\/kbd>/g)]
    .map(([, key]) => NAMES[key] ?? key)
    .filter((key) => !ELSEWHERE.includes(key));

describe("the legend of the keys", () => {
  const help = shown("_live_dialogs.html").filter((key) => key !== "↓");

  test("in Help has every key that acts", () => {
    assert.ok(known.length > 20);
    assert.deepEqual(
      known.filter((key) => !help.includes(key)),
      [],
    );
  });

  test("names no key that does nothing", () => {
    const line = shown("_live_legend.html");
    assert.ok(line.length > 10);
    assert.deepEqual(
      [...help, ...line].filter((key) => !known.includes(key)),
      [],
    );
  });
});
