// Decides which key was pressed, and whether it is a command or text. Pure: no page and no clock.

/** Single keys pause for this many ms after the last typed character. */
export const REST = 1_000;
/** MANY keys within this many ms are text, wherever the focus is. */
export const BURST = 250;
const MANY = 3;

/**
 * The key by the character that it types. Layouts without Latin letters use the physical position instead. Non-ASCII
 * characters of a Latin layout ("é" on the 2 key, "ö") are text, never a command.
 * @param {{key: string, code?: string}} event
 */
export function keyOf({ key, code = "" }) {
  const isForeign = /^[\p{L}\p{M}\p{Nd}]{1,2}$/u.test(key) && !/[\p{ASCII}\p{Script=Latin}\p{Script=Inherited}]/u.test(key);
  const place = isForeign && /^(?:Key([A-Z])|Digit([1-9]))$/.exec(code);
  if (place) return place[1]?.toLowerCase() ?? place[2];
  return /^[A-Z]$/.test(key) ? key.toLowerCase() : key;
}

/** Whether the key is part of composing a character: by an input method, a dead key, or AltGr. */
export function isComposed(event) {
  return (
    event.isComposing || event.keyCode === 229 || ["Dead", "Process"].includes(event.key) || Boolean(event.getModifierState?.("AltGraph"))
  );
}

/** The character that a key types, or null. */
export function charOf({ key, ctrlKey, metaKey, altKey }) {
  return ctrlKey || metaKey || altKey || [...key].length > 2 || !/^(?:\P{ASCII}+|[ -~])$/u.test(key) ? null : key;
}

/**
 * Tells commands from text by time alone.
 *
 * @typedef {{char: string, at: number, isInField: boolean, opens: boolean, hides?: boolean, undo?: () => void}} Press
 *   `opens`: it leads into a text field; `hides`: it is the privacy key
 */
export function createTyping() {
  let typedAt = -Infinity;
  /** @type {Press[]} */
  let run = [];
  let isAfterDead = false;
  let hasLeft = false;

  return {
    /** A character was typed into a text field, at this time (ms). */
    typed(at) {
      typedAt = at;
      hasLeft = false;
    },

    /**
     * A text field was left on purpose: by Escape, or by Enter in one of a single line. After it the privacy key and the
     * keys that open a field do not rest: what follows is hidden, or is text again.
     */
    leftByKey() {
      hasLeft = true;
    },

    /** @param {number} at @param {{hides?: boolean, opens?: boolean}} [press] */
    isResting: (at, press) => at - typedAt < REST && !(hasLeft && (press?.hides || press?.opens)),

    /** The key after a dead key completes its character. @returns {boolean} whether this is that key */
    isSecondOfTwo(event) {
      const was = isAfterDead;
      if (event.key !== "Shift") isAfterDead = event.key === "Dead";
      return was && event.key !== "Dead";
    },

    /**
     * Count a press. A run starts with a key outside text fields. A key that opens a field starts no run, nor do the keys
     * typed into that field. The privacy key acts however fast it comes: a run that ends with it is text only if more
     * follows.
     * @param {Press} press @returns {Press[]|null} the whole run if it is text
     */
    add(press) {
      const goesOn = run.length >= MANY && press.at - run[run.length - 1].at <= BURST;
      run = [...(goesOn ? run : run.filter(({ at }) => press.at - at <= BURST)), press];
      while (run.length && (run[0].isInField || run[0].opens)) run.shift();
      if (run.length < MANY || press.hides) return null;
      const text = run;
      run = [];
      return text;
    },
  };
}
