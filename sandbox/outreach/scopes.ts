/** OAuth scopes: `<plural>.read|write|delete|all`, not additive: write does not give read (outreach.md 1). */

export type Verb = 'read' | 'write' | 'delete' | 'all';

/** All scopes that Docket may need; the default for tests that name none. */
export const DOCKET_SCOPES = [
  'tasks.read',
  'tasks.write',
  'tasks.delete',
  'users.read',
  'prospects.read',
  'accounts.read',
  'opportunities.read',
  'sequences.read',
  'sequenceSteps.read',
  'taskPriorities.read',
  'webhooks.all',
] as const;

const NOUNS: Record<string, string> = {
  accounts: 'accounts',
  calls: 'calls',
  emailAddresses: 'e-mail addresses',
  events: 'events',
  mailings: 'mailings',
  opportunities: 'opportunities',
  personas: 'personas',
  prospects: 'prospects',
  sequences: 'sequences',
  sequenceStates: 'sequence states',
  sequenceSteps: 'sequence steps',
  stages: 'stages',
  taskPriorities: 'task priorities',
  tasks: 'tasks',
  teams: 'teams',
  templates: 'templates',
  users: 'users',
  webhooks: 'webhooks',
};

const WORDS: Record<Verb, string> = {
  read: 'See',
  write: 'Create and change',
  delete: 'Delete',
  all: 'See, create, change and delete',
};

/** The scope in words, for the page of consent; undefined when Outreach has no such scope. */
export function scopeInWords(scope: string): string | undefined {
  const [, plural, verb] = /^([a-zA-Z]+)\.(read|write|delete|all)$/.exec(scope) ?? [];
  const noun = plural === undefined ? undefined : NOUNS[plural];
  return noun === undefined ? undefined : `${WORDS[verb as Verb]} ${noun}`;
}

export function covers(granted: ReadonlySet<string>, plural: string, verb: Verb): boolean {
  return granted.has(`${plural}.${verb}`) || granted.has(`${plural}.all`);
}
