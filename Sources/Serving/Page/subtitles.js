// Subtitles: read from the title's own WebVTT segments, because not every browser shows those of an HLS playlist.

import { $, get, note, options } from './dom.js';
import { trackName } from './words.js';

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
    stage.tracks.set(name, { track: stage.video.addTextTrack(kind, trackName(facts), facts.language), loading: null });
  }
  const entry = stage.tracks.get(name);
  entry.track.mode = 'showing';
  entry.loading ??= loadCues(facts.url, entry.track).catch((error) => {
    entry.loading = null;
    if (!stage.left) note(`The subtitles cannot be loaded (${error.message}).`);
  });
  await entry.loading;
}

async function loadCues(url, track) {
  const base = new URL(url, location.href);
  const uris = (await get(base, 'text')).split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  const seen = new Set();
  for (let first = 0; first < uris.length; first += 8) {
    const texts = await Promise.all(uris.slice(first, first + 8).map((uri) => get(new URL(uri, base), 'text')));
    for (const cue of texts.flatMap(parseVTT)) {
      // A cue that lasts over a segment's end is in both segments.
      const key = JSON.stringify([cue.start, cue.end, cue.settings, cue.text]);
      if (seen.has(key)) continue;
      seen.add(key);
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
    const cue = { start: seconds(start) + shift, end: seconds(end) + shift, settings: settings.join(' '), text: lines.slice(at + 1).join('\n') };
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
