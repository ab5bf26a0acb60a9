// The player of one title: what to play, in which sound, and from where.

import { $, get, note, options } from './dom.js';
import { offerSubtitles, parseVTT, redrawSubtitles } from './subtitles.js';
import { clock, trackName } from './words.js';

const hlsType = 'application/vnd.apple.mpegurl';

export function setUpPlayer(stage) {
  const { video, title } = stage;
  if (title.poster) video.poster = title.poster;
  video.setAttribute('aria-label', title.name);
  const top = title.renditions[0];
  if (top) video.style.aspectRatio = `${top.width} / ${top.height}`;
  $('screen').replaceChildren(video);
  if (video.canPlayType(hlsType) === '') {
    note('This browser does not play HLS by itself. Chrome and Edge from version 141 on, Safari, and most browsers on phones do; '
      + 'or open the HLS or DASH address below in a player such as VLC or mpv.');
  } else {
    video.src = title.hls;
  }
  video.addEventListener('error', () => {
    if (!stage.left && video.error) note(`The title cannot be played: ${video.error.message || `error ${video.error.code}`}.`);
  });
  offerAudio(stage);
  offerSubtitles(stage);
  offerSeeking(stage);
}

/** One choice for each sound, whatever number of codecs it comes in. */
function sounds(title) {
  const found = new Map();
  for (const track of title.audio) {
    const key = JSON.stringify([track.language, track.label, track.role]);
    if (!found.has(key)) found.set(key, { ...track, urls: new Set() });
    const sound = found.get(key);
    sound.urls.add(new URL(track.url, location.href).href);
    sound.default ||= track.default;
  }
  return [...found.values()];
}

/** Where the browser shows its audio tracks, one of them is enabled. Where it hides them, it gets a playlist with the chosen sound alone. */
function offerAudio(stage) {
  const { video, title } = stage;
  const select = $('audio');
  const all = sounds(title);
  const standard = all.find((sound) => sound.default) ?? all[0];
  if (all.length === 0) options(select, [['', 'none']], '');
  else options(select, all.map((sound) => [sound.name, trackName(sound), sound.language]), standard.name);
  select.onchange = () => {
    const wanted = all.find((sound) => sound.name === select.value);
    if (video.audioTracks && video.audioTracks.length > 1) enableAudio(video.audioTracks, wanted);
    else reload(stage, wanted).catch((error) => note(`The audio track cannot be changed (${error.message}).`));
  };
}

function enableAudio(tracks, wanted) {
  const list = Array.from(tracks);
  const match = list.find((track) => track.label === wanted.label && track.language === wanted.language)
    ?? list.find((track) => track.label === wanted.label) ?? list.find((track) => track.language === wanted.language);
  if (match) for (const track of list) track.enabled = track === match;
}

/** The multivariant playlist with the wanted sound alone, all addresses absolute; variants that have no such sound are left out. */
function playlistWith(wanted, playlist, base) {
  const absolute = (uri) => new URL(uri, base).href;
  const attribute = (line, name) => new RegExp(`[:,]${name}="?([^",]*)`).exec(line)?.[1];
  const isAudio = (line) => line.startsWith('#EXT-X-MEDIA:') && attribute(line, 'TYPE') === 'AUDIO';
  const isWanted = (line) => attribute(line, 'URI') !== undefined && wanted.urls.has(absolute(attribute(line, 'URI')));
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

async function reload(stage, wanted) {
  const { video, title } = stage;
  const base = new URL(title.hls, location.href);
  const playlist = playlistWith(wanted, await get(base, 'text'), base);
  if (stage.left || $('audio').value !== wanted.name) return;
  const [time, plays] = [video.currentTime, !video.paused];
  if (stage.blob) URL.revokeObjectURL(stage.blob);
  stage.blob = URL.createObjectURL(new Blob([playlist], { type: hlsType }));
  video.src = stage.blob;
  video.addEventListener('loadedmetadata', () => {
    video.currentTime = time;
    redrawSubtitles(video);
    if (plays) video.play().catch(() => note('Press play to go on.'));
  }, { once: true });
}

/** Seeking with a picture of where it goes. */
async function offerSeeking(stage) {
  const { video, title } = stage;
  const seek = $('seek');
  $('scrubber').hidden = !title.sprite_vtt;
  if (!title.sprite_vtt) return;
  seek.max = String(title.duration);
  seek.value = '0';
  seek.setAttribute('aria-valuetext', clock(0));
  video.addEventListener('timeupdate', () => {
    if (stage.left || seek.matches(':active')) return;
    seek.value = String(video.currentTime);
    seek.setAttribute('aria-valuetext', clock(video.currentTime));
  });
  seek.oninput = () => { video.currentTime = Number(seek.value); };
  let tiles = [];
  const show = (event) => {
    const box = seek.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const time = share * title.duration;
    const tile = tiles.find((one) => time < one.end) ?? tiles.at(-1);
    if (!tile) return;
    const picture = $('preview-picture').style;
    [picture.width, picture.height] = [`${tile.w}px`, `${tile.h}px`];
    picture.backgroundImage = `url("${tile.url}")`;
    picture.backgroundPosition = `-${tile.x}px -${tile.y}px`;
    $('preview-time').textContent = clock(time);
    $('preview').hidden = false;
    $('preview').style.left = `${Math.min(box.width - tile.w - 8, Math.max(0, share * box.width - tile.w / 2))}px`;
  };
  seek.onpointermove = show;
  seek.onpointerleave = () => { $('preview').hidden = true; };
  const base = new URL(title.sprite_vtt, location.href);
  tiles = parseVTT(await get(base, 'text').catch(() => '')).flatMap((cue) => {
    const url = new URL(cue.text.trim(), base);
    const [x, y, w, h] = (/xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)/.exec(url.hash) ?? []).slice(1).map(Number);
    url.hash = '';
    return w ? [{ start: cue.start, end: cue.end, url: url.href, x, y, w, h }] : [];
  });
}
