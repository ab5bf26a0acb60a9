// The catalog page: a list of titles, and one title with its player. All text goes in as text, never as markup.

const $ = (id) => document.getElementById(id);
const hlsType = 'application/vnd.apple.mpegurl';
let titles = [];
/** What belongs to the title on screen; everything late checks that it still is the one. */
let current = null;

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ''));
  return node;
}

async function get(url, kind) {
  const response = await fetch(url);
  if (!response.ok) {
    const error = new Error(`${response.status} ${response.statusText}`);
    error.status = response.status;
    throw error;
  }
  return kind === 'json' ? response.json() : response.text();
}

function say(text) {
  $('message').textContent = text;
  $('message').hidden = text === '';
}

function note(text) {
  $('player-note').textContent = text;
  $('player-note').hidden = text === '';
}

// ---- Words

const kinds = { movie: 'Film', episode: 'Episode', clip: 'Clip' };

function languageName(code) {
  if (!code || code === 'und') return '';
  try {
    return new Intl.DisplayNames(undefined, { type: 'language' }).of(code);
  } catch {
    return code;
  }
}

function trackName(track) {
  const role = { dub: 'dub', commentary: 'commentary', description: 'audio description', captions: 'captions', forced: 'forced' }[track.role];
  const name = track.label || languageName(track.language) || track.name;
  return role && !name.toLowerCase().includes(role) ? `${name} (${role})` : name;
}

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function spoken(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [h, m] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (h > 0) return m ? `${h} h ${m} min` : `${h} h`;
  return whole % 60 ? `${m} min ${whole % 60} s` : `${m} min`;
}

function place(series) {
  return series ? `${series.name}, season ${series.season}, episode ${series.episode}` : '';
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
    if (pictures[0].height > pictures[0].width) box.classList.add('tall');
  }
  box.append(element('span', { class: 'length', 'aria-hidden': true }, clock(title.duration)));
  return box;
}

function card(title) {
  const facts = [kinds[title.kind], title.year, title.maturity === null ? null : `${title.maturity}+`, spoken(title.duration)];
  const link = element('a', { class: 'card', href: `#/title/${encodeURIComponent(title.id)}` },
    poster(title),
    element('h2', { lang: title.language }, title.name),
    element('p', {}, facts.filter((fact) => fact !== null && fact !== undefined).join(' \u00b7 ')),
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
  current.video.removeAttribute('src');
  current.video.load();
  $('screen').replaceChildren();
  current = null;
}

async function showTitle(id) {
  leave();
  const stage = { video: element('video', { id: 'player', controls: true, playsinline: true, preload: 'metadata', tabindex: 0 }), tracks: new Map() };
  current = stage;
  $('list-view').hidden = true;
  $('title-view').hidden = true;
  $('search-label').hidden = true;
  $('name').textContent = '';
  say('');
  note('');
  try {
    const title = await get(`/api/v1/titles/${encodeURIComponent(id)}`, 'json');
    if (current !== stage) return;
    stage.title = title;
    drawFacts(title);
    $('title-view').hidden = false;
    setUpPlayer(stage);
    $('name').focus({ preventScroll: true });
    window.scrollTo(0, 0);
  } catch (error) {
    if (current !== stage) return;
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
    kinds[title.kind], title.year, title.maturity === null ? null : `from ${title.maturity}`, spoken(title.duration),
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

// ---- Player

function setUpPlayer(stage) {
  const { video, title } = stage;
  if (title.poster) video.poster = title.poster;
  video.setAttribute('aria-label', title.name);
  const top = title.renditions[0];
  if (top) video.style.aspectRatio = `${top.width} / ${top.height}`;
  $('screen').replaceChildren(video);
  if (video.canPlayType(hlsType) === '') {
    note('This browser does not play HLS by itself. Chrome and Edge from version 141 on, Safari, and most browsers on phones do; '
      + 'or open the HLS or DASH address below in a player such as VLC or mpv.');
  } else {
    video.src = title.hls;
  }
  video.addEventListener('error', () => {
    if (current === stage && video.error) note(`The title cannot be played: ${video.error.message || `error ${video.error.code}`}.`);
  });
  offerAudio(stage);
  offerSubtitles(stage);
  offerSeeking(stage);
}

function options(select, list, chosen) {
  select.replaceChildren(...list.map(([value, text, lang]) => element('option', { value, lang }, text)));
  select.value = chosen;
  select.disabled = list.length < 2;
}

/** One choice for each sound, whatever number of codecs it comes in. */
function sounds(title) {
  const found = new Map();
  for (const track of title.audio) {
    const key = JSON.stringify([track.language, track.label, track.role]);
    if (!found.has(key)) found.set(key, { ...track, urls: new Set() });
    const sound = found.get(key);
    sound.urls.add(new URL(track.url, location.href).href);
    sound.default ||= track.default;
  }
  return [...found.values()];
}

/** Where the browser shows its audio tracks, one of them is enabled. Where it hides them, it gets a playlist with the chosen sound alone. */
function offerAudio(stage) {
  const { video, title } = stage;
  const select = $('audio');
  const all = sounds(title);
  const standard = all.find((sound) => sound.default) ?? all[0];
  if (all.length === 0) options(select, [['', 'none']], '');
  else options(select, all.map((sound) => [sound.name, trackName(sound), sound.language]), standard.name);
  select.onchange = () => {
    const wanted = all.find((sound) => sound.name === select.value);
    if (video.audioTracks && video.audioTracks.length > 1) enableAudio(video.audioTracks, wanted);
    else reload(stage, wanted).catch((error) => note(`The audio track cannot be changed (${error.message}).`));
  };
}

function enableAudio(tracks, wanted) {
  const list = Array.from(tracks);
  const match = list.find((track) => track.label === wanted.label && track.language === wanted.language)
    ?? list.find((track) => track.label === wanted.label) ?? list.find((track) => track.language === wanted.language);
  if (match) for (const track of list) track.enabled = track === match;
}

/** The multivariant playlist with the wanted sound alone, all addresses absolute; variants that have no such sound are left out. */
function playlistWith(wanted, playlist, base) {
  const absolute = (uri) => new URL(uri, base).href;
  const attribute = (line, name) => new RegExp(`[:,]${name}="?([^",]*)`).exec(line)?.[1];
  const isAudio = (line) => line.startsWith('#EXT-X-MEDIA:') && attribute(line, 'TYPE') === 'AUDIO';
  const isWanted = (line) => attribute(line, 'URI') !== undefined && wanted.urls.has(absolute(attribute(line, 'URI')));
  const lines = playlist.split(/\r?\n/);
  const groups = new Set(lines.filter((line) => isAudio(line) && isWanted(line)).map((line) => attribute(line, 'GROUP-ID')));
  const kept = [];
  let skipsAddress = false;
  for (const line of lines) {
    if (line.startsWith('#EXT-X-STREAM-INF:')) {
      const group = attribute(line, 'AUDIO');
      skipsAddress = group !== undefined && !groups.has(group);
      if (!skipsAddress) kept.push(line);
    } else if (isAudio(line)) {
      if (isWanted(line)) kept.push(line.replace(/,(DEFAULT|AUTOSELECT)=(YES|NO)/g, '') + ',DEFAULT=YES,AUTOSELECT=YES');
    } else if (line === '' || line.startsWith('#')) {
      kept.push(line);
    } else if (!skipsAddress) {
      kept.push(absolute(line));
    }
  }
  return kept.map((line) => line.replace(/([:,]URI=")([^"]*)"/, (_, start, uri) => `${start}${absolute(uri)}"`)).join('\n');
}

async function reload(stage, wanted) {
  const { video, title } = stage;
  const base = new URL(title.hls, location.href);
  const playlist = playlistWith(wanted, await get(base, 'text'), base);
  if (current !== stage || $('audio').value !== wanted.name) return;
  const [time, plays] = [video.currentTime, !video.paused];
  if (stage.blob) URL.revokeObjectURL(stage.blob);
  stage.blob = URL.createObjectURL(new Blob([playlist], { type: hlsType }));
  video.src = stage.blob;
  video.addEventListener('loadedmetadata', () => {
    video.currentTime = time;
    redrawSubtitles(video);
    if (plays) video.play().catch(() => note('Press play to go on.'));
  }, { once: true });
}

/** Chromium leaves the cue of the old source on the screen until its track is switched. */
function redrawSubtitles(video) {
  for (const track of video.textTracks) {
    if (track.mode !== 'showing') continue;
    track.mode = 'disabled';
    video.addEventListener('seeked', () => { track.mode = 'showing'; }, { once: true });
  }
}

// ---- Subtitles: read from the title's own WebVTT segments, because not every browser shows those of an HLS playlist.

function offerSubtitles(stage) {
  const { title } = stage;
  const select = $('subtitles');
  const spokenLanguage = (title.audio.find((track) => track.default) ?? title.audio[0])?.language;
  const forced = title.text.find((track) => track.role === 'forced' && track.language === spokenLanguage);
  options(select, [['', title.text.length ? 'Off' : 'none'], ...title.text.map((track) => [track.name, trackName(track), track.language])],
    forced?.name ?? '');
  select.onchange = () => showSubtitles(stage, select.value);
  if (forced) showSubtitles(stage, forced.name);
}

async function showSubtitles(stage, name) {
  for (const track of stage.video.textTracks) track.mode = 'disabled';
  const facts = stage.title.text.find((track) => track.name === name);
  if (!facts) return;
  if (!stage.tracks.has(name)) {
    const kind = facts.role === 'captions' ? 'captions' : 'subtitles';
    stage.tracks.set(name, { track: stage.video.addTextTrack(kind, trackName(facts), facts.language), loading: null });
  }
  const entry = stage.tracks.get(name);
  entry.track.mode = 'showing';
  entry.loading ??= loadCues(facts.url, entry.track).catch((error) => {
    entry.loading = null;
    if (current === stage) note(`The subtitles cannot be loaded (${error.message}).`);
  });
  await entry.loading;
}

async function loadCues(url, track) {
  const base = new URL(url, location.href);
  const uris = (await get(base, 'text')).split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  const seen = new Set();
  for (let first = 0; first < uris.length; first += 8) {
    const texts = await Promise.all(uris.slice(first, first + 8).map((uri) => get(new URL(uri, base), 'text')));
    for (const cue of texts.flatMap(parseVTT)) {
      // A cue that lasts over a segment's end is in both segments.
      const key = JSON.stringify([cue.start, cue.end, cue.settings, cue.text]);
      if (seen.has(key)) continue;
      seen.add(key);
      track.addCue(styled(new VTTCue(cue.start, cue.end, cue.text), cue.settings));
    }
  }
}

function seconds(text) {
  const match = /^(?:(\d+):)?(\d\d):(\d\d)\.(\d\d\d)$/.exec(text);
  return match ? (Number(match[1] ?? 0) * 60 + Number(match[2])) * 60 + Number(match[3]) + Number(match[4]) / 1000 : NaN;
}

/** The cues of one WebVTT file, their times moved by X-TIMESTAMP-MAP (RFC 8216, 3.5). */
function parseVTT(text) {
  const blocks = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n').split(/\n{2,}/);
  const map = /^X-TIMESTAMP-MAP=(.*)$/m.exec(blocks[0] ?? '')?.[1] ?? '';
  const ticks = Number(/MPEGTS:(\d+)/.exec(map)?.[1] ?? 0);
  const local = seconds(/LOCAL:([\d:.]+)/.exec(map)?.[1] ?? '00:00.000');
  const shift = ticks / 90000 - (Number.isNaN(local) ? 0 : local);
  return blocks.flatMap((block) => {
    const lines = block.split('\n').filter((line) => line !== '');
    const at = lines.findIndex((line) => line.includes('-->'));
    if (at < 0 || at > 1) return [];
    const [start, , end, ...settings] = lines[at].trim().split(/\s+/);
    const cue = { start: seconds(start) + shift, end: seconds(end) + shift, settings: settings.join(' '), text: lines.slice(at + 1).join('\n') };
    return Number.isNaN(cue.start) || Number.isNaN(cue.end) ? [] : [cue];
  });
}

function styled(cue, settings) {
  for (const setting of settings.split(' ')) {
    const [name, value = ''] = setting.split(':');
    const number = parseFloat(value);
    if (name === 'align' && ['start', 'center', 'end', 'left', 'right'].includes(value)) cue.align = value;
    if (name === 'vertical' && ['rl', 'lr'].includes(value)) cue.vertical = value;
    if (Number.isNaN(number)) continue;
    if (name === 'size' && number <= 100) cue.size = number;
    if (name === 'position' && number <= 100) cue.position = number;
    if (name === 'line') {
      cue.snapToLines = !value.includes('%');
      cue.line = number;
    }
  }
  return cue;
}

// ---- Seeking with a picture of where it goes

async function offerSeeking(stage) {
  const { video, title } = stage;
  const seek = $('seek');
  $('scrubber').hidden = !title.sprite_vtt;
  if (!title.sprite_vtt) return;
  seek.max = String(title.duration);
  seek.value = '0';
  seek.setAttribute('aria-valuetext', clock(0));
  video.addEventListener('timeupdate', () => {
    if (current !== stage || seek.matches(':active')) return;
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
