// Which rung of the ladder is fetched next: a pure function of the link, of what is buffered, and of the picture's size on the screen.

/** How much of the measured throughput a rung may take: less to be begun than to be kept, so that it is not left again at once. */
const share = { begin: 0.7, keep: 0.9 };
/** Seconds of buffered video from which a better rung is tried, and from which a slower link is sat out. */
const enough = { better: 8, same: 20 };

/**
 * @param rungs renditions of one codec by rising `bandwidth` (bits a second, the peak).
 * @param current the rung that was fetched last; undefined at the start.
 * @param link `bitsPerSecond` measured, `ahead` seconds buffered, `width` and `height` of the screen in device pixels.
 */
export function chooseRung(rungs, current, { bitsPerSecond, ahead, width, height }) {
  const useful = usefulRungs(rungs, width, height);
  const affordable = (part) => useful.findLast((rung) => rung.bandwidth <= bitsPerSecond * part) ?? useful[0];
  if (!useful.includes(current)) return affordable(share.begin);
  const wanted = affordable(share.begin);
  if (wanted.bandwidth > current.bandwidth) return ahead >= enough.better ? wanted : current;
  if (current.bandwidth > bitsPerSecond * share.keep && ahead < enough.same) return wanted;
  return current;
}

/** Rungs up to the first that fills the screen in either direction: what is larger costs the link and shows nothing more. */
function usefulRungs(rungs, width, height) {
  const last = rungs.findIndex((rung) => rung.width >= width || rung.height >= height);
  return last < 0 ? rungs : rungs.slice(0, last + 1);
}

/**
 * Whether a transfer should be given up for one of a lower rung: it will end after what is buffered has.
 * @param transfer `loaded` and `total` bytes, after `seconds`.
 */
export function isTooSlow({ loaded, total, seconds }, ahead) {
  if (seconds < 1) return false;
  // Nothing has come yet: that may be the way to the server alone.
  if (loaded === 0) return seconds > ahead / 2;
  return ((total - loaded) * seconds) / loaded > Math.max(ahead, 1);
}
