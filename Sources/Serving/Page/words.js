// Facts as words.

export const kinds = { movie: 'Film', episode: 'Episode', clip: 'Clip' };

export function languageName(code) {
  if (!code || code === 'und') return '';
  try {
    return new Intl.DisplayNames(undefined, { type: 'language' }).of(code);
  } catch {
    return code;
  }
}

/** As the search compares: in lower case, letters without their marks. */
export function folded(text) {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
}

export function trackName(track) {
  const role = { dub: 'dub', commentary: 'commentary', description: 'audio description', captions: 'captions', forced: 'forced' }[track.role];
  const name = track.label || languageName(track.language) || track.name;
  return role && !name.toLowerCase().includes(role) ? `${name} (${role})` : name;
}

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function spoken(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [h, m] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (h > 0) return m ? `${h} h ${m} min` : `${h} h`;
  return whole % 60 ? `${m} min ${whole % 60} s` : `${m} min`;
}

/** The age from which a title may be watched; nothing where nobody says. */
export function ages(maturity) {
  if (maturity === null || maturity === undefined) return '';
  return maturity === 0 ? 'all ages' : `${maturity}+`;
}

export function place(series) {
  return series ? `${series.name}, season ${series.season}, episode ${series.episode}` : '';
}
