import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser.js";
import { element, pageWith } from "./elements.js";

globalThis.HTMLElement ??= /** @type {any} */ (class {});
pageWith({});
await import("../../static/js/bank.js");

/** Press a key outside of fields. @returns {string[]} what it did */
function press(key, parts) {
  const done = [];
  const link = element({ click: () => done.push("link"), closest: () => null });
  const search = element({ select: () => done.push("search"), checkVisibility: () => true });
  pageWith({ '[data-key="i"]': link, "#search[aria-keyshortcuts]": search, ...parts });
  const target = { closest: () => null, matches: () => false, isContentEditable: false };
  const event = Object.assign(new Event("keydown", { cancelable: true }), { key });
  Object.defineProperty(event, "target", { value: target });
  document.dispatchEvent(event);
  return done;
}

test("keys of the bank wait while a dialog is open", () => {
  globalThis.CSS ??= { escape: (text) => text };
  assert.deepEqual(press("i"), ["link"]);
  assert.deepEqual(press("/"), ["search"]);
  const dialog = { "dialog[open]": element() };
  assert.deepEqual(press("i", dialog), []);
  assert.deepEqual(press("/", dialog), []);
});
