// The catalog page: which view an address leads to, the list of titles or one title with its player.

import { $, element, note, say } from './dom.js';
import { get } from './http.js';
import { leaveList, showList } from './list.js';
import { setUpPlayer } from './player.js';
import { drawTitle } from './title.js';

/** What belongs to the title on screen; null on the list. Whatever comes late looks at `left` first. */
let current = null;

function leaveTitle() {
  if (current === null) return;
  current.left = true;
  current.closing.abort();
  current.player?.close();
  current.video.removeAttribute('src');
  current.video.load();
  $('screen').replaceChildren();
  current = null;
}

function enterList() {
  leaveTitle();
  $('title-view').hidden = true;
  $('list-view').hidden = false;
  $('search-label').hidden = false;
  document.title = 'Reelmill';
  say('');
  return showList();
}

async function enterTitle(id) {
  if (current === null) leaveList(id);
  leaveTitle();
  const video = element('video', { id: 'player', controls: true, playsinline: true, preload: 'metadata', tabindex: 0 });
  const stage = { video, tracks: new Map(), left: false, closing: new AbortController(), player: null };
  current = stage;
  $('list-view').hidden = true;
  $('title-view').hidden = true;
  $('search-label').hidden = true;
  $('name').textContent = '';
  say('');
  note('');
  try {
    const title = await get(`/api/v1/titles/${encodeURIComponent(id)}`, 'json');
    if (stage.left) return;
    stage.title = title;
    drawTitle(title);
    $('title-view').hidden = false;
    setUpPlayer(stage);
    $('name').focus({ preventScroll: true });
    window.scrollTo(0, 0);
  } catch (error) {
    if (stage.left) return;
    $('title-view').hidden = true;
    const reasons = { 404: `There is no title \u201c${id}\u201d.`, 410: `The title \u201c${id}\u201d was taken off.` };
    say(reasons[error.status] ?? `The title cannot be shown (${error.message}).`);
  }
}

function route() {
  const match = /^#\/title\/(.+)$/.exec(location.hash);
  if (!match) return enterList();
  try {
    return enterTitle(decodeURIComponent(match[1]));
  } catch {
    return enterList();
  }
}

// Each view knows where it was left; the browser would scroll before there is anything to scroll.
history.scrollRestoration = 'manual';
window.addEventListener('hashchange', route);
window.addEventListener('keydown', (event) => {
  const isMeant = event.key === 'Escape' && !document.fullscreenElement && event.target.localName !== 'select';
  if (isMeant && current !== null) location.hash = '#/';
});
route();
