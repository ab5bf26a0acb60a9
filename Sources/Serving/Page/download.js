// Bytes from the store: in one piece or not at all, and again where that may help.

import { HTTPFailure } from './http.js';

/** Seconds without a byte after which a transfer counts as lost. */
const patience = 12;
/** Seconds before each further attempt; half a minute in all. */
const delays = [0.5, 1, 2, 4, 8, 8, 8];

/**
 * One attempt to load a segment.
 * @param onProgress called with the bytes that have come so far, at each piece.
 */
export async function download(url, { signal, onProgress = () => {} }) {
  const transfer = new AbortController();
  const stop = () => transfer.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  let watch = 0;
  const expect = () => {
    clearTimeout(watch);
    watch = setTimeout(() => transfer.abort(new Error('nothing more came')), patience * 1000);
  };
  try {
    expect();
    const response = await fetch(url, { signal: transfer.signal });
    if (!response.ok) throw new HTTPFailure(response);
    const pieces = [];
    let loaded = 0;
    const reader = response.body.getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      expect();
      pieces.push(piece.value);
      loaded += piece.value.length;
      onProgress(loaded);
    }
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
    if (!isWhole(bytes)) throw new Error('the connection was cut');
    return bytes;
  } finally {
    clearTimeout(watch);
    signal.removeEventListener('abort', stop);
  }
}

/** Whether the bytes are whole boxes (ISO/IEC 14496-12, 4.2): not every browser says that a body was cut off. */
function isWhole(bytes) {
  const view = new DataView(bytes.buffer);
  let place = 0;
  while (place + 8 <= bytes.length) {
    const size = view.getUint32(place);
    const whole = size === 1 && place + 16 <= bytes.length ? Number(view.getBigUint64(place + 8)) : size;
    if (whole < 8) return false;
    place += whole;
  }
  return place === bytes.length;
}

/**
 * Attempts until one succeeds or no further one makes sense.
 * @param onRetry is told of each failure that another attempt follows, and how many there were before it.
 */
export async function retried(attempt, { signal, onRetry }) {
  for (let count = 0; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || !isTransient(error) || count >= delays.length) throw error;
      onRetry(error, count);
      await pause(delays[count], signal);
      if (signal.aborted) throw error;
    }
  }
}

/** What is refused or gone stays so; what was broken, busy or cut may come. */
function isTransient(error) {
  return !(error instanceof HTTPFailure) || error.status >= 500 || error.status === 408 || error.status === 429;
}

/** Waits; not longer than until the browser says that it is connected again. */
function pause(seconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
