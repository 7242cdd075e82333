import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Config, readConfig } from '../src/config.ts';
import { PROVIDERS } from '../src/providers/index.ts';

type Env = Record<string, string | undefined>;

const KEY = `${'A'.repeat(43)}=`;

const LEAST: Env = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };

/** Every variable that exists today, with a value that is not its default, and one that cannot be. */
const VARIABLES: Record<string, { good: string; bad?: string; required?: true }> = {
  SLACK_BOT_TOKEN: { good: 'xoxb-2', required: true },
  SLACK_APP_TOKEN: { good: 'xapp-2', required: true },
  SLACK_SIGNING_SECRET: { good: 'signed', required: true },
  SLACK_CLIENT_ID: { good: '123.456' },
  SLACK_CLIENT_SECRET: { good: 'slack secret' },
  SLACK_API_URL: { good: 'http://127.0.0.1:9/api/', bad: 'slack.com' },
  PORT: { good: '8080', bad: '80 80' },
  PUBLIC_URL: { good: 'https://docket.example', bad: 'ftp://docket.example' },
  DATABASE_URL: { good: 'file:other.db', bad: 'mysql://user:hush@db/docket' },
  ENCRYPTION_KEY: { good: KEY, bad: 'too short' },
  GONG_ACCESS_KEY: { good: 'gong key' },
  GONG_ACCESS_KEY_SECRET: { good: 'gong secret' },
  GONG_API_URL: { good: 'https://company.api.gong.example', bad: 'gong' },
  GONG_FLOW_DROP_DAYS: { good: '90', bad: 'soon' },
  OUTREACH_CLIENT_ID: { good: 'outreach id' },
  OUTREACH_CLIENT_SECRET: { good: 'outreach secret' },
  OUTREACH_API_URL: { good: 'https://outreach.example', bad: 'outreach' },
  REPLY_API_KEY: { good: 'reply key' },
  REPLY_API_URL: { good: 'https://reply.example', bad: 'reply' },
  DEFAULT_DIGEST_TIME: { good: '08:30', bad: '8:30' },
  UNDO_WINDOW_SECONDS: { good: '0', bad: '-1' },
  PILOT: { good: 'U0MAYA, theo@northlight.example, S0PILOT', bad: 'Maya' },
  ADMINS: { good: 'U0ADA', bad: '@ada' },
  RETENTION_DAYS: { good: '30', bad: '0' },
  RANKING: { good: 'amount=5,priority=0', bad: 'amount' },
  METRICS: { good: 'on', bad: 'yes' },
  METRICS_TOKEN: { good: 'a'.repeat(16), bad: 'short' },
  LOG_LEVEL: { good: 'debug', bad: 'loud' },
};

const GONG: Env = { GONG_ACCESS_KEY: 'gong key', GONG_ACCESS_KEY_SECRET: 'gong secret' };
const OUTREACH: Env = { OUTREACH_CLIENT_ID: 'outreach id', OUTREACH_CLIENT_SECRET: 'outreach secret' };
const REPLY: Env = { REPLY_API_KEY: 'reply key' };
/** Every provider, and what those need where reps sign in for themselves. */
const ALL: Env = { ...GONG, ...OUTREACH, ...REPLY, ENCRYPTION_KEY: KEY };

/** Of an install page, with what it needs. */
const APP: Env = {
  SLACK_CLIENT_ID: '1.2',
  SLACK_CLIENT_SECRET: 'slack secret',
  PUBLIC_URL: 'https://docket.example',
  ENCRYPTION_KEY: KEY,
};

function problems(env: Env): readonly string[] {
  const result = readConfig(env, PROVIDERS);
  return 'problems' in result ? result.problems : [];
}

function config(env: Env = {}): Config {
  const result = readConfig({ ...LEAST, ...env }, PROVIDERS);
  if ('problems' in result) throw new Error(result.problems.join('\n'));
  return result.config;
}

test('with the least that is needed, everything else has its default', () => {
  expect(config()).toEqual({
    slack: { botToken: 'xoxb-1', appToken: 'xapp-1', apiUrl: 'https://slack.com/api/' },
    install: undefined,
    port: 3000,
    publicUrl: undefined,
    encryptionKeys: [],
    databaseUrl: 'file:data/docket.db',
    providers: new Map(),
    defaultDigestTime: '09:00',
    undoWindowMs: 10_000,
    retentionMs: 90 * 86_400_000,
    ranking: { overdue: 6, due: 10, priority: 3, amount: 1, closing: 2, kind: 0.5, skips: 4 },
    logLevel: 'info',
    metrics: undefined,
    proxied: false,
  });
});

test('without an app token the signing secret means HTTP; with both the socket is used', () => {
  expect(config({ SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 'signed' }).slack).toEqual({
    botToken: 'xoxb-1',
    signingSecret: 'signed',
    apiUrl: 'https://slack.com/api/',
  });
  expect(config({ SLACK_SIGNING_SECRET: 'signed' }).slack).toMatchObject({ appToken: 'xapp-1' });
  expect(config({ SLACK_SIGNING_SECRET: 'signed' }).slack).not.toHaveProperty('signingSecret');
});

test("Slack's address may come without its slash", () => {
  expect(config({ SLACK_API_URL: 'http://127.0.0.1:9/api' }).slack.apiUrl).toBe('http://127.0.0.1:9/api/');
});

describe('problems', () => {
  test('are reported all at once, each by the name of its variable', () => {
    const bad = Object.entries(VARIABLES).flatMap(([name, { bad: value }]) => (value ? [[name, value]] : []));

    const found = problems({ ...ALL, ...Object.fromEntries(bad) });

    for (const [name] of bad) expect(found.filter((problem) => problem.startsWith(`${name} must be `))).toHaveLength(1);
    expect(found.some((problem) => problem.startsWith('SLACK_BOT_TOKEN is missing'))).toBe(true);
    expect(found.some((problem) => /^SLACK_APP_TOKEN .*SLACK_SIGNING_SECRET .*missing/.test(problem))).toBe(true);
    expect(found).toHaveLength(bad.length + 2);
  });

  test('never repeat a value: it may be a secret', () => {
    for (const name of Object.keys(VARIABLES)) {
      const found = problems({ ...ALL, [name]: 'hush:\u0000{"hush"}', SLACK_BOT_TOKEN: undefined });

      expect(found.length).toBeGreaterThan(0);
      expect(found.join('\n')).not.toContain('hush');
    }
    expect(problems({ ...LEAST, DATABASE_URL: 'mysql://user:hush@db/docket' }).join()).not.toMatch(/hush|user/);
  });

  const INVISIBLE = 'must not hold an invisible character';
  const ASCII = 'must be plain ASCII';
  const UNQUOTED = 'must be written without the quotation marks';

  test.each([
    ['a zero-width space', 'SLACK_APP_TOKEN', 'xapp-1\u200b', INVISIBLE],
    ['a tab', 'REPLY_API_KEY', 'reply\tkey', INVISIBLE],
    ['a direction mark', 'DATABASE_URL', 'file:data/\u200edocket.db', INVISIBLE],
    ['curly quotes', 'GONG_ACCESS_KEY_SECRET', '“gong secret”', ASCII],
    ['a long dash', 'SLACK_BOT_TOKEN', 'xoxb–1', ASCII],
    ['quotes around it', 'SLACK_SIGNING_SECRET', '"signed"', UNQUOTED],
    ['single quotes around it', 'OUTREACH_CLIENT_SECRET', "'outreach secret'", UNQUOTED],
    ['quotes around an address', 'REPLY_API_URL', '"https://reply.example"', UNQUOTED],
    ['another kind of token', 'SLACK_BOT_TOKEN', 'xoxp-1', 'must be a bot token, which begins with xoxb-'],
    ['another kind of token', 'SLACK_APP_TOKEN', 'xoxb-1', 'must be an app-level token, which begins with xapp-'],
  ])('are found at the start: %s in %s', (_, name, value, problem) => {
    const [found = '', ...others] = problems({ ...LEAST, ...ALL, [name]: value });

    expect([found.startsWith(`${name} ${problem}`), others], found).toEqual([true, []]);
  });

  test('are found in a file that begins with a byte order mark', () => {
    const { SLACK_BOT_TOKEN, ...others } = LEAST;

    const found = problems({ '\ufeffSLACK_BOT_TOKEN': SLACK_BOT_TOKEN, ...others });

    expect(found).toEqual([expect.stringMatching(/^SLACK_BOT_TOKEN has an invisible character before its name/)]);
  });

  test.each<[string, string[], string[]]>([
    ['PORT', ['-1', '65536', '3000.5', '1e3', '0x10', 'three', '１'], ['0', '65535']],
    ['UNDO_WINDOW_SECONDS', ['601', '-1', '1.5', 'Infinity', 'NaN'], ['0', '600']],
    ['RETENTION_DAYS', ['0', '3651', '-1', '1.5', 'forever'], ['1', '3650']],
    ['DEFAULT_DIGEST_TIME', ['24:00', '09:60', '9:00', '09.00', '09:00:00', 'nine'], ['00:00', '23:59']],
    ['ENCRYPTION_KEY', ['A'.repeat(44), `${KEY},`, `${KEY},x`, KEY.slice(1)], [KEY, `${KEY},${KEY}`, `${KEY}, ${KEY}`]],
    [
      'DATABASE_URL',
      ['docket.db', 'file:', 'sqlite:a.db', 'postgres://docket@db', 'postgres:docket', 'postgres://db/a b'],
      [
        'file::memory:',
        'file:///var/a.db',
        'file:data/größe.db',
        'postgres://u:p%40@db:5432/docket?sslmode=verify-full',
      ],
    ],
    [
      'RANKING',
      [
        'amount',
        'amount=',
        '=3',
        'amount=-1',
        'amount=101',
        'amount=1e1',
        'amount=3=4',
        'money=3',
        'due=1,due=2',
        'due=1,',
        'Due=1',
      ],
      ['amount=0', 'amount=100', ' amount = 0.125 , due=9 '],
    ],
    ['LOG_LEVEL', ['INFO', 'verbose', 'toString', '__proto__'], ['debug']],
    ['PUBLIC_URL', ['docket.example', 'javascript:alert(1)', '//docket.example'], ['https://docket.example']],
    ['SLACK_BOT_TOKEN', ['xoxp-1'], ['xoxe.xoxb-1']],
  ])('%s cannot be any of %j, and can be any of %j', (name, bad, good) => {
    const isRefused = (value: string) => problems({ ...LEAST, [name]: value }).length === 1;

    expect(bad.filter(isRefused)).toEqual(bad);
    expect(good.filter(isRefused)).toEqual([]);
  });
});

test('weights of the ranking: what is left out has its default, and every pair that is wrong is told, without its value', () => {
  expect(config({ RANKING: 'amount=5,kind=0' }).ranking).toEqual({ ...config().ranking, amount: 5, kind: 0 });
  expect(problems({ ...LEAST, RANKING: 'amount=5,hush=1,due=hush,amount=6' })).toEqual([
    'RANKING must be pairs such as amount=3, separated by commas: ' +
      'pair 2 has none of the names overdue, due, priority, amount, closing, kind, skips; ' +
      'pair 3 (due) has no number from 0 to 100; pair 4 names amount a second time',
  ]);
});

test('an empty value is one that is not set', () => {
  for (const value of ['', ' ']) {
    const empty = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, value]));

    expect(config({ ...empty, ...LEAST })).toEqual(config());
    expect(problems(empty)).toEqual(problems({}));
  }
});

test('a proxy is used by the names that other tools read, and must be an address', () => {
  expect(config({ https_proxy: 'http://proxy.example:3128' }).proxied).toBe(true);
  expect(config({ HTTPS_PROXY: ' ' }).proxied).toBe(false);
  expect(problems({ ...LEAST, HTTP_PROXY: 'user:hush@proxy' })).toEqual([
    'HTTP_PROXY must be an http:// or https:// address',
  ]);
});

test('what is not ours is let be', () => {
  expect(config({ PATH: '/usr/bin', NODE_OPTIONS: '--x', SLACK_TOKEN: 'x', OTHER_URL: 'not one' })).toEqual(config());
});

test('a provider is set up by all its variables, with its defaults, beside others or alone', () => {
  const gong = { ...GONG, GONG_API_URL: 'https://api.gong.io', GONG_FLOW_DROP_DAYS: '' };
  const outreach = { ...OUTREACH, OUTREACH_API_URL: 'https://api.outreach.io' };
  const reply = { ...REPLY, REPLY_API_URL: 'https://api.reply.io' };

  expect(config(GONG).providers).toEqual(new Map([['gong', gong]]));
  expect(config(REPLY).providers).toEqual(new Map([['reply', reply]]));
  expect([...config(ALL).providers]).toEqual(Object.entries({ gong, outreach, reply }));
  const elsewhere = { ...GONG, GONG_API_URL: 'http://127.0.0.1:9', GONG_FLOW_DROP_DAYS: '30' };
  expect(config(elsewhere).providers.get('gong')).toEqual(elsewhere);
});

test.each([
  [['0', '366', '-1', '30.5', '1e2', 'soon'], false],
  [['1', '30', '120', '365'], true],
] as const)('days of a provider that are %j can be so: %s', (values, canBe) => {
  for (const GONG_FLOW_DROP_DAYS of values) {
    expect(problems({ ...LEAST, ...GONG, GONG_FLOW_DROP_DAYS })).toHaveLength(canBe ? 0 : 1);
  }
});

test.each([
  [{ GONG_ACCESS_KEY: 'x' }, 'GONG_ACCESS_KEY_SECRET is missing'],
  [{ GONG_ACCESS_KEY: 'x', GONG_ACCESS_KEY_SECRET: '' }, 'GONG_ACCESS_KEY_SECRET is missing'],
  [{ GONG_ACCESS_KEY_SECRET: 'x' }, 'GONG_ACCESS_KEY is missing'],
  [{ GONG_API_URL: 'https://a.example' }, 'GONG_API_URL is set, but not GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET'],
  [{ OUTREACH_CLIENT_ID: 'x', ENCRYPTION_KEY: KEY }, 'OUTREACH_CLIENT_SECRET is missing'],
  [{ REPLY_API_URL: 'https://api.reply.io' }, 'REPLY_API_URL is set, but not REPLY_API_KEY'],
])('a provider that is half set up (%j) is an error that names what is missing', (env, problem) => {
  expect(problems({ ...LEAST, ...env })).toEqual([expect.stringContaining(problem)]);
});

test('a provider where reps sign in for themselves, and no other, needs a key, and says what for and how to make one', () => {
  const missing = [expect.stringMatching(/^ENCRYPTION_KEY is missing: .*Outreach tokens.*openssl rand/)];

  for (const ENCRYPTION_KEY of [undefined, ' ']) {
    expect(problems({ ...LEAST, ...OUTREACH, ENCRYPTION_KEY })).toEqual(missing);
  }
  expect(problems({ ...LEAST, ...OUTREACH, ENCRYPTION_KEY: KEY })).toEqual([]);
  expect(problems({ ...LEAST, ...OUTREACH, ENCRYPTION_KEY: 'too short' })).toHaveLength(1);
  expect(problems({ ...LEAST, ...GONG, ...REPLY })).toEqual([]);
  const half = problems({ ...LEAST, OUTREACH_CLIENT_ID: 'x' });
  expect(half.filter((problem) => problem.startsWith('OUTREACH_CLIENT_SECRET is missing'))).toHaveLength(1);
});

describe('the install page', () => {
  const { SLACK_BOT_TOKEN, ...others } = LEAST;

  test('needs the app, an address and a key, and says which of them are missing', () => {
    expect(config(APP).install).toEqual({ clientId: '1.2', clientSecret: 'slack secret' });
    for (const name of Object.keys(APP)) {
      expect(problems({ ...LEAST, ...APP, [name]: undefined })).toEqual([
        expect.stringMatching(`^${name} is missing: `),
      ]);
    }
    expect(problems({ ...LEAST, SLACK_CLIENT_SECRET: 'x' })).toHaveLength(3);
  });

  test('makes the bot token needless, and without either nothing starts', () => {
    expect(problems({ ...others, ...APP })).toEqual([]);
    const result = readConfig({ ...others, ...APP }, PROVIDERS);
    expect(result).toMatchObject({ config: { slack: { botToken: undefined } } });
    expect(problems(others)).toEqual([expect.stringMatching(/^SLACK_BOT_TOKEN is missing/)]);
    expect(problems({ ...APP, SLACK_BOT_TOKEN })).toEqual([
      expect.stringMatching(/SLACK_SIGNING_SECRET .* is missing/),
    ]);
  });

  test.each([{ PILOT: 'U0MAYA' }, { ADMINS: 'U0ADA' }, REPLY])(
    '%j, which is for the workspace of the bot token alone, is a mistake without one',
    (env) => {
      const [name] = Object.keys(env);
      expect(problems({ ...others, ...APP, ...env })).toEqual([
        `${name} is set, but not SLACK_BOT_TOKEN: it is for that workspace alone`,
      ]);
      expect(problems({ ...LEAST, ...APP, ...env })).toEqual([]);
    },
  );
});

test('several keys stay in their order: the first encrypts', () => {
  const other = `${'B'.repeat(43)}=`;

  expect(config({ ENCRYPTION_KEY: KEY }).encryptionKeys).toEqual([KEY]);
  expect(config({ ENCRYPTION_KEY: ` ${KEY} , ${other}` }).encryptionKeys).toEqual([KEY, other]);
  expect(config({ ENCRYPTION_KEY: `${other},${KEY}` }).encryptionKeys).toEqual([other, KEY]);
});

describe('the list of variables', () => {
  test('is what the code reads', () => {
    const code = readFileSync(new URL('../src/config.ts', import.meta.url), 'utf8');
    const own = [...code.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map((match) => match[1]);
    const theirs = Object.values(PROVIDERS).flatMap(({ required, optional }) =>
      [required, Object.keys(optional)].flat(),
    );

    expect([...own, ...theirs].sort()).toEqual(Object.keys(VARIABLES).sort());
  });

  test.each(Object.entries(VARIABLES))('%s makes a difference', (name, { good, bad }) => {
    // Without the socket the signing secret counts; a provider's variables count together.
    const others = name === 'SLACK_SIGNING_SECRET' ? { ...LEAST, SLACK_APP_TOKEN: undefined } : { ...LEAST, ...ALL };
    const given = { ...others, ...(name in APP && APP), [name]: good };

    expect(problems(given)).toEqual([]);
    if (bad !== undefined) expect(problems({ ...given, [name]: bad })).not.toEqual([]);
    expect(readConfig(given, PROVIDERS)).not.toEqual(readConfig(otherThan(name, given), PROVIDERS));
  });

  function otherThan(name: string, env: Env): Env {
    const { required, bad } = VARIABLES[name] ?? {};
    const isNeeded = required || (bad === undefined && !(name in LEAST));
    return { ...env, [name]: isNeeded ? `${env[name]}2` : undefined };
  }

  describe('in .env.example', () => {
    const lines = readFileSync(new URL('../.env.example', import.meta.url), 'utf8').split('\n');
    const entries = lines.flatMap((line, index) => {
      const [, hash, name = '', value = ''] = /^(#?)([A-Z][A-Z_]+)=(.*)$/.exec(line) ?? [];
      return hash === undefined ? [] : [{ name, value, isComment: hash === '#', above: lines[index - 1] ?? '' }];
    });

    const valuesOf = (some: typeof entries) => Object.fromEntries(some.map(({ name, value }) => [name, value]));

    test('is whole, each variable once', () => {
      expect(entries.map(({ name }) => name).sort()).toEqual(Object.keys(VARIABLES).sort());
    });

    test('has the required ones first', () => {
      const required = Object.keys(VARIABLES).filter((name) => VARIABLES[name]?.required);

      expect(entries.slice(0, required.length).map(({ name }) => name)).toEqual(required);
    });

    test('explains each in a sentence', () => {
      for (const { above } of entries) expect(above).toMatch(/^# [A-Z].*[.:]$/);
    });

    test('shows the defaults as they are', () => {
      const shown = valuesOf(entries.filter(({ value }) => value !== ''));

      expect(entries.filter(({ value, isComment }) => (value !== '') !== isComment)).toEqual([]);
      expect(config({ ...ALL, ...shown })).toEqual(config(ALL));
      expect(Object.keys(shown)).toHaveLength(12);
    });

    test('starts once it is filled in, and asks for that before', () => {
      const copied = valuesOf(entries.filter(({ isComment }) => !isComment));

      expect(problems(copied)).toHaveLength(2);
      expect(problems({ ...copied, ...LEAST })).toEqual([]);
      expect(problems({ ...copied, ...LEAST, ...ALL })).toEqual([]);
    });
  });
});
