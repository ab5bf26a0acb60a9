// The catalog page: a list of titles, and one title with its player.

import { $, element, get, note } from './dom.js';
import { setUpPlayer } from './player.js';
import { ages, clock, kinds, languageName, place, spoken } from './words.js';

let titles = [];
/** What belongs to the title on screen; null on the list. Whatever comes late looks at `left` first. */
let current = null;

function say(text) {
  $('message').textContent = text;
  $('message').hidden = text === '';
}

// ---- List

function poster(title) {
  const box = element('div', { class: 'picture' });
  const pictures = [...title.cards, ...title.posters];
  if (pictures.length === 0) {
    box.append(element('span', { class: 'none', 'aria-hidden': true }, '\u25b6'));
  } else {
    const sizes = '(max-width: 40rem) 92vw, 22rem';
    const set = (type) => title.cards.filter((card) => card.type === type).map((card) => `${card.url} ${card.width}w`).join(', ');
    const image = element('img', {
      src: title.poster ?? pictures[0].url, srcset: set('image/jpeg') || null, sizes, alt: '', loading: 'lazy', decoding: 'async',
    });
    const webp = set('image/webp');
    box.append(element('picture', {}, webp ? element('source', { type: 'image/webp', srcset: webp, sizes }) : null, image));
    if (pictures[0].height > pictures[0].width) {
      // What a portrait picture leaves free is filled with itself, out of focus.
      box.classList.add('tall');
      box.prepend(element('img', { class: 'backdrop', src: pictures[0].url, alt: '', loading: 'lazy', decoding: 'async' }));
    }
  }
  box.append(element('span', { class: 'length', 'aria-hidden': true }, clock(Math.round(title.duration))));
  return box;
}

function card(title) {
  const facts = [kinds[title.kind], title.year, ages(title.maturity)].filter(Boolean).join(' \u00b7 ');
  const link = element('a', { class: 'card', href: `#/title/${encodeURIComponent(title.id)}` },
    poster(title),
    element('h2', { lang: title.language }, title.name),
    element('p', {}, facts, element('span', { class: 'unseen' }, `, ${spoken(title.duration)}`)),
    title.series ? element('p', {}, place(title.series)) : null,
    title.genres.length ? element('p', {}, title.genres.join(', ')) : null);
  return element('li', { 'data-title-id': title.id }, link);
}

function drawList() {
  const words = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = titles.filter((title) => {
    const text = [title.name, title.synopsis, title.year, title.series?.name, ...title.genres, ...title.people.map((person) => person.name)]
      .join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
  $('titles').replaceChildren(...shown.map(card));
  if (titles.length === 0) say('No titles yet. They appear here once \u201creelmill run MANIFEST\u201d has published them.');
  else say(shown.length === 0 ? 'No title matches the search.' : '');
}

async function showList() {
  leave();
  $('title-view').hidden = true;
  $('list-view').hidden = false;
  $('search-label').hidden = false;
  document.title = 'Reelmill';
  try {
    titles = (await get('/api/v1/titles', 'json')).titles;
    if (current === null) drawList();
  } catch (error) {
    say(`The catalog cannot be read (${error.message}). Reload the page to try again.`);
  }
}

// ---- One title

function leave() {
  if (current === null) return;
  current.left = true;
  current.video.removeAttribute('src');
  current.video.load();
  $('screen').replaceChildren();
  current = null;
}

async function showTitle(id) {
  leave();
  const stage = { video: element('video', { id: 'player', controls: true, playsinline: true, preload: 'metadata', tabindex: 0 }), tracks: new Map(), left: false };
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
    drawFacts(title);
    $('title-view').hidden = false;
    setUpPlayer(stage);
    $('name').focus({ preventScroll: true });
    window.scrollTo(0, 0);
  } catch (error) {
    if (stage.left) return;
    $('title-view').hidden = true;
    say(error.status === 404 ? `There is no title \u201c${id}\u201d.` : `The title cannot be shown (${error.message}).`);
  }
}

function drawFacts(title) {
  document.title = `${title.name} \u2013 Reelmill`;
  $('name').textContent = title.name;
  $('name').lang = title.language ?? '';
  $('series').textContent = place(title.series);
  $('series').hidden = !title.series;
  $('synopsis').textContent = title.synopsis ?? '';
  $('synopsis').lang = title.language ?? '';
  const best = title.renditions[0];
  const facts = [
    kinds[title.kind], title.year, ages(title.maturity), spoken(title.duration),
    best ? `${best.width}\u00d7${best.height}` : 'sound alone', languageName(title.language), ...title.genres,
  ];
  $('facts').replaceChildren(...facts.filter(Boolean).map((fact) => element('li', {}, String(fact))));
  $('people').replaceChildren(...title.people.flatMap((person) => [element('dt', {}, person.role), element('dd', {}, person.name)]));
  const rate = (bits) => `${(bits / 1e6).toFixed(2)} Mb/s`;
  const fps = (text) => {
    const [n, d = 1] = text.split('/').map(Number);
    return String(Math.round((n / d) * 1000) / 1000);
  };
  $('renditions').tBodies[0].replaceChildren(...title.renditions.map((r) => element('tr', {},
    ...[`${r.width}\u00d7${r.height}`, fps(r.frame_rate), r.codecs, rate(r.average_bandwidth), rate(r.bandwidth)]
      .map((text) => element('td', {}, text)))));
  $('addresses').replaceChildren(...[['HLS', title.hls], ['DASH', title.dash]].map(([name, url]) =>
    element('li', {}, `${name}: `, element('a', { href: url }, url))));
}

// ---- Routes

function route() {
  const match = /^#\/title\/(.+)$/.exec(location.hash);
  if (!match) return showList();
  try {
    return showTitle(decodeURIComponent(match[1]));
  } catch {
    return showList();
  }
}

window.addEventListener('hashchange', route);
window.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && current !== null && !document.fullscreenElement && event.target.localName !== 'select') location.hash = '#/';
});
$('search').addEventListener('input', drawList);
route();
