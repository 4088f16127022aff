// How long to wait before the next try.

const SHORTEST = 500;
// The longest pause between tries, so that a recovered server is found within seconds. Retry-After may ask for more.
const LONGEST = 5_000;
const LONGEST_ASKED = 30_000;

/**
 * The pause in ms after so many failures in a row, with some chance in it, so that not all pages come back at once.
 * @param {number} failures @param {number} [asked] ms for which the server asked
 */
export function pauseAfter(failures, asked = 0) {
  const delay = Math.min(LONGEST, SHORTEST * 2 ** Math.min(failures, 10)) * (0.75 + Math.random() / 2);
  return Math.max(delay, Math.min(LONGEST_ASKED, asked));
}
