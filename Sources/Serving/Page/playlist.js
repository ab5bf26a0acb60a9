// Media playlists (RFC 8216, 4.3.3) as Reelmill writes them: complete, one init segment, one file a segment, no discontinuity.

/**
 * Reads a media playlist. Times are in seconds from the title's start; lengths are added up in whole microseconds, as they are written,
 * so that no rounding grows with the title.
 */
export function parsePlaylist(text, base) {
  const lines = text.split(/\r?\n/);
  if (lines[0].trim() !== '#EXTM3U') throw new Error('a playlist cannot be read');
  let [init, microseconds, length] = [null, 0, 0];
  const segments = [];
  for (const line of lines) {
    if (line.startsWith('#EXTINF:')) length = Math.round(parseFloat(line.slice(8)) * 1e6);
    const map = /^#EXT-X-MAP:.*URI="([^"]*)"/.exec(line);
    if (map) init = new URL(map[1], base).href;
    if (line === '' || line.startsWith('#')) continue;
    segments.push({ start: microseconds / 1e6, end: (microseconds + length) / 1e6, url: new URL(line, base).href });
    microseconds += length;
  }
  return { init, segments, duration: microseconds / 1e6 };
}

/** The number of the segment that is shown at `time`; of the last one where `time` is at or behind the end. */
export function segmentAt(segments, time) {
  let [low, high] = [0, segments.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (segments[middle].start <= time) low = middle; else high = middle - 1;
  }
  return low;
}
