// Which key was meant, and whether it was meant as a command at all. Pure: no page, no clock of its own.

/** Single keys rest for so many ms after the last typed character. */
export const REST = 1_000;
/** So many keys within so many ms are text, whatever has the focus. */
export const BURST = 250;
const MANY = 3;

/**
 * The key by what its owner sees on it: the character that it prints. A layout without Latin letters gets the physical
 * keys. What a Latin layout prints outside ASCII ("é" on the key of the 2, "ö") is text, never a command.
 * @param {{key: string, code?: string}} event
 */
export function keyOf({ key, code = "" }) {
  const isForeign = /^[\p{L}\p{M}\p{Nd}]{1,2}$/u.test(key) && !/[\p{ASCII}\p{Script=Latin}\p{Script=Inherited}]/u.test(key);
  const place = isForeign && /^(?:Key([A-Z])|Digit([1-9]))$/.exec(code);
  if (place) return place[1]?.toLowerCase() ?? place[2];
  return /^[A-Z]$/.test(key) ? key.toLowerCase() : key;
}

/** Whether the key is on its way to becoming a character: an input method, a dead key, or the level that AltGr opens. */
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
 * @typedef {{char: string, at: number, isInField: boolean, opens: boolean, undo?: () => void}} Press  `opens`: it leads into a text field
 */
export function createTyping() {
  let typedAt = -Infinity;
  /** @type {Press[]} */
  let run = [];
  let isAfterDead = false;

  return {
    /** A character came into a text field, at this moment (ms). */
    typed(at) {
      typedAt = at;
    },

    isResting: (at) => at - typedAt < REST,

    /** What follows a dead key is one character with it. @returns {boolean} whether this is such a one */
    isSecondOfTwo(event) {
      const was = isAfterDead;
      if (event.key !== "Shift") isAfterDead = event.key === "Dead";
      return was && event.key !== "Dead";
    },

    /**
     * Count a press. A run begins with a key outside of text fields; one that opens a field is the way into it, and what
     * follows there is its text.
     * @param {Press} press @returns {Press[]|null} the whole run where it is text
     */
    add(press) {
      run = [...run.filter(({ at }) => press.at - at <= BURST), press];
      while (run.length && (run[0].isInField || run[0].opens)) run.shift();
      if (run.length < MANY) return null;
      const text = run;
      run = [];
      return text;
    },
  };
}
