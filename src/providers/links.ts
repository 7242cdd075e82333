/** Links in what providers answer. */

/** A link that may be shown: http or https, normalised. */
export function webUrl(text: string | undefined): string | undefined {
  const url = text ? URL.parse(text) : null;
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined;
}
