// A title in the list: its picture, its name and its facts, all cards of one height.

import { element } from './dom.js';
import { ages, clock, kinds, place, spoken } from './words.js';

export function card(title) {
  const facts = [kinds[title.kind], title.year, ages(title.maturity)].filter(Boolean).join(' \u00b7 ');
  const link = element('a', { class: 'card', href: `#/title/${encodeURIComponent(title.id)}` },
    poster(title),
    element('div', { class: 'words' },
      element('h2', { lang: title.language, title: title.name }, title.name),
      element('p', {}, facts, element('span', { class: 'unseen' }, `, ${spoken(title.duration)}`)),
      title.series ? element('p', {}, place(title.series)) : null,
      title.genres.length ? element('p', {}, title.genres.join(', ')) : null));
  return element('li', { 'data-title-id': title.id }, link);
}

function poster(title) {
  const box = element('div', { class: 'picture' });
  const pictures = [...title.cards, ...title.posters];
  if (pictures.length === 0) {
    box.append(element('span', { class: 'none', 'aria-hidden': true }, '\u25b6'));
  } else {
    const sizes = '(max-width: 40rem) 92vw, 22rem';
    const set = (type) => title.cards.filter((one) => one.type === type).map((one) => `${one.url} ${one.width}w`).join(', ');
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
