// The player for a browser that plays HLS by itself.

import { canBePlayed, undecodable } from './codecs.js';
import { $, note } from './dom.js';
import { get } from './http.js';
import { redrawSubtitles } from './subtitles.js';

const hlsType = 'application/vnd.apple.mpegurl';

export class NativePlayer {
  #stage;
  #blob;

  static isPossible(video) { return video.canPlayType(hlsType) !== ''; }

  constructor(stage) { this.#stage = stage; }

  open() {
    const { video, title } = this.#stage;
    const { renditions } = title;
    if (renditions.length > 0 && !renditions.some((rendition) => canBePlayed(video, 'video', rendition.codecs))) {
      note(undecodable('video', renditions));
      return;
    }
    video.addEventListener('error', () => {
      if (!this.#stage.left && video.error) note(`The title cannot be played: ${video.error.message || `error ${video.error.code}`}.`);
    });
    video.src = title.hls;
  }

  /** Where the browser shows its audio tracks, one is enabled. Where it hides them, it gets a playlist with the chosen sound alone. */
  choose(sound) {
    const { audioTracks } = this.#stage.video;
    if (audioTracks && audioTracks.length > 1) enable(audioTracks, sound);
    else this.#reload(sound).catch((error) => note(`The audio track cannot be changed (${error.message}).`));
  }

  close() {
    if (this.#blob) URL.revokeObjectURL(this.#blob);
  }

  async #reload(sound) {
    const { video, title } = this.#stage;
    const base = new URL(title.hls, location.href);
    const playlist = playlistWith(sound, await get(base, 'text'), base);
    if (this.#stage.left || $('audio').value !== sound.name) return;
    const [time, plays] = [video.currentTime, !video.paused];
    this.close();
    this.#blob = URL.createObjectURL(new Blob([playlist], { type: hlsType }));
    video.src = this.#blob;
    video.addEventListener('loadedmetadata', () => {
      video.currentTime = time;
      redrawSubtitles(video);
      if (plays) video.play().catch(() => note('Press play to go on.'));
    }, { once: true });
  }
}

function enable(tracks, sound) {
  const list = Array.from(tracks);
  const match = list.find((track) => track.label === sound.label && track.language === sound.language)
    ?? list.find((track) => track.label === sound.label) ?? list.find((track) => track.language === sound.language);
  if (match) for (const track of list) track.enabled = track === match;
}

/** The multivariant playlist with the wanted sound alone, all addresses absolute; variants that have no such sound are left out. */
function playlistWith(sound, playlist, base) {
  const absolute = (uri) => new URL(uri, base).href;
  const addresses = new Set(sound.tracks.map((track) => new URL(track.url, location.href).href));
  const attribute = (line, name) => new RegExp(`[:,]${name}="?([^",]*)`).exec(line)?.[1];
  const isAudio = (line) => line.startsWith('#EXT-X-MEDIA:') && attribute(line, 'TYPE') === 'AUDIO';
  const isWanted = (line) => attribute(line, 'URI') !== undefined && addresses.has(absolute(attribute(line, 'URI')));
  const lines = playlist.split(/\r?\n/);
  const groups = new Set(lines.filter((line) => isAudio(line) && isWanted(line)).map((line) => attribute(line, 'GROUP-ID')));
  const kept = [];
  let skipsAddress = false;
  for (const line of lines) {
    if (line.startsWith('#EXT-X-STREAM-INF:')) {
      const group = attribute(line, 'AUDIO');
      skipsAddress = group !== undefined && !groups.has(group);
      if (!skipsAddress) kept.push(line);
    } else if (isAudio(line)) {
      if (isWanted(line)) kept.push(line.replace(/,(DEFAULT|AUTOSELECT)=(YES|NO)/g, '') + ',DEFAULT=YES,AUTOSELECT=YES');
    } else if (line === '' || line.startsWith('#')) {
      kept.push(line);
    } else if (!skipsAddress) {
      kept.push(absolute(line));
    }
  }
  return kept.map((line) => line.replace(/([:,]URI=")([^"]*)"/, (_, start, uri) => `${start}${absolute(uri)}"`)).join('\n');
}
