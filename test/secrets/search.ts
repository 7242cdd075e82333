/** Looking for secrets, in every shape that they may have taken. */

/** As it is, and as it would look in a URL, in JSON, in base64 (wherever in a longer text it stood) and in hexadecimal. */
function shapesOf(secret: string): string[] {
  const base64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${'x'.repeat(before)}${secret}`)
      .toString('base64')
      .replace(/=+$/, '');
    // What its neighbours take part in is not its own.
    return encoded.slice(before === 0 ? 0 : before + 1, -2);
  });
  const all = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    Buffer.from(secret).toString('hex'),
  ];
  return [...new Set(all)];
}

/** The names of the secrets that are in there, in any shape. */
export function found(secrets: ReadonlyMap<string, string>, ...places: readonly (string | Buffer)[]): string[] {
  return [...secrets].flatMap(([name, secret]) =>
    shapesOf(secret).some((shape) => places.some((place) => place.includes(shape))) ? [name] : [],
  );
}
