// One title in words: its name, its facts, its people, its renditions.

import { $, element } from './dom.js';
import { ages, kinds, languageName, place, spoken } from './words.js';

export function drawTitle(title) {
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
  $('renditions').tBodies[0].replaceChildren(...title.renditions.map((rendition) => element('tr', {},
    ...[`${rendition.width}\u00d7${rendition.height}`, framesPerSecond(rendition.frame_rate), rendition.codecs,
      megabits(rendition.average_bandwidth), megabits(rendition.bandwidth)].map((text) => element('td', {}, text)))));
  $('addresses').replaceChildren(...[['HLS', title.hls], ['DASH', title.dash]].map(([name, url]) =>
    element('li', {}, `${name}: `, element('a', { href: url }, url))));
}

function megabits(bits) { return `${(bits / 1e6).toFixed(2)} Mb/s`; }

function framesPerSecond(text) {
  const [n, d = 1] = text.split('/').map(Number);
  return String(Math.round((n / d) * 1000) / 1000);
}
