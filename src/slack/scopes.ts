/** The bot's scopes, as `manifest.yml` asks for them (a test compares the two), and what is lost without each. */

export const REQUIRED_SCOPES: Readonly<Record<string, string>> = {
  'chat:write': 'no digest can be sent',
  commands: '/tasks does not work',
  'im:history': 'what is typed to Docket in its own conversation is not answered',
  'im:write': 'no digest reaches someone who never wrote to Docket',
  'users:read': 'nobody can be found',
  'users:read.email': 'nobody can be linked by their address',
};

/** Whoever installs the app may leave these out. */
export const OPTIONAL_SCOPES: Readonly<Record<string, string>> = {
  'usergroups:read': 'user groups cannot be read: those in PILOT and ADMINS, and those that weekly roll-ups are about',
  'users.profile:read': 'reps cannot choose that no digest comes while their status says out of office',
};
