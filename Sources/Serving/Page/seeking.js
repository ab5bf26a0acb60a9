// Seeking with a picture of where it goes.

import { $ } from './dom.js';
import { get } from './http.js';
import { parseVTT } from './subtitles.js';
import { clock } from './words.js';

export async function offerSeeking(stage) {
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
