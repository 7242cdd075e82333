export function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:/i.test(url);
}

/** Server and database, without the user and the password. undefined: there is no such address. */
export function placeOf(url: string): string | undefined {
  try {
    const { host, pathname } = new URL(url);
    const database = decodeURIComponent(pathname.slice(1));
    return database === '' || database.includes('/') ? undefined : `${host || 'this machine'}/${database}`;
  } catch {
    return undefined;
  }
}
