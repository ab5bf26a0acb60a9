// Subtitles: read from the title's own WebVTT segments, because not every browser shows those of an HLS playlist.

import { $, note, options } from './dom.js';
import { retried } from './download.js';
import { get } from './http.js';
import { parsePlaylist, segmentAt } from './playlist.js';
import { trackName } from './words.js';

/** Text segments that are loaded at one time. */
const together = 8;

/** Chromium leaves the cue of the old source on the screen until its track is switched. */
export function redrawSubtitles(video) {
  const chosen = $('subtitles').value;
  for (const track of video.textTracks) {
    if (track.mode !== 'showing') continue;
    track.mode = 'disabled';
    video.addEventListener('seeked', () => {
      if ($('subtitles').value === chosen) track.mode = 'showing';
    }, { once: true });
  }
}

export function offerSubtitles(stage) {
  const { title } = stage;
  const select = $('subtitles');
  const spokenLanguage = (title.audio.find((track) => track.default) ?? title.audio[0])?.language;
  const forced = title.text.find((track) => track.role === 'forced' && track.language === spokenLanguage);
  options(select, [['', title.text.length ? 'Off' : 'none'], ...title.text.map((track) => [track.name, trackName(track), track.language])],
    forced?.name ?? '');
  select.onchange = () => showSubtitles(stage, select.value);
  if (forced) showSubtitles(stage, forced.name);
}

async function showSubtitles(stage, name) {
  for (const track of stage.video.textTracks) track.mode = 'disabled';
  const facts = stage.title.text.find((track) => track.name === name);
  if (!facts) return;
  if (!stage.tracks.has(name)) {
    const kind = facts.role === 'captions' ? 'captions' : 'subtitles';
    stage.tracks.set(name, { track: stage.video.addTextTrack(kind, trackName(facts), facts.language), cues: new Set(), loading: null });
  }
  const entry = stage.tracks.get(name);
  entry.track.mode = 'showing';
  entry.loading ??= loadCues(stage, facts.url, entry).catch((error) => {
    entry.loading = null;
    if (!stage.left) note(`The subtitles cannot be loaded (${error.message}).`);
  });
  await entry.loading;
}

/** Loads all cues of a track; first those from the playhead on. */
async function loadCues(stage, url, { track, cues }) {
  const { signal } = stage.closing;
  const load = (address) => retried(() => get(address, 'text'), { signal, onRetry: () => {} });
  const base = new URL(url, location.href);
  const { segments } = parsePlaylist(await load(base), base);
  const first = segmentAt(segments, stage.video.currentTime);
  const ordered = [...segments.slice(first), ...segments.slice(0, first)];
  for (let index = 0; index < ordered.length && !signal.aborted; index += together) {
    const texts = await Promise.all(ordered.slice(index, index + together).map((segment) => load(segment.url)));
    for (const cue of texts.flatMap(parseVTT)) {
      // A cue that lasts over a segment's end is in both segments.
      const key = JSON.stringify([cue.start, cue.end, cue.settings, cue.text]);
      if (cues.has(key)) continue;
      cues.add(key);
      track.addCue(styled(new VTTCue(cue.start, cue.end, cue.text), cue.settings));
    }
  }
}

function seconds(text) {
  const match = /^(?:(\d+):)?(\d\d):(\d\d)\.(\d\d\d)$/.exec(text);
  return match ? (Number(match[1] ?? 0) * 60 + Number(match[2])) * 60 + Number(match[3]) + Number(match[4]) / 1000 : NaN;
}

/** The cues of one WebVTT file, their times moved by X-TIMESTAMP-MAP (RFC 8216, 3.5). */
export function parseVTT(text) {
  const blocks = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n').split(/\n{2,}/);
  const map = /^X-TIMESTAMP-MAP=(.*)$/m.exec(blocks[0] ?? '')?.[1] ?? '';
  const ticks = Number(/MPEGTS:(\d+)/.exec(map)?.[1] ?? 0);
  const local = seconds(/LOCAL:([\d:.]+)/.exec(map)?.[1] ?? '00:00.000');
  const shift = ticks / 90000 - (Number.isNaN(local) ? 0 : local);
  return blocks.flatMap((block) => {
    const lines = block.split('\n').filter((line) => line !== '');
    const at = lines.findIndex((line) => line.includes('-->'));
    if (at < 0 || at > 1) return [];
    const [start, , end, ...settings] = lines[at].trim().split(/\s+/);
    const text = lines.slice(at + 1).join('\n');
    const cue = { start: seconds(start) + shift, end: seconds(end) + shift, settings: settings.join(' '), text };
    return Number.isNaN(cue.start) || Number.isNaN(cue.end) ? [] : [cue];
  });
}

function styled(cue, settings) {
  for (const setting of settings.split(' ')) {
    const [name, value = ''] = setting.split(':');
    const number = parseFloat(value);
    if (name === 'align' && ['start', 'center', 'end', 'left', 'right'].includes(value)) cue.align = value;
    if (name === 'vertical' && ['rl', 'lr'].includes(value)) cue.vertical = value;
    if (Number.isNaN(number)) continue;
    if (name === 'size' && number <= 100) cue.size = number;
    if (name === 'position' && number <= 100) cue.position = number;
    if (name === 'line') {
      cue.snapToLines = !value.includes('%');
      cue.line = number;
    }
  }
  return cue;
}
