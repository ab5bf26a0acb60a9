// How fast the link is.

/** What is assumed before anything was measured, bits a second: little, so that a slow link shows a picture soon. */
const assumed = 1_000_000;
/** Transfers of fewer bytes and less time than this tell of delays rather than of the link. */
const smallest = { bytes: 16_000, seconds: 1 };

/**
 * Two moving averages of what was measured, one of which follows within 2 s of transfer and one within 6. The lesser counts: a link that
 * gets slower is believed at once, one that gets faster after a while.
 */
export class Throughput {
  #averages = [2, 6].map((halfLife) => ({ halfLife, sum: 0, weight: 0 }));

  /** A transfer that took `seconds`. */
  add(bytes, seconds) {
    if (bytes < smallest.bytes && seconds < smallest.seconds) return;
    // A transfer out of the browser's cache takes no time at all.
    const time = Math.max(seconds, 0.001);
    for (const average of this.#averages) {
      const kept = 0.5 ** (time / average.halfLife);
      average.sum = average.sum * kept + ((bytes * 8) / time) * (1 - kept);
      average.weight = average.weight * kept + (1 - kept);
    }
  }

  /** Bits a second. */
  get bitsPerSecond() {
    return Math.min(...this.#averages.map(({ sum, weight }) => (weight > 0 ? sum / weight : assumed)));
  }
}
