/** Kysely's migrator names a migration that this version does not have. `what`: the database, as a sentence begins. */
export function newerVersion(error: unknown, what: string): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const missing = /previously executed migration (\S+) is missing/.exec(at.message)?.[1];
    if (missing) {
      return `${what} was written by a newer version of Docket (${missing}). Start that version, or restore a backup from before the update. Nothing was changed.`;
    }
  }
  return undefined;
}
