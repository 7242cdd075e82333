/**
 * Preloaded into a process by NODE_OPTIONS: it is a version that does not exist yet, with a kind of job more, and a column
 * more that its migration adds.
 */
import { registerHooks } from 'node:module';

const MORE: Readonly<Record<string, readonly [after: string, more: string]>> = {
  '/src/core/jobs/kinds.ts': ['export const KINDS = {', 'tomorrow: { priority: 0, limits: BACKGROUND },'],
  '/src/handlers.ts': [
    'export function createHandlers(uses: UseCases): WorkspaceHandlers {\n  return {',
    'tomorrow: async () => ({ run: async () => ({}) }),',
  ],
  '/src/store/migrations.ts': [
    'export const storeMigrations = {',
    "'999_tomorrow': { up: (db) => db.schema.alterTable('actions').addColumn('tomorrow', 'text').execute() },",
  ],
};

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const [, change] = Object.entries(MORE).find(([file]) => url.endsWith(file)) ?? [];
    if (!change) return loaded;
    const [after, more] = change;
    const source = String(loaded.source);
    if (!source.includes(after)) throw new Error(`${url} has no “${after}”`);
    return { ...loaded, source: source.replace(after, `${after}\n${more}`) };
  },
});
