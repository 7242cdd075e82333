/** Reads the environment, and reports all problems at once, by variable name and never with a value. */
import { z } from 'zod';
import { type Named, parseNamed } from './core/model/circle.ts';
import { DEFAULT_WEIGHTS, parseWeights, type Weights } from './core/model/ranking.ts';

interface ProviderSettings {
  name: string;
  required: readonly string[];
  optional: Readonly<Record<string, string>>;
  /** Reps sign in there, so tokens are stored. */
  consent?: boolean;
}

export interface Config {
  /** `botToken`: of one workspace, for which tools, pilot and admins are. undefined: all workspaces install the app. */
  slack: { botToken: string | undefined; apiUrl: string } & ({ appToken: string } | { signingSecret: string });
  /** The Slack app's, for its install page. undefined: there is none. */
  install: { clientId: string; clientSecret: string } | undefined;
  port: number;
  publicUrl: string | undefined;
  /** 32 bytes each, in base64: the first encrypts, all decrypt. */
  encryptionKeys: readonly string[];
  databaseUrl: string;
  /** The variables of each configured provider. */
  providers: ReadonlyMap<string, Record<string, string>>;
  defaultDigestTime: string;
  undoWindowMs: number;
  /** For the ledger, the links' audit log and digests. */
  retentionMs: number;
  /** What is left out has its default. */
  ranking: Partial<Weights>;
  /** Only they are linked and written to. undefined: everyone is. */
  pilot: Named | undefined;
  /** Who may see the team. undefined: the workspace's admins and owners. */
  admins: Named | undefined;
  logLevel: (typeof LOG_LEVELS)[number];
  /** undefined: there are none. `token`: only for those who send it. */
  metrics: { token: string | undefined } | undefined;
  /** `HTTPS_PROXY` or `HTTP_PROXY` is set: all requests use it, except to hosts of `NO_PROXY`. */
  proxied: boolean;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' });

const Settings = z.object({
  SLACK_BOT_TOKEN: z
    .string()
    .regex(/^(xoxe\.)?xoxb-/, 'must be a bot token, which begins with xoxb-')
    .optional(),
  SLACK_CLIENT_ID: z.string().optional(),
  SLACK_CLIENT_SECRET: z.string().optional(),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-/, 'must be an app-level token, which begins with xapp-')
    .optional(),
  SLACK_SIGNING_SECRET: z.string().optional(),
  SLACK_API_URL: httpUrl.default('https://slack.com/api/'),
  PORT: wholeNumber(0, 65_535).default(3000),
  PUBLIC_URL: httpUrl.optional(),
  DATABASE_URL: z
    .string()
    .regex(
      /^(file:(?!\/\/(?!\/))[^?]+|postgres(ql)?:\/\/\S+\/[^/?\s]+(\?\S*)?)$/,
      'must be a file: address, such as file:data/docket.db, or postgres://USER:PASSWORD@HOST/DATABASE',
    )
    .default('file:data/docket.db'),
  /** Checked at start, so that a bad key is found before the first token is stored. */
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
  RANKING: weights().default(DEFAULT_WEIGHTS),
  PILOT: people().optional(),
  ADMINS: people().optional(),
  METRICS: z.enum(['on', 'off'], { error: 'must be on or off' }).optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\w.~+/=-]{16,}$/, 'must be at least 16 letters and digits (openssl rand -hex 32)')
    .optional(),
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

/** In a provider's own variables. */
const days = wholeNumber(1, 365);

function weights() {
  return z.string().transform((text, context): Weights => {
    const parsed = parseWeights(text);
    if ('weights' in parsed) return parsed.weights;
    const message = `must be pairs such as amount=3, separated by commas: ${parsed.problems.join('; ')}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

function people() {
  return z.string().transform((text, context): Named => {
    const parsed = parseNamed(text);
    if ('named' in parsed) return parsed.named;
    const message = 'must be Slack user ids (U…), e-mail addresses or ids of user groups (S…), separated by commas';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

function isKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text);
}

/** As Node and most tools read them. */
const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

type ConfigResult = { config: Config } | { problems: readonly string[] };

export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  providers: Readonly<Record<string, ProviderSettings>>,
): ConfigResult {
  const known = [
    ...Object.keys(Settings.shape),
    ...Object.values(providers).flatMap(({ required, optional }) => [...required, ...Object.keys(optional)]),
  ];
  const { given, problems } = readValues(env, known);
  const parsed = Settings.safeParse(given);
  for (const { path, message } of parsed.error?.issues ?? []) problems.push(`${path.join('.')} ${message}`);
  problems.push(...installProblems(given));
  if (!given.SLACK_APP_TOKEN && !given.SLACK_SIGNING_SECRET) {
    problems.push('SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is missing: set one of them');
  }
  const proxies = PROXIES.filter((name) => env[name]?.trim());
  for (const name of proxies) {
    if (!httpUrl.safeParse(env[name]?.trim()).success) problems.push(`${name} must be an http:// or https:// address`);
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
  if (!given.SLACK_BOT_TOKEN && given.SLACK_CLIENT_ID) {
    const theirs = ['PILOT', 'ADMINS', ...[...chosen.values()].flatMap((values) => Object.keys(values).slice(0, 1))];
    const idle = theirs.filter((name) => given[name]);
    problems.push(...idle.map((name) => `${name} is set, but not SLACK_BOT_TOKEN: it is for that workspace alone`));
  }
  if (!parsed.success || problems.length > 0) return { problems: firstOfEach(problems) };
  return { config: { ...toConfig(parsed.data, chosen), proxied: proxies.length > 0 } };
}

/** With the install page workspaces need no token in the settings, and theirs are stored. */
function installProblems(given: Readonly<Record<string, string>>): string[] {
  const app = ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET'];
  if (app.every((name) => !given[name])) {
    return given.SLACK_BOT_TOKEN ? [] : ['SLACK_BOT_TOKEN is missing: the bot token of your Slack app (xoxb-…)'];
  }
  const needed = [
    ...app.map((name) => [name, `${app.join(' and ')} go together`]),
    ['PUBLIC_URL', "Slack's install page leads back to it"],
    ['ENCRYPTION_KEY', "workspaces' bot tokens are stored encrypted with it (openssl rand -base64 32)"],
  ];
  return needed.flatMap(([name = '', why]) => (given[name] ? [] : [`${name} is missing: ${why}`]));
}

/** Only the first problem of each variable. */
function firstOfEach(problems: readonly string[]): string[] {
  const nameOf = (problem: string) => problem.split(' ', 1)[0];
  return problems.filter(
    (problem, index) => problems.findIndex((other) => nameOf(other) === nameOf(problem)) === index,
  );
}

/** Invisible characters: zero-width spaces, byte order marks, control characters. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}]/u;
/** Paths and URLs may have any letter. */
const ANY_LETTER = new Set(['DATABASE_URL', 'PUBLIC_URL']);

/** The variables that are set; empty ones are not. Values go into HTTP headers, so bad characters are refused. */
function readValues(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): { given: Record<string, string>; problems: string[] } {
  const given: Record<string, string> = {};
  const problems: string[] = [];
  for (const [written, text] of Object.entries(env)) {
    const name = written.replace(new RegExp(INVISIBLE, 'gu'), '');
    const value = text?.trim();
    if (!value || !known.includes(name)) continue;
    given[name] = value;
    if (name !== written) {
      problems.push(
        `${name} has an invisible character before its name: save the file as UTF-8 without a byte order mark`,
      );
    } else if (/^(["'`]).*\1$/s.test(value)) {
      problems.push(`${name} must be written without the quotation marks around it`);
    } else if (INVISIBLE.test(value)) {
      problems.push(`${name} must not hold an invisible character: copy the value again, without what is around it`);
    } else if (!ANY_LETTER.has(name) && !/^[\x20-\x7e]+$/.test(value)) {
      problems.push(
        `${name} must be plain ASCII: it holds a curly quotation mark, a long dash or another special character`,
      );
    }
  }
  return { given, problems };
}

/** For the backup, which needs no other setting. */
export function readDatabaseUrl(
  env: Readonly<Record<string, string | undefined>>,
): { databaseUrl: string } | { problem: string } {
  const { data, error } = Settings.shape.DATABASE_URL.safeParse(env.DATABASE_URL?.trim() || undefined);
  return data === undefined ? { problem: `DATABASE_URL ${error?.issues[0]?.message}` } : { databaseUrl: data };
}

/** All of a provider's variables, or none; a part of them is an error. */
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
    const value = given[name] ?? optional[name];
    if (value === undefined) problems.push(`${name} is missing: ${required.join(' and ')} go together`);
    else if (name.endsWith('_URL') && !httpUrl.safeParse(value).success) {
      problems.push(`${name} must be an http:// or https:// address`);
    } else if (name.endsWith('_DAYS') && !days.safeParse(value || '1').success) {
      problems.push(`${name} must be a whole number from 1 to 365`);
    } else values[name] = value;
  }
  return values;
}

function toConfig(
  settings: z.infer<typeof Settings>,
  providers: Map<string, Record<string, string>>,
): Omit<Config, 'proxied'> {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = settings;
  const apiUrl = settings.SLACK_API_URL.endsWith('/') ? settings.SLACK_API_URL : `${settings.SLACK_API_URL}/`;
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret } = settings;
  const way = appToken === undefined ? { signingSecret: signingSecret ?? '' } : { appToken };
  return {
    slack: { botToken, apiUrl, ...way },
    install: clientId && clientSecret ? { clientId, clientSecret } : undefined,
    port: settings.PORT,
    publicUrl: settings.PUBLIC_URL,
    encryptionKeys: (settings.ENCRYPTION_KEY ?? '').split(',').flatMap((key) => (key.trim() ? [key.trim()] : [])),
    databaseUrl: settings.DATABASE_URL,
    providers,
    defaultDigestTime: settings.DEFAULT_DIGEST_TIME,
    undoWindowMs: settings.UNDO_WINDOW_SECONDS * 1_000,
    retentionMs: settings.RETENTION_DAYS * 86_400_000,
    ranking: settings.RANKING,
    pilot: settings.PILOT,
    admins: settings.ADMINS,
    logLevel: settings.LOG_LEVEL,
    metrics: metricsOf(settings),
  };
}

function metricsOf({ METRICS: choice, METRICS_TOKEN: token }: z.infer<typeof Settings>): Config['metrics'] {
  return choice === 'off' || (choice === undefined && token === undefined) ? undefined : { token };
}
