import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BURST, charOf, createTyping, isComposed, keyOf, REST } from "../../static/js/live/keys.js";

describe("keyOf", () => {
  for (const [layout, event, key] of [
    ["QWERTY", { key: "n", code: "KeyN" }, "n"],
    ["Caps Lock", { key: "N", code: "KeyN" }, "n"],
    ["AZERTY, by what is printed on the key", { key: "a", code: "KeyQ" }, "a"],
    ["Dvorak, by what is printed on the key", { key: "j", code: "KeyC" }, "j"],
    ["AZERTY, a digit by Shift", { key: "1", code: "Digit1" }, "1"],
    ["AZERTY, é on the key of the 2 is text", { key: "é", code: "Digit2" }, "é"],
    ["German, ö is text", { key: "ö", code: "Semicolon" }, "ö"],
    ["Russian, by the place of the key", { key: "т", code: "KeyN" }, "n"],
    ["Greek, by the place of the key", { key: "ν", code: "KeyN" }, "n"],
    ["Hebrew, by the place of the key", { key: "מ", code: "KeyN" }, "n"],
    ["Arabic digits, by the place of the key", { key: "١", code: "Digit1" }, "1"],
    ["Thai, by the place of the key", { key: "ๆ", code: "KeyQ" }, "q"],
    ["named keys as they are", { key: "ArrowDown", code: "ArrowDown" }, "ArrowDown"],
    ["without a code", { key: "?" }, "?"],
  ]) {
    test(layout, () => assert.equal(keyOf(event), key));
  }
});

describe("isComposed", () => {
  const altGr = { key: "@", getModifierState: (name) => name === "AltGraph" };

  for (const [what, event, is] of [
    ["an input method", { key: "n", isComposing: true }, true],
    ["an input method, as Safari says it", { key: "n", keyCode: 229 }, true],
    ["an input method, as Firefox says it", { key: "Process" }, true],
    ["a dead key", { key: "Dead" }, true],
    ["AltGr", altGr, true],
    ["a plain key", { key: "n", keyCode: 78, getModifierState: () => false }, false],
  ]) {
    test(what, () => assert.equal(isComposed(event), is));
  }
});

describe("charOf", () => {
  for (const [key, more, char] of [
    ["n", {}, "n"],
    [" ", {}, " "],
    ["é", {}, "é"],
    ["日", {}, "日"],
    ["Enter", {}, null],
    ["F5", {}, null],
    ["n", { ctrlKey: true }, null],
    ["n", { metaKey: true }, null],
    ["n", { altKey: true }, null],
  ]) {
    test(`${JSON.stringify(key)} ${JSON.stringify(more)}`, () => assert.equal(charOf({ key, ...more }), char));
  }
});

describe("createTyping", () => {
  const press = (char, at, more = {}) => ({ char, at, isInField: false, opens: false, ...more });

  test("single keys rest for a second after typing", () => {
    const typing = createTyping();
    assert.equal(typing.isResting(0), false);
    typing.typed(100);
    assert.equal(typing.isResting(100 + REST - 1), true);
    assert.equal(typing.isResting(100 + REST), false);
  });

  test("three keys in a burst are text", () => {
    const typing = createTyping();
    assert.equal(typing.add(press("t", 0)), null);
    assert.equal(typing.add(press("h", 90)), null);
    assert.deepEqual(
      typing.add(press("e", 180)).map(({ char }) => char),
      ["t", "h", "e"],
    );
    assert.equal(typing.add(press("n", 200)), null, "a new run begins after it");
  });

  test("three keys over a longer time are commands", () => {
    const typing = createTyping();
    assert.deepEqual(
      [0, BURST / 2 + 1, BURST + 2].map((at) => typing.add(press("1", at))),
      [null, null, null],
    );
  });

  test("the privacy key acts however fast it follows other keys, and as often", () => {
    const typing = createTyping();
    const hide = { hides: true };
    assert.deepEqual(
      [press("j", 0), press("1", 80), press("h", 160, hide), press("h", 240, hide)].map((one) => typing.add(one)),
      [null, null, null, null],
    );
    assert.equal(typing.add(press("g", 240 + BURST + 1)), null, "what comes later begins anew");
  });

  test("a burst that goes on after the privacy key is text as a whole", () => {
    const typing = createTyping();
    for (const one of [press("o", 0), press("t", 120), press("h", 240, { hides: true })]) assert.equal(typing.add(one), null);
    assert.deepEqual(
      typing.add(press("e", 420)).map(({ char }) => char),
      ["o", "t", "h", "e"],
    );
  });

  test("after a field was left by key, keys that hide or open a field do not rest; after more typing they do", () => {
    const typing = createTyping();
    typing.typed(0);
    assert.equal(typing.isResting(100, press("h", 100, { hides: true })), true);
    typing.leftByKey();
    assert.equal(typing.isResting(200, press("h", 200, { hides: true })), false);
    assert.equal(typing.isResting(200, press("u", 200, { opens: true })), false);
    assert.equal(typing.isResting(200, press("g", 200)), true);
    typing.typed(300);
    assert.equal(typing.isResting(400, press("u", 400, { opens: true })), true);
    assert.equal(typing.isResting(400, press("h", 400, { hides: true })), true);
  });

  test("a key that opens a field, and what follows in it, are no burst", () => {
    const typing = createTyping();
    assert.equal(typing.add(press("n", 0, { opens: true })), null);
    assert.equal(typing.add(press("o", 60, { isInField: true })), null);
    assert.equal(typing.add(press("k", 120, { isInField: true })), null);
  });

  test("what follows a dead key is one character with it, Shift between them or not", () => {
    const typing = createTyping();
    assert.equal(typing.isSecondOfTwo({ key: "Dead" }), false);
    assert.equal(typing.isSecondOfTwo({ key: "Shift" }), true);
    assert.equal(typing.isSecondOfTwo({ key: "e" }), true);
    assert.equal(typing.isSecondOfTwo({ key: "e" }), false);
  });

  test("a second dead key begins anew", () => {
    const typing = createTyping();
    typing.isSecondOfTwo({ key: "Dead" });
    assert.equal(typing.isSecondOfTwo({ key: "Dead" }), false);
    assert.equal(typing.isSecondOfTwo({ key: "e" }), true);
  });
});
