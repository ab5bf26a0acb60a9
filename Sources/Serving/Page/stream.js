// Plays a title by Media Source (W3C): one SourceBuffer for the video, one for the audio, fed with the title's own CMAF segments.

import { chooseRung } from './adaptation.js';
import { startOfNextRange } from './buffer.js';
import { download, retried } from './download.js';
import { Feeder } from './feeder.js';
import { get, HTTPFailure } from './http.js';
import { parsePlaylist } from './playlist.js';
import { Throughput } from './throughput.js';

/** Seconds buffered ahead: while playing; before anybody has pressed play, one segment; and at least, where the browser has little room. */
const ahead = { playing: 30, waiting: 0.1, least: 6 };
/** Seconds that the playhead may be moved on by itself, to where a track begins. */
const largestGap = 1;

export class Stream {
  isClosed = false;
  throughput = new Throughput();

  #video;
  #say;
  #source = new MediaSource();
  #feeders;
  #playlists = new Map();
  #inits = new Map();
  #videoPlaylist;
  #hasStarted = false;
  #hasPlayed = false;
  #hasFailed = false;
  #isInterrupted = false;
  #limit = ahead.playing;
  #closing = new AbortController();

  /**
   * @param rungs renditions of one codec that the browser decodes; empty for a title without video.
   * @param sound gives the audio track that is chosen now; undefined for a title without audio.
   * @param say shows a sentence; an empty one takes it away.
   */
  constructor(video, { rungs, sound, say }) {
    this.#video = video;
    this.#say = say;
    const ladder = [...rungs].sort((one, other) => one.bandwidth - other.bandwidth);
    this.#feeders = [];
    if (ladder.length > 0) {
      this.#feeders.push(new Feeder(this, 'video', (buffered, current, abandoned) => {
        const slower = ladder.filter((rung) => !abandoned || rung.bandwidth < abandoned.bandwidth);
        return chooseRung(slower.length > 0 ? slower : ladder, current, this.#link(buffered));
      }));
    }
    if (sound) this.#feeders.push(new Feeder(this, 'audio', sound));
  }

  // ---- What the player does

  /** Begins at `time`. Returns when the first segments are on their way, or when a failure was told. */
  async open(time = 0) {
    const video = this.#video;
    this.#hasPlayed = !video.paused;
    const opened = new Promise((resolve) => { this.#source.addEventListener('sourceopen', resolve, { once: true }); });
    const address = URL.createObjectURL(this.#source);
    video.src = address;
    await opened;
    URL.revokeObjectURL(address);
    if (time > 0) video.currentTime = time;
    this.#listen();
    await this.#start();
  }

  /** The sound that was chosen is another one now. */
  replaceAudio() {
    this.#feeders.at(-1)?.replace();
  }

  close() {
    this.isClosed = true;
    this.#closing.abort();
    for (const feeder of this.#feeders) feeder.close();
  }

  // ---- What the feeders ask and tell

  /** The browser has given this source up. */
  get isBroken() { return this.#video.error !== null; }

  get time() { return this.#video.currentTime; }

  /** Seconds that are to be buffered ahead. A film that is paused is buffered so far and no further. */
  get goal() { return this.#hasPlayed ? this.#limit : ahead.waiting; }

  wake() { for (const feeder of this.#feeders) feeder.wake(); }

  /** The browser took no more than `seconds`. */
  holdLess(seconds) { this.#limit = Math.max(ahead.least, Math.min(this.#limit, seconds) * 0.8); }

  /** A track's media playlist, loaded once. */
  playlist(track, signal) {
    return this.#once(this.#playlists, track.url, signal, async () => {
      const base = new URL(track.url, location.href);
      return parsePlaylist(await get(base, 'text'), base);
    });
  }

  /** An init segment, loaded once. */
  init(url, signal) { return this.#once(this.#inits, url, signal, () => download(url, { signal: this.#closing.signal })); }

  /** Moves the playhead over a gap in what is buffered, where it is a small one. */
  leap() {
    const start = startOfNextRange(this.#video.buffered, this.time);
    if (start !== undefined && start - this.time <= largestGap) this.#video.currentTime = start + 0.001;
  }

  /** The end of the stream is declared when all of every track is there, so that the last frame is shown and the film ends. */
  endIfDone() {
    if (this.#source.readyState === 'open' && this.#feeders.every((feeder) => feeder.isDone)) this.#source.endOfStream();
  }

  /** A first failure is nobody's business: most are over at once. */
  tellOfRetry(error, count) {
    if (count === 0 || this.isClosed) return;
    this.#isInterrupted = true;
    this.#say(`The connection is interrupted (${error.message}). Trying again\u2026`);
  }

  tellOfSuccess() {
    if (!this.#isInterrupted) return;
    this.#isInterrupted = false;
    if (!this.isClosed && !this.#hasFailed) this.#say('');
  }

  fail(error) {
    this.#hasFailed = true;
    const isGone = error instanceof HTTPFailure && (error.status === 404 || error.status === 410);
    this.#say(isGone
      ? 'This version of the title is no longer there: it was replaced or taken off. Reload the page to see what there is now.'
      : `The title cannot be loaded any further (${error.message}). Press play to try again.`);
    this.#pauseWhereNothingIsLeft();
  }

  // ---- Inside

  /** Playlists first: they tell the duration, which must stand before anything is appended. */
  async #start() {
    try {
      const { signal } = this.#closing;
      const playlists = await Promise.all(this.#feeders.map((feeder) => this.playlist(feeder.choice, signal)));
      if (this.isClosed) return;
      this.#videoPlaylist = playlists[0];
      this.#source.duration = Math.max(...playlists.map((playlist) => playlist.duration));
      for (const feeder of this.#feeders) feeder.attach(this.#source);
      for (const feeder of this.#feeders) feeder.run();
      this.#hasStarted = true;
    } catch (error) {
      if (!this.isClosed) this.fail(error);
    }
  }

  #listen() {
    const { signal } = this.#closing;
    const on = (name, action) => this.#video.addEventListener(name, action, { signal });
    on('timeupdate', () => this.wake());
    on('waiting', () => {
      this.wake();
      this.#pauseWhereNothingIsLeft();
    });
    on('seeking', () => {
      this.#retry();
      if (this.#hasStarted) for (const feeder of this.#feeders) feeder.seek(this.#videoPlaylist);
    });
    on('play', () => {
      this.#hasPlayed = true;
      this.#retry();
      this.wake();
    });
    window.addEventListener('online', () => this.#retry(), { signal });
  }

  #retry() {
    if (!this.#hasFailed) return;
    this.#hasFailed = false;
    this.#say('');
    if (this.#hasStarted) for (const feeder of this.#feeders) feeder.retry();
    else this.#start();
  }

  /** So that there is a play button to press. */
  #pauseWhereNothingIsLeft() {
    if (this.#hasFailed && this.#video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) this.#video.pause();
  }

  #link(buffered) {
    const scale = window.devicePixelRatio || 1;
    return {
      bitsPerSecond: this.throughput.bitsPerSecond, ahead: buffered,
      width: this.#video.clientWidth * scale, height: this.#video.clientHeight * scale,
    };
  }

  /** What `load` gives, kept by its address; a failure is not kept. */
  #once(kept, url, signal, load) {
    if (!kept.has(url)) {
      const loading = retried(load, { signal: this.#closing.signal, onRetry: (error, count) => this.tellOfRetry(error, count) });
      loading.catch(() => kept.delete(url));
      kept.set(url, loading);
    }
    return kept.get(url);
  }
}
