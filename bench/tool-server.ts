/** A tool that speaks Gong's HTTP (gong.md 2, 3, 7) and answers at once: for load, where a strict simulator takes too long. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from './people.ts';

interface ToolCall {
  kind: 'list' | 'change' | 'users';
  at: number;
  /** When it was answered. */
  until: number;
  externalId: string | undefined;
  taskId: string | undefined;
  status: number;
}

interface ToolOptions {
  people: readonly Person[];
  tasksEach: number;
  answerMs?: number;
  /** A call above it is refused, by when it arrives. */
  limit?: { calls: number; windowMs: number };
  /** Of its tasks. */
  now?: () => number;
}

export interface ToolServer {
  url: string;
  calls: ToolCall[];
  /** Task id to how often it was changed. */
  changes: Map<string, number>;
  /** From now on it takes so long to answer. */
  take(ms: number): void;
  /** All tasks are open again, and what was called is forgotten. */
  reopen(): void;
  close(): Promise<void>;
}

interface ToolTask {
  id: number;
  userId: number;
  status: string;
  dueDate: string;
  [field: string]: unknown;
}

const HOUR = 3_600_000;
const PAGE = 100;

export async function createToolServer(options: ToolOptions): Promise<ToolServer> {
  const tasks = new Map<string, ToolTask[]>();
  const calls: ToolCall[] = [];
  const changes = new Map<string, number>();
  let recent: number[] = [];
  let answerMs = options.answerMs ?? 0;

  function tasksOf(externalId: string): ToolTask[] {
    const kept = tasks.get(externalId) ?? newTasks(externalId, options.tasksEach, options.now?.() ?? Date.now());
    tasks.set(externalId, kept);
    return kept;
  }

  function isTooMany(now: number): boolean {
    const { limit } = options;
    if (!limit) return false;
    recent = recent.filter((at) => at > now - limit.windowMs);
    recent.push(now);
    return recent.length > limit.calls;
  }

  function change(taskId: string, body: { userId: string; status?: string; dueDate?: string }): ToolTask[] {
    const task = tasksOf(body.userId).find(({ id }) => String(id) === taskId);
    if (!task) return [];
    changes.set(taskId, (changes.get(taskId) ?? 0) + 1);
    Object.assign(task, body.status && { status: body.status }, body.dueDate && { dueDate: body.dueDate });
    return [task];
  }

  const server = createServer(async (request, response) => {
    const at = performance.now();
    const tooMany = isTooMany(at);
    const { method = '', url = '' } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
    const taskId = /^\/v2\/tasks\/(\d+)$/.exec(url)?.[1];
    const kind = url.startsWith('/v2/users') ? 'users' : method === 'PATCH' ? 'change' : 'list';
    const externalId: string | undefined = kind === 'list' ? body.filter.userId : body.userId;
    if (answerMs > 0) await sleep(answerMs);
    const status = tooMany ? 429 : 200;
    let answer: object = { requestId: 'bench', errors: ['API request limit exceeded'] };
    if (tooMany) response.setHeader('retry-after', '1');
    else if (kind === 'users') answer = directory(options.people, url);
    else if (taskId) answer = { requestId: 'bench', tasks: change(taskId, body) };
    else answer = { requestId: 'bench', tasks: tasksOf(externalId ?? '').filter((task) => task.status === 'OPEN') };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    calls.push({ kind, at, until: performance.now(), externalId, taskId, status });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    changes,
    take(ms) {
      answerMs = ms;
    },
    reopen() {
      for (const task of [...tasks.values()].flat()) task.status = 'OPEN';
      calls.length = 0;
      changes.clear();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function directory(everyone: readonly Person[], url: string): object {
  const from = Number(new URL(url, 'http://tool.invalid').searchParams.get('cursor') ?? 0);
  const users = everyone.slice(from, from + PAGE).map(({ externalId, email, name }) => ({
    id: externalId,
    emailAddress: email,
    active: true,
    emailAliases: [],
    trustedEmailAddress: null,
    firstName: name,
    lastName: '',
  }));
  const cursor = from + PAGE < everyone.length ? String(from + PAGE) : undefined;
  return { requestId: 'bench', records: { totalRecords: everyone.length, cursor }, users };
}

/** With what a call task usually carries, so that rows cost what they cost. Ids of one person's tasks begin alike. */
function newTasks(externalId: string, count: number, now: number): ToolTask[] {
  const created = new Date(now - 48 * HOUR).toISOString();
  return Array.from({ length: count }, (_, n) => ({
    id: Number(externalId) * 1_000 + n,
    userId: Number(externalId),
    created,
    updated: created,
    status: 'OPEN',
    type: 'MANUAL',
    actions: ['CALL'],
    title: `Call number ${n}`,
    dueDate: new Date(now + (n - 10) * HOUR).toISOString(),
    account: { crmId: `0015e${n}`, name: 'Larkspur Foods', crmUrl: 'https://crm.example/account' },
    opportunity: { crmId: `0065e${n}`, name: 'Renewal', stage: 'Proposal', amount: '12000', closeDate: created },
    contact: {
      crmId: `0035e${n}`,
      data: {
        firstName: 'Dana',
        lastName: `Okonjo ${n}`,
        companyName: 'Larkspur Foods',
        title: 'VP Operations',
        emails: [{ email: `dana${n}@larkspur.example` }],
        phoneNumbers: [{ raw: '+1 202 555 0188', normalized: '+12025550188' }],
        timezone: 'America/New_York',
      },
    },
  }));
}
