// The sounds of a title, and the choice among them.

import { $, options } from './dom.js';
import { trackName } from './words.js';

/** One choice for each sound, whatever number of codecs and formats it comes in. `tracks` are in the order of the package. */
export function soundsOf(title) {
  const found = new Map();
  for (const track of title.audio) {
    const key = JSON.stringify([track.language, track.label, track.role]);
    if (!found.has(key)) found.set(key, { name: track.name, language: track.language, label: track.label, role: track.role, tracks: [] });
    found.get(key).tracks.push(track);
  }
  return [...found.values()];
}

/** The one that plays when nobody chooses. */
export function standardSound(sounds) {
  return sounds.find((sound) => sound.tracks.some((track) => track.default)) ?? sounds[0];
}

/** @param choose is called with the sound that a person has chosen. */
export function offerSounds(title, choose) {
  const sounds = soundsOf(title);
  const select = $('audio');
  if (sounds.length === 0) options(select, [['', 'none']], '');
  else options(select, sounds.map((sound) => [sound.name, trackName(sound), sound.language]), standardSound(sounds).name);
  select.onchange = () => choose(sounds.find((sound) => sound.name === select.value));
}
