// The player for a browser without HLS of its own: our segments, by Media Source, in a codec that the browser decodes.

import { canBeFed, codecName, undecodable } from './codecs.js';
import { note } from './dom.js';
import { soundsOf, standardSound } from './sounds.js';
import { Stream } from './stream.js';

export class StreamedPlayer {
  #stage;
  #stream;
  /** The renditions that the browser decodes, one list a codec, in the order of the package. */
  #ladders;
  #sound;

  static isPossible() { return 'MediaSource' in window; }

  constructor(stage) {
    const { video, title } = stage;
    this.#stage = stage;
    this.#ladders = laddersOf(title.renditions);
    this.#sound = standardSound(soundsOf(title));
    video.addEventListener('error', () => this.#fail());
  }

  /** Begins at `time`, in the first of the codecs that are left. */
  open(time = 0) {
    const { video, title } = this.#stage;
    const [rungs] = this.#ladders;
    if (!rungs && title.renditions.length > 0) {
      note(undecodable('video', title.renditions));
      return;
    }
    const hears = this.#track !== undefined;
    if (!hears && title.audio.length > 0) note(undecodable('audio', title.audio));
    if (!hears && !rungs) return;
    this.#stream = new Stream(video, { rungs: rungs ?? [], sound: hears ? () => this.#track : undefined, say: note });
    this.#stream.open(time);
  }

  choose(sound) {
    const last = this.#sound;
    this.#sound = sound;
    if (this.#track) {
      this.#stream?.replaceAudio();
    } else {
      note(undecodable('audio', sound.tracks));
      this.#sound = last;
    }
  }

  close() { this.#stream?.close(); }

  /** The chosen sound in the first of its codecs that the browser decodes. */
  get #track() { return this.#sound?.tracks.find((track) => canBeFed('audio', track.codecs)); }

  /** A browser may say that it decodes a codec and then not do so: then the title goes on in the next one that it has. */
  #fail() {
    const { video, left } = this.#stage;
    if (left || !video.error || !this.#stream || this.#stream.isClosed) return;
    const [time, plays, reason] = [video.currentTime, !video.paused, video.error.message];
    const failed = this.#ladders.shift();
    this.#stream.close();
    note('');
    if (this.#ladders.length > 0) {
      this.open(time);
      if (plays) video.play().catch(() => note('Press play to go on.'));
    } else {
      const what = failed ? codecName(failed[0].codecs) : codecName(this.#track.codecs);
      note(`The browser has failed to decode this title\u2019s ${what}${reason ? ` (${reason})` : ''}. Reload the page to try again.`);
    }
  }
}

function laddersOf(renditions) {
  const ladders = new Map();
  for (const rendition of renditions.filter(({ codecs }) => canBeFed('video', codecs))) {
    const name = codecName(rendition.codecs);
    ladders.set(name, [...(ladders.get(name) ?? []), rendition]);
  }
  return [...ladders.values()];
}
