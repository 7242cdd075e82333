/** Outreach (outreach.md). Every call is made with the consent of the rep whose task it is about. */

import type { TaskProvider } from '../../core/ports/provider.ts';
import { CAPABILITIES, RULES } from './capabilities.ts';
import { createOutreachClient, type OutreachSettings } from './client.ts';
import { createConsent } from './consent.ts';
import { createCreating } from './creating.ts';
import { checkClient, renewGrant } from './oauth.ts';
import { createReadForEdit, createTasks } from './tasks.ts';
import { createTokens, tokensOf } from './tokens.ts';
import { createUsers } from './users.ts';
import { createVerbs } from './verbs.ts';
import { createWebhooks } from './webhooks.ts';

/** The row of the registry. */
export const outreachModule = {
  name: 'Outreach',
  required: ['OUTREACH_CLIENT_ID', 'OUTREACH_CLIENT_SECRET'],
  optional: { OUTREACH_API_URL: 'https://api.outreach.io' },
  form: [
    {
      name: 'OUTREACH_CLIENT_ID',
      label: 'Application ID',
      hint: 'Of the OAuth application that you registered at Outreach, under OAuth credentials.',
    },
    {
      name: 'OUTREACH_CLIENT_SECRET',
      label: 'Application secret',
      hint: 'Outreach shows it once. Make a new one there if you do not have it.',
    },
  ],
  consent: true,
  create(
    env: Record<'OUTREACH_CLIENT_ID' | 'OUTREACH_CLIENT_SECRET' | 'OUTREACH_API_URL', string>,
    deps: Pick<
      OutreachSettings,
      'clock' | 'circuit' | 'grants' | 'timeoutMs' | 'isPaced' | 'sharePace' | 'noteCall' | 'redirectUri'
    >,
  ): TaskProvider {
    return createOutreach({
      clientId: env.OUTREACH_CLIENT_ID,
      clientSecret: env.OUTREACH_CLIENT_SECRET,
      apiUrl: env.OUTREACH_API_URL,
      ...deps,
    });
  },
} as const;

export function createOutreach(settings: OutreachSettings): TaskProvider {
  const { grants, clock } = settings;
  const tokens = createTokens({ grants, clock, mint: (old) => renewGrant(settings, old) });
  const client = createOutreachClient(settings, tokens);

  return {
    id: 'outreach',
    name: 'Outreach',
    capabilities: CAPABILITIES,
    ...createTasks(client),
    ...createVerbs(client),
    findUsers: createUsers((grant) => (grant ? createOutreachClient(settings, tokensOf(grant)) : client)),
    check: (options) => checkClient(settings, options),
    consent: createConsent(settings, tokens),
    editing: { rules: RULES, read: createReadForEdit(client) },
    creating: createCreating(client),
    hooks: createWebhooks(client),
  };
}
