// Small ways to touch the page. All text goes in as text, never as markup.

export const $ = (id) => document.getElementById(id);

export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ''));
  return node;
}

/** A sentence in place of a view, or above it; an empty one takes it away. */
export function say(text) {
  $('message').textContent = text;
  $('message').hidden = text === '';
}

/** A sentence below the player. */
export function note(text) {
  $('player-note').textContent = text;
  $('player-note').hidden = text === '';
}

export function options(select, list, chosen) {
  select.replaceChildren(...list.map(([value, text, lang]) => element('option', { value, lang }, text)));
  select.value = chosen;
  select.disabled = list.length < 2;
}
