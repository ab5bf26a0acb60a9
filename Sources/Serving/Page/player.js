// The player of one title: by the browser's own HLS, or by Media Source.

import { $, note } from './dom.js';
import { NativePlayer } from './native.js';
import { offerSeeking } from './seeking.js';
import { offerSounds } from './sounds.js';
import { StreamedPlayer } from './streamed.js';
import { offerSubtitles } from './subtitles.js';

export function setUpPlayer(stage) {
  const { video, title } = stage;
  if (title.poster) video.poster = title.poster;
  video.setAttribute('aria-label', title.name);
  const top = title.renditions[0];
  if (top) video.style.aspectRatio = `${top.width} / ${top.height}`;
  $('screen').replaceChildren(video);
  stage.player = playerFor(stage);
  offerSounds(title, (sound) => stage.player?.choose(sound));
  offerSubtitles(stage);
  offerSeeking(stage);
  stage.player?.open();
}

/** `?player=mse` in the page's address asks for Media Source, whatever else the browser can. */
function playerFor(stage) {
  const asksForSource = new URLSearchParams(location.search).get('player') === 'mse';
  if (NativePlayer.isPossible(stage.video) && !asksForSource) return new NativePlayer(stage);
  if (StreamedPlayer.isPossible()) return new StreamedPlayer(stage);
  note('This browser does not play HLS, nor does it have Media Source, by which this page would. Every browser of today does; '
    + 'or open the HLS or DASH address below in a player such as VLC or mpv.');
  return null;
}
