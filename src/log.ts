/** JSON lines on standard output, without secrets. */
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.ts';

/** Fields of an error that are logged besides name, message, stack and causes. */
const KEPT = ['code', 'kind', 'status', 'statusCode', 'provider', 'operation', 'reference', 'retryAfterMs'] as const;
const DEEPEST_CAUSE = 6;
const HIDDEN = '[hidden]';
/** Fields that are never logged. */
const FIELDS = [
  'authorization',
  'headers',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'payload',
  'response_url',
];
/** Shorter values would hide ordinary words. */
const SHORTEST_SECRET = 8;

/** Hides `secrets` anywhere, and everything shaped like a secret. */
export function createLog(
  level: Config['logLevel'],
  secrets: readonly string[] = [],
  destination?: DestinationStream,
): Logger {
  const known = secrets.flatMap((secret) => {
    // A number is no secret, and hiding part of another one would break the JSON.
    if (secret.length < SHORTEST_SECRET || /^\d+$/.test(secret)) return [];
    return [...new Set([secret, JSON.stringify(secret).slice(1, -1)])];
  });
  const options = {
    level,
    base: null,
    redact: { paths: FIELDS.flatMap((name) => [name, `*.${name}`]), censor: HIDDEN },
    serializers: { err: (error: unknown) => describe(error, 0) },
    hooks: { streamWrite: (line: string) => hide(line, known) },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** All secret settings. */
export function secretsOf({ slack, install, encryptionKeys, metrics, providers, databaseUrl }: Config): string[] {
  const way = 'appToken' in slack ? slack.appToken : slack.signingSecret;
  const theirs = [...providers.values()].flatMap((values) =>
    Object.entries(values).flatMap(([name, value]) => (name.endsWith('_URL') ? [] : [value])),
  );
  const database = passwordsOf(databaseUrl);
  const few = [slack.botToken, install?.clientSecret, metrics?.token].filter((secret) => secret !== undefined);
  return [...few, way, ...encryptionKeys, ...database, ...theirs];
}

/** As it is written in the address, and as it is. */
function passwordsOf(url: string): string[] {
  const written = /^postgres(?:ql)?:\/\/[^:/@]*:([^@]*)@/i.exec(url)?.[1];
  if (!written) return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}

function describe(error: unknown, depth: number): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error, ...(typeof error === 'string' && { message: error }) };
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  const kept = KEPT.flatMap((key) => {
    const value: unknown = Reflect.get(error, key);
    return typeof value === 'string' || typeof value === 'number' ? [[key, value] as const] : [];
  });
  const causes = depth < DEEPEST_CAUSE ? causesOf(error).map((cause) => describe(cause, depth + 1)) : [];
  return {
    type: error.name,
    message: messageOf(error),
    ...Object.fromEntries(kept),
    stack: frames?.join('\n'),
    ...(causes.length > 0 && { causes }),
  };
}

/** Zod's message may quote values, so only path and code are logged. */
function messageOf(error: Error): string {
  const issues: unknown = Reflect.get(error, 'issues');
  if (!Array.isArray(issues)) return error.message;
  return issues.map(({ path, code }) => `${[path].flat().join('.')}: ${code}`).join(', ');
}

/** Bolt and Slack's SDK use `original` and `originals`, AggregateError `errors`. */
function causesOf(error: Error): unknown[] {
  const all = ['cause', 'original', 'originals', 'errors'].flatMap((key) => Reflect.get(error, key) ?? []);
  return [...new Set(all)].slice(0, DEEPEST_CAUSE);
}

const ADDRESS = /\b(https?|wss?):\/\/[^\s"'`\\<>]+/gi;
const SHAPES = [
  /\b(?:Bearer|Basic)(?:\s|%20|\+)+[\w.~+/=-]{6,}/gi,
  /\bx(?:ox[a-z]|app)-[\w-]+/gi,
  // JWT and JWE.
  /\beyJ[\w-]{8,}(?:\.[\w-]*)*/g,
  // Only in a query or a form: these words are common.
  /(?<=[?&"'\s](?:code|state|key|token|secret)=)[^\s"'\\&,}\]]+/gi,
  // A Slack trigger id.
  /\b\d+\.\d{9,}\.[0-9a-f]{20,}\b/g,
] as const;
/** `access_token=…`, `"client_secret": "…"`, `x-api-key: …`, escaped or not; but nothing of the line's own JSON but its texts. */
const NAMED =
  /\b((?:access|refresh)_?token|client_?secret|code_verifier|authorization|x-api-key|response_url|trigger_id|password)(\\*["']?\s*[=:]\s*\\*["']?)(?![[{]|(?:null|true|false|[\d.eE+-]+)[,}\]])[^\s"'\\&,}\]]+/gi;

/** Works on a whole JSON line and keeps it valid: no replaced text has a quote or a backslash. */
function hide(line: string, known: readonly string[]): string {
  let shown = line;
  for (const secret of known) shown = shown.replaceAll(secret, HIDDEN);
  shown = shown.replace(ADDRESS, hideInAddress);
  for (const shape of SHAPES) shown = shown.replace(shape, HIDDEN);
  return shown.replace(NAMED, `$1$2${HIDDEN}`);
}

/** A response_url is secret as a whole; other URLs have secrets in the query or before the host. */
function hideInAddress(address: string): string {
  return address
    .replace(/\/\/[^/@]*@/, `//${HIDDEN}@`)
    .replace(/[?#].*$/, `?${HIDDEN}`)
    .replace(/\/(actions|commands|services|workflows)\/.+$/i, `/$1/${HIDDEN}`);
}
