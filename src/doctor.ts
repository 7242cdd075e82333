/** `npm run doctor`: tries every setting against the real service, and changes nothing. Acts on import. */
import { randomBytes } from 'node:crypto';
import { setGlobalProxyFromEnv } from 'node:http';
import { type Config, readConfig } from './config.ts';
import type { Finding } from './core/model/finding.ts';
import { checkCertificates } from './doctor/certificates.ts';
import { watchClocks } from './doctor/skew.ts';
import { checkTools } from './doctor/tools.ts';
import { checkAddress } from './http/check.ts';
import { consentPath } from './http/server.ts';
import { PROVIDERS } from './providers/index.ts';
import { checkSlack } from './slack/check.ts';
import { checkDatabase } from './store/check.ts';
import { checkKeys } from './store/check-keys.ts';

// What waits for its turn at a tool keeps no process.
setInterval(() => {}, 60_000);
const read = readConfig(process.env, PROVIDERS);
const findings = 'problems' in read ? problemsOf(read.problems) : await examine(read.config);
for (const { state, about, text } of findings) process.stdout.write(`${state.padEnd(6)} ${about}: ${text}\n`);
const todo = findings.filter(({ state }) => state === 'to do').length;
process.stdout.write(
  `\n${todo === 0 ? 'Docket can start: npm start' : `${todo} to do; then try again: npm run doctor`}\n`,
);
// Sockets that are kept for a next request must not keep the process.
process.exit(todo === 0 ? 0 : 1);

/** Nothing is tried while a setting cannot be read. */
function problemsOf(problems: readonly string[]): Finding[] {
  return problems.map((problem) => {
    const [about = '', ...words] = problem.split(' ');
    return { state: 'to do', about, text: words.join(' ') };
  });
}

async function examine(config: Config): Promise<Finding[]> {
  if (config.proxied) setGlobalProxyFromEnv();
  const clocks = watchClocks(Date.now);
  const { publicUrl, port, providers } = config;
  const base = (publicUrl ?? `http://localhost:${port}`).replace(/\/+$/, '');
  const withConsent = Object.entries(PROVIDERS).filter(([, module]) => 'consent' in module);
  const signIns = withConsent.flatMap(([id, { name }]) => (providers.has(id) ? [`sign-ins at ${name}`] : []));
  const consents = withConsent.map(([id]) => id);
  const page = config.install ? ['the install page'] : [];
  const neededBy = [...('signingSecret' in config.slack ? ['Slack over HTTP'] : []), ...page, ...signIns];
  const [slack, tools, address, database] = await Promise.all([
    checkSlack(config.slack, { PILOT: config.pilot, ADMINS: config.admins }, config.install),
    // They are for the workspace of the bot token.
    config.slack.botToken === undefined ? [] : checkTools(providers, (provider) => base + consentPath(provider)),
    checkAddress({ publicUrl, port, neededBy, word: randomBytes(16).toString('hex') }),
    checkDatabase(config.databaseUrl),
  ]);
  // Opening a file that others may read would take that from them.
  const isOpen = database.every(({ state }) => state === 'fine');
  const keys = isOpen ? await checkKeys(config.databaseUrl, config.encryptionKeys, consents) : [];
  const certificates = checkCertificates(process.env.NODE_EXTRA_CA_CERTS);
  return [...slack, ...tools, ...address, ...database, ...keys, ...certificates, clocks.judge()];
}
