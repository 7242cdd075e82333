/**
 * The environment (DESIGN section 7), read once. Every problem is reported at the same time, by variable name, and never
 * with a value: a value may be a secret.
 */
import { z } from 'zod';

export interface ProviderSettings {
  name: string;
  required: readonly string[];
  optional: Readonly<Record<string, string>>;
  /** Reps sign in there for themselves: their tokens are stored, and their browsers come back to us. */
  consent?: boolean;
}

export interface Config {
  slack: { botToken: string; apiUrl: string } & ({ appToken: string } | { signingSecret: string });
  port: number;
  publicUrl: string | undefined;
  /** 32 bytes each, in base64: the first encrypts, all decrypt. */
  encryptionKeys: readonly string[];
  databaseUrl: string;
  /** For each provider that is set up, a value for each of its variables. */
  providers: ReadonlyMap<string, Record<string, string>>;
  defaultDigestTime: string;
  undoWindowMs: number;
  /** How long the ledger, the audit of links and digests are kept. */
  retentionMs: number;
  logLevel: (typeof LOG_LEVELS)[number];
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' });

const Settings = z.object({
  SLACK_BOT_TOKEN: z.string({ error: 'is missing: the bot token of your Slack app (xoxb-…)' }),
  SLACK_APP_TOKEN: z.string().optional(),
  SLACK_SIGNING_SECRET: z.string().optional(),
  SLACK_API_URL: httpUrl.default('https://slack.com/api/'),
  PORT: wholeNumber(0, 65_535).default(3000),
  PUBLIC_URL: httpUrl.optional(),
  DATABASE_URL: z
    .string()
    .regex(/^file:(?!\/\/(?!\/))[^?]+$/, 'must be a file: address, such as file:data/docket.db')
    .default('file:data/docket.db'),
  /** Checked from the first day, so that a bad key is found at start and not with the first token to be stored. */
  ENCRYPTION_KEY: z
    .string()
    .refine(
      (keys) => keys.split(',').every((key) => isKey(key.trim())),
      'must be 32 bytes in base64 (openssl rand -base64 32); several are separated by commas',
    )
    .optional(),
  DEFAULT_DIGEST_TIME: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day as HH:MM, such as 09:00')
    .default('09:00'),
  UNDO_WINDOW_SECONDS: wholeNumber(0, 600).default(10),
  RETENTION_DAYS: wholeNumber(1, 3_650).default(90),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
});

function wholeNumber(least: number, most: number) {
  return z
    .string()
    .refine(
      (text) => /^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most,
      `must be a whole number from ${least} to ${most.toLocaleString('en-US')}`,
    )
    .transform(Number);
}

function isKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text);
}

export type ConfigResult = { config: Config } | { problems: readonly string[] };

export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  providers: Readonly<Record<string, ProviderSettings>>,
): ConfigResult {
  // An empty value is how many tools write "not set".
  const given = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );
  const problems: string[] = [];
  const parsed = Settings.safeParse(given);
  for (const issue of parsed.error?.issues ?? []) problems.push(`${issue.path.join('.')} ${issue.message}`);
  if (!given.SLACK_APP_TOKEN && !given.SLACK_SIGNING_SECRET) {
    problems.push('SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is missing: set one of them');
  }
  const chosen = new Map<string, Record<string, string>>();
  for (const [id, settings] of Object.entries(providers)) {
    const values = readProvider(given, settings, problems);
    if (!values) continue;
    chosen.set(id, values);
    if (settings.consent && !given.ENCRYPTION_KEY) {
      problems.push(
        `ENCRYPTION_KEY is missing: reps' ${settings.name} tokens are stored encrypted with it (openssl rand -base64 32)`,
      );
    }
  }
  if (!parsed.success || problems.length > 0) return { problems };
  return { config: toConfig(parsed.data, chosen) };
}

/** For what needs the database alone, such as a backup: no other setting has to be there, or right. */
export function readDatabaseUrl(
  env: Readonly<Record<string, string | undefined>>,
): { databaseUrl: string } | { problem: string } {
  const { data, error } = Settings.shape.DATABASE_URL.safeParse(env.DATABASE_URL?.trim() || undefined);
  return data === undefined ? { problem: `DATABASE_URL ${error?.issues[0]?.message}` } : { databaseUrl: data };
}

/** All of a provider's variables, or none of them: half of them is an error that names what is missing. */
function readProvider(
  given: Record<string, string | undefined>,
  { required, optional }: ProviderSettings,
  problems: string[],
): Record<string, string> | undefined {
  const all = [...required, ...Object.keys(optional)];
  if (required.every((name) => given[name] === undefined)) {
    const alone = Object.keys(optional).filter((name) => given[name] !== undefined);
    for (const name of alone) problems.push(`${name} is set, but not ${required.join(' and ')}`);
    return undefined;
  }
  const values: Record<string, string> = {};
  for (const name of all) {
    const value = given[name]?.trim() ?? optional[name];
    if (value === undefined) problems.push(`${name} is missing: ${required.join(' and ')} go together`);
    else if (name.endsWith('_URL') && !httpUrl.safeParse(value).success) {
      problems.push(`${name} must be an http:// or https:// address`);
    } else values[name] = value;
  }
  return values;
}

function toConfig(settings: z.infer<typeof Settings>, providers: Map<string, Record<string, string>>): Config {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = settings;
  const apiUrl = settings.SLACK_API_URL.endsWith('/') ? settings.SLACK_API_URL : `${settings.SLACK_API_URL}/`;
  const way = appToken === undefined ? { signingSecret: signingSecret ?? '' } : { appToken };
  return {
    slack: { botToken, apiUrl, ...way },
    port: settings.PORT,
    publicUrl: settings.PUBLIC_URL,
    encryptionKeys: (settings.ENCRYPTION_KEY ?? '').split(',').flatMap((key) => (key.trim() ? [key.trim()] : [])),
    databaseUrl: settings.DATABASE_URL,
    providers,
    defaultDigestTime: settings.DEFAULT_DIGEST_TIME,
    undoWindowMs: settings.UNDO_WINDOW_SECONDS * 1_000,
    retentionMs: settings.RETENTION_DAYS * 86_400_000,
    logLevel: settings.LOG_LEVEL,
  };
}
