// Answers of the server as text and JSON.

/** An answer that is no success. */
export class HTTPFailure extends Error {
  constructor(response) {
    super(`${response.status} ${response.statusText}`.trim());
    this.status = response.status;
  }
}

export async function get(url, kind) {
  const response = await fetch(url);
  if (!response.ok) throw new HTTPFailure(response);
  return kind === 'json' ? response.json() : response.text();
}
