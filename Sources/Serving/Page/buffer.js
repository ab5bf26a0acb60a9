// One SourceBuffer: its operations one after another, and what it holds.

/** Seconds by which the ends of two buffered ranges may differ and still count as one place: less than a frame. */
const rounding = 0.01;

/** The end of what is buffered without a gap from `time` on; undefined where nothing is. */
export function endOfRange(ranges, time) {
  for (let index = 0; index < ranges.length; index += 1) {
    if (ranges.start(index) <= time + rounding && time <= ranges.end(index) + rounding) return ranges.end(index);
  }
  return undefined;
}

/** Where the first buffered range behind `time` begins. */
export function startOfNextRange(ranges, time) {
  for (let index = 0; index < ranges.length; index += 1) {
    if (ranges.start(index) > time) return ranges.start(index);
  }
  return undefined;
}

export class TrackBuffer {
  #source;
  #type;
  #last = Promise.resolve();

  constructor(mediaSource, type) {
    this.#source = mediaSource.addSourceBuffer(type);
    this.#type = type;
  }

  get ranges() { return this.#source.buffered; }

  /** Appends whole segments alone, so that the parser always stands between two of them and never has to be reset. */
  append(bytes) { return this.#after(() => this.#source.appendBuffer(bytes)); }

  /** Removes `[start, end)`, in seconds. */
  remove(start, end) { return this.#after(() => this.#source.remove(start, end)); }

  /** What is appended next is of another codec. */
  changeType(type) {
    if (type === this.#type) return;
    this.#source.changeType(type);
    this.#type = type;
  }

  /** A SourceBuffer takes an operation only when the one before is over. */
  #after(operation) {
    const done = this.#last.then(() => new Promise((resolve, reject) => {
      this.#source.onerror = () => reject(new Error('the browser cannot read a segment'));
      this.#source.onupdateend = resolve;
      operation();
    }));
    this.#last = done.catch(() => {});
    return done;
  }
}
