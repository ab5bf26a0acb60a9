// Codec strings (RFC 6381): the names that people know them by, and whether this browser takes them from Media Source.

const names = {
  avc1: 'H.264', avc3: 'H.264', hvc1: 'HEVC', hev1: 'HEVC', dvh1: 'Dolby Vision', av01: 'AV1', vp09: 'VP9',
  mp4a: 'AAC', opus: 'Opus', flac: 'FLAC', 'ac-3': 'AC-3', 'ec-3': 'E-AC-3',
};

/** `hvc1.1.6.L93.B0` is `HEVC`; a codec that nobody knows keeps its string. */
export function codecName(codecs) {
  return names[codecs.split('.')[0].toLowerCase()] ?? codecs;
}

/** The MIME type of a track's segments. `Opus` is the sample entry's name, and `opus` what every browser knows. */
export function mimeType(kind, codecs) {
  return `${kind}/mp4; codecs="${codecs === 'Opus' ? 'opus' : codecs}"`;
}

export function canBeFed(kind, codecs) {
  return 'MediaSource' in window && MediaSource.isTypeSupported(mimeType(kind, codecs));
}

/** Asked of a video element, for browsers that play HLS by themselves. */
export function canBePlayed(video, kind, codecs) {
  return video.canPlayType(mimeType(kind, codecs)) !== '';
}

/** What is said where a title has no track of a kind that the browser decodes. */
export function undecodable(kind, tracks) {
  const found = [...new Set(tracks.map((track) => codecName(track.codecs)))].join(' or ');
  return `This browser cannot decode ${found}, in which this title\u2019s ${kind} is stored. `
    + 'Another browser or device may; or open the HLS or DASH address below in a player such as VLC or mpv.';
}
