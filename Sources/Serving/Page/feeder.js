// Keeps one SourceBuffer filled from the playhead on, segment by segment.

import { isTooSlow } from './adaptation.js';
import { endOfRange, TrackBuffer } from './buffer.js';
import { mimeType } from './codecs.js';
import { download, retried } from './download.js';
import { segmentAt } from './playlist.js';

/** Seconds that stay buffered behind the playhead, for short ways back. */
const behind = 30;

/**
 * A loop that looks, before each segment, at what the browser holds and what is wanted now, and fetches what is missing first. So a seek,
 * another rung, a full buffer and ranges that the browser has thrown away need no bookkeeping: only to be looked at again.
 */
export class Feeder {
  /** True while nothing is left to append between the playhead and the end. */
  isDone = false;

  #stream;
  #kind;
  #choose;
  #buffer;
  /** The track whose init segment was appended last. */
  #track;
  /** Number of the segment that was appended last, since the last seek. */
  #fed;
  /** Number of the segment that is on its way, and what ends its way. */
  #fetching;
  #transfer = new AbortController();
  /** The rung whose transfer was given up: a lower one is next. */
  #abandoned;
  #wasSought = false;
  #isOutdated = false;
  #hasFailed = false;
  #wake = () => {};

  /**
   * @param kind `video` or `audio`.
   * @param choose gives the track of the next segment; is told the seconds buffered, the last track, and one that was too slow.
   */
  constructor(stream, kind, choose) {
    this.#stream = stream;
    this.#kind = kind;
    this.#choose = choose;
  }

  /** The track that would be fetched now. */
  get choice() { return this.#choose(0, undefined, undefined); }

  attach(mediaSource) { this.#buffer = new TrackBuffer(mediaSource, this.#type(this.choice)); }

  async run() {
    while (!this.#stream.isClosed) {
      try {
        if (!await this.#step()) await new Promise((resolve) => { this.#wake = resolve; });
      } catch (error) {
        // A transfer that was broken off on purpose is no failure, and what the browser cannot decode it says by itself.
        if (this.#stream.isBroken) return;
        if (this.#transfer.signal.aborted || this.#stream.isClosed) continue;
        this.#hasFailed = true;
        this.#stream.fail(error);
      }
    }
  }

  /** Something may be wanted now that was not before. */
  wake() { this.#wake(); }

  /** After a failure: somebody has asked for another attempt. */
  retry() {
    this.#hasFailed = false;
    this.wake();
  }

  /** The playhead was moved. What is on its way comes to an end only where it is still what is wanted. */
  seek(playlist) {
    this.#wasSought = true;
    if (this.#fetching !== undefined && this.#fetching !== segmentAt(playlist.segments, this.#stream.time)) this.#transfer.abort();
    this.wake();
  }

  /** Another track was chosen: what is buffered of the last one goes. */
  replace() {
    this.#isOutdated = true;
    this.#transfer.abort();
    this.wake();
  }

  close() {
    this.#transfer.abort();
    this.wake();
  }

  #type(track) { return mimeType(this.#kind, track.codecs); }

  /** Feeds one segment; false: none is wanted now. */
  async #step() {
    if (this.#hasFailed) return false;
    this.isDone = false;
    this.#transfer = new AbortController();
    if (this.#isOutdated) {
      this.#isOutdated = false;
      this.#track = undefined;
      await this.#buffer.remove(0, Infinity);
      this.#wasSought = true;
    }
    if (this.#wasSought) this.#fed = undefined;
    this.#wasSought = false;

    const track = this.#choose(this.#ahead, this.#track, this.#abandoned);
    const playlist = await this.#stream.playlist(track, this.#transfer.signal);
    const number = this.#next(playlist.segments);
    this.isDone = number === playlist.segments.length;
    if (this.isDone) this.#stream.endIfDone();
    if (this.isDone || this.#ahead >= this.#stream.goal) return false;

    const bytes = await this.#fetch(track, playlist.segments[number], number);
    if (bytes) await this.#append(track, playlist, number, bytes);
    return true;
  }

  /** Seconds that can be played from the playhead on. */
  get #ahead() {
    const { time } = this.#stream;
    return Math.max(0, (endOfRange(this.#buffer.ranges, time) ?? time) - time);
  }

  /** Number of the first segment that is missing from the playhead on. A segment is there where its middle is: ends are rounded. */
  #next(segments) {
    const { time } = this.#stream;
    const end = endOfRange(this.#buffer.ranges, time);
    let number = segmentAt(segments, end ?? time);
    if (end !== undefined && end >= (segments[number].start + segments[number].end) / 2) number += 1;
    // What was just appended is not asked for again, even where it begins a little behind the playhead.
    if (end === undefined && number === this.#fed) this.#stream.leap();
    if (number === this.#fed) number += 1;
    return number;
  }

  /** The bytes of a segment; undefined where its transfer was given up. */
  async #fetch(track, segment, number) {
    const { signal } = this.#transfer;
    // As long as it probably is: a server need not tell.
    const total = (track.average_bandwidth * (segment.end - segment.start)) / 8;
    let [loaded, began] = [0, performance.now()];
    const seconds = () => (performance.now() - began) / 1000;
    const attempt = () => {
      [loaded, began] = [0, performance.now()];
      return download(segment.url, { signal, onProgress: (bytes) => { loaded = bytes; } });
    };
    const watch = setInterval(() => {
      if (!isTooSlow({ loaded, total, seconds: seconds() }, this.#ahead) || this.#choose(0, track, track) === track) return;
      this.#abandoned = track;
      this.#transfer.abort();
    }, 250);
    this.#fetching = number;
    this.#abandoned = undefined;
    try {
      const bytes = await retried(attempt, { signal, onRetry: (error, count) => this.#stream.tellOfRetry(error, count) });
      this.#stream.tellOfSuccess();
      return signal.aborted ? undefined : bytes;
    } finally {
      clearInterval(watch);
      this.#fetching = undefined;
      // A link on which nothing comes is broken, not slow.
      if (loaded > 0 || this.#abandoned) this.#stream.throughput.add(loaded, seconds());
    }
  }

  async #append(track, playlist, number, bytes) {
    const { signal } = this.#transfer;
    if (track !== this.#track) {
      const init = await this.#stream.init(playlist.init, signal);
      this.#buffer.changeType(this.#type(track));
      await this.#buffer.append(init);
      this.#track = track;
    }
    if (!await this.#takes(bytes)) {
      this.#stream.holdLess(this.#ahead);
      do {
        // Room comes as the playhead moves on; a seek makes these bytes worthless.
        await new Promise((resolve) => { this.#wake = resolve; });
        if (this.#wasSought || this.#isOutdated || this.#stream.isClosed) return;
        await this.#forget(playlist.segments, 0);
      } while (!await this.#takes(bytes));
    }
    this.#fed = number;
    await this.#forget(playlist.segments, behind);
    this.#stream.wake();
  }

  /** False: the buffer is full. */
  async #takes(bytes) {
    try {
      await this.#buffer.append(bytes);
      return true;
    } catch (error) {
      if (error.name !== 'QuotaExceededError') throw error;
      return false;
    }
  }

  /** Removes whole segments from the start of the buffer, but for the last `seconds` before the playhead. */
  async #forget(segments, seconds) {
    const { ranges } = this.#buffer;
    const { start } = segments[segmentAt(segments, Math.max(0, this.#stream.time - seconds))];
    if (ranges.length > 0 && ranges.start(0) < start) await this.#buffer.remove(0, start);
  }
}
