/**
 * Tries for `npm run doctor` whether `PUBLIC_URL` leads here. Where no Docket runs, a server of a moment listens on `PORT` and
 * answers with a word that nobody else knows.
 */
import { createServer, type Server } from 'node:http';
import type { Finding } from '../core/model/finding.ts';

interface AddressSettings {
  publicUrl: string | undefined;
  port: number;
  /** What cannot work without the address: names of tools, or Slack over HTTP. */
  neededBy: readonly string[];
  /** Nobody else knows it. */
  word: string;
}

const ABOUT = 'PUBLIC_URL';
const TIMEOUT_MS = 10_000;

export async function checkAddress({ publicUrl, port, neededBy, word }: AddressSettings): Promise<Finding[]> {
  const server = await listen(port, word);
  try {
    const here = server === 'refused' ? `http://localhost:${port}` : undefined;
    const findings = here && (await ask(here)) !== 'ok' ? [portTaken(port)] : [];
    if (publicUrl === undefined) return [...findings, ...checkNone(neededBy)];
    const said = await ask(publicUrl);
    return [...findings, judge(publicUrl, said, server === 'refused' ? 'ok' : word, port), ...checkScheme(publicUrl)];
  } finally {
    if (server !== 'refused') server.closeAllConnections();
    if (server !== 'refused') await new Promise((resolve) => server.close(resolve));
  }
}

function portTaken(port: number): Finding {
  return {
    state: 'to do',
    about: 'PORT',
    text: `${port} is used by another program: stop it, or choose another port.`,
  };
}

function checkNone(neededBy: readonly string[]): Finding[] {
  if (neededBy.length === 0) return [{ state: 'fine', about: ABOUT, text: 'is not set, and nothing needs it.' }];
  const text = `is not set, and ${neededBy.join(' and ')} need it: the address under which this server is reached from outside.`;
  return [{ state: 'to do', about: ABOUT, text }];
}

/** Outreach sends webhooks only to https. */
function checkScheme(publicUrl: string): Finding[] {
  if (publicUrl.startsWith('https:')) return [];
  return [
    { state: 'note', about: ABOUT, text: 'is not https: no webhooks come, and browsers may warn reps who sign in.' },
  ];
}

type Said = string | { status: number } | { code: string };

function judge(publicUrl: string, said: Said, expected: string, port: number): Finding {
  const { host } = new URL(publicUrl);
  if (said === expected) return { state: 'fine', about: ABOUT, text: `${host} leads to port ${port} of this machine.` };
  return {
    state: 'to do',
    about: ABOUT,
    text: `${whatElse(host, said)} Lead it to port ${port} (PORT) of this machine.`,
  };
}

function whatElse(host: string, said: Said): string {
  if (typeof said === 'string') return `${host} answers, but it is not this machine's Docket that does.`;
  if ('status' in said) return `${host} answers ${said.status}, and does not pass on to Docket.`;
  if (said.code === 'ENOTFOUND') return `there is no host ${host}: correct the address, or its DNS.`;
  return `${host} cannot be reached from here (${said.code}).`;
}

async function ask(address: string): Promise<Said> {
  try {
    const url = `${address.replace(/\/+$/, '')}/healthz`;
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    return response.ok ? text.trim().slice(0, 100) : { status: response.status };
  } catch (error) {
    return { code: codeOf(error) };
  }
}

function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return error instanceof Error && error.name === 'TimeoutError' ? 'no answer' : 'no connection';
}

/** `refused`: the port is taken. */
function listen(port: number, word: string): Promise<Server | 'refused'> {
  const server = createServer((_request, response) => response.end(word));
  return new Promise((resolve) => {
    server.once('error', () => resolve('refused'));
    server.listen(port, () => resolve(server));
  });
}
