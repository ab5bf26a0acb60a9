// The list of all titles, and the search in it.

import { card } from './card.js';
import { $, say } from './dom.js';
import { WindowedGrid } from './grid.js';
import { get } from './http.js';
import { folded } from './words.js';

const grid = new WindowedGrid($('titles'), card);
/** What the server answered last, and its titles; none before it has. */
let answer = '';
let titles = null;
/** The titles that match the search, and those that it is searched in, by the text that it looks at: made once, not at each letter. */
let shown = [];
let texts = new Map();
/** Where the list was left. */
let left = { scroll: 0, id: null };

/** Shows the list where it was left, at once where it has been read before, and then as the server has it. */
export async function showList() {
  if (titles) {
    draw();
    goBack();
  }
  try {
    const text = await get('/api/v1/titles', 'text');
    if (text === answer) return;
    answer = text;
    ({ titles } = JSON.parse(text));
    texts = new Map(titles.map((title) => [title, searchText(title)]));
    draw();
  } catch (error) {
    if (!titles && !$('list-view').hidden) say(`The catalog cannot be read (${error.message}). Reload the page to try again.`);
  }
}

/** Another view comes; `id` is the title that was chosen. */
export function leaveList(id) {
  left = { scroll: window.scrollY, id };
}

function goBack() {
  window.scrollTo(0, left.scroll);
  const index = shown.findIndex((title) => title.id === left.id);
  if (index >= 0) grid.focus(index);
}

function searchText(title) {
  const people = title.people.map((person) => person.name);
  return folded([title.name, title.synopsis, title.year, title.series?.name, ...title.genres, ...people].join(' '));
}

function draw() {
  if ($('list-view').hidden) return;
  const words = folded($('search').value).split(/\s+/).filter(Boolean);
  shown = words.length === 0 ? titles : titles.filter((title) => words.every((word) => texts.get(title).includes(word)));
  grid.show(shown);
  $('count').textContent = shown.length === 1 ? '1 title' : `${shown.length} titles`;
  if (titles.length === 0) say('No titles yet. They appear here once \u201creelmill run MANIFEST\u201d has published them.');
  else say(shown.length === 0 ? 'No title matches the search.' : '');
}

$('search').addEventListener('input', () => {
  if (!titles) return;
  window.scrollTo(0, 0);
  draw();
});
