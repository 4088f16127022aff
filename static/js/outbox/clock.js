// The server's time, by which changes are dated and their age is counted.

/**
 * The server's time in ms: its last timestamp plus a monotonic clock. Corrected forwards only: a repeated receipt has an
 * old timestamp, and a device that slept is behind.
 */
export function createClock(iso) {
  let begin = Date.parse(iso) - performance.now();
  return {
    now: () => begin + performance.now(),
    correct(said) {
      begin = Math.max(begin, Date.parse(said) - performance.now() || -Infinity);
    },
  };
}
