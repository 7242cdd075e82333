/** Whatever stands in a list: what is shown and what is counted as unreadable make up what was sent. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupOf, rank } from '../../src/core/digests/rank.ts';
import { createCircuit } from '../../src/core/jobs/circuit.ts';
import type { TaskProvider } from '../../src/core/ports/provider.ts';
import { createGong } from '../../src/providers/gong/gong.ts';
import { createOutreach } from '../../src/providers/outreach/outreach.ts';
import { createReply } from '../../src/providers/reply/reply.ts';
import { accountOf, click } from '../contract/provider-harness.ts';
import { memoryGrants } from './grants.ts';
import { serve } from './serve.ts';

const OWNER = accountOf('4711');
const common = { clock: Date.now, timeoutMs: 20_000 };

/** Answers with what stands at a page, which is found in the request's address. */
async function answering(answer: (url: URL) => unknown): Promise<string> {
  const { url } = await serve((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer(new URL(request.url ?? '', 'http://provider.invalid'))));
    });
  });
  return url;
}

interface Subject {
  listOf(elements: readonly unknown[], pageSize: number): Promise<TaskProvider>;
  /** An open task of the owner, with these texts and this due time, decorated with anything. */
  element(id: number, text: string, due: unknown, anything: unknown): object;
}

const SUBJECTS: Record<string, Subject> = {
  Gong: {
    async listOf(elements) {
      const apiUrl = await answering(() => ({ requestId: 'r', tasks: elements }));
      return createGong({ ...common, accessKey: 'k', accessKeySecret: 's', apiUrl, circuit: createCircuit(Date.now) });
    },
    element: (id, text, due, anything) => ({
      ...{ id, userId: 4711, status: 'OPEN', dueDate: due, title: text },
      ...{ account: anything, contact: { data: anything }, flow: { name: text, step: anything } },
      opportunity: { amount: text, crmUrl: anything },
    }),
  },
  Outreach: {
    async listOf(elements, pageSize) {
      const apiUrl = await answering(({ searchParams }) => {
        const from = Number(searchParams.get('page[after]') ?? 0);
        const next = from + pageSize;
        const link = `${apiUrl}/api/v2/tasks?page%5Bafter%5D=${next}`;
        const page = elements.slice(from, next);
        return { data: page, included: page, links: next < elements.length ? { next: link } : {} };
      });
      const grants = memoryGrants(Date.now);
      const now = Date.now();
      const times = { mintedAt: now, expiresAt: now + 3_600_000 };
      grants.put(OWNER, { accessToken: 'a', refreshToken: 'r', ...times, scopes: ['tasks.all', 'prospects.read'] });
      const settings = { ...common, clientId: 'c', clientSecret: 's', grants };
      return createOutreach({ ...settings, apiUrl, circuit: createCircuit(Date.now) });
    },
    element: (id, text, due, anything) => ({
      type: 'task',
      id,
      attributes: { state: 'incomplete', dueAt: due, note: text, taskType: 'sequence_step_call', action: anything },
      relationships: { owner: { links: {} }, prospect: anything, sequence: { data: anything } },
      meta: anything,
    }),
  },
  'Reply.io': {
    async listOf(elements, pageSize) {
      const apiUrl = await answering(({ searchParams }) => {
        const from = Number(searchParams.get('skip'));
        // A page holds two at least, for each begins where the one before it ended.
        const to = from + Math.max(pageSize, 2);
        return { items: elements.slice(from, to), hasMore: to < elements.length };
      });
      return createReply({ ...common, apiKey: 'k', apiUrl, circuit: createCircuit(Date.now) });
    },
    element: (id, text, due, anything) => ({
      ...{ id, taskType: text, status: 'New', dueTo: due },
      ...{ startAt: anything, contact: { id, fullName: text }, isScheduled: anything },
    }),
  },
};

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('', '<!--', '<p>', 'a'.repeat(5_000), '\ud800', '‮abc', '&amp;', '😀'.repeat(400)),
);
const due = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(null, '', '0001-01-01T00:00:00Z', '+275760-09-13T00:00:00Z', '9999-12-31T23:59:59Z', 'soon', 7, {}),
);
const junk = fc.oneof(
  fc.anything({ withNullPrototype: false, maxDepth: 2, withBigInt: false }),
  fc.constantFrom(null, 7, 'task', [], {}, { id: 'x' }, { id: -1 }, { id: {} }),
);
const element = fc.record({ isTask: fc.boolean(), text, due, anything: junk, junk });
const now = Date.UTC(2026, 10, 27);

// outreach.md 2.3: pages by links.next alone
it.each(Object.entries(SUBJECTS))(
  '%s: whatever a list has in it, however it is paged, nothing is lost, doubled or in the way of the rest',
  async (_name, subject) => {
    const lists = fc.array(element, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(lists, fc.integer({ min: 1, max: 50 }), async (made, pageSize) => {
        const elements = made.map((one, index) =>
          one.isTask ? subject.element(index + 1, one.text, one.due, one.anything) : withoutId(one.junk),
        );
        const provider = await subject.listOf(elements, pageSize);
        const { tasks, unreadable } = await provider.listTasks(OWNER, click);

        expect(tasks.length + unreadable).toBe(elements.length);
        expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length);
        const good = made.filter(({ isTask, due: at }) => isTask && isReadable(at));
        expect(tasks).toHaveLength(good.length);
        for (const task of rank(tasks)) {
          groupOf(task, now, 'Pacific/Kiritimati');
          const shown = [task.title, task.flow, task.contact?.name, task.contact?.company, task.account?.name];
          for (const words of shown) {
            expect(words?.isWellFormed() ?? true).toBe(true);
            // Two names of a contact, and the words around them.
            expect(words?.length ?? 0).toBeLessThanOrEqual(1_100);
          }
          expect(task.title).not.toBe('');
          expect(Math.abs(task.dueAt ?? 0)).toBeLessThan(8e12);
        }
      }),
      { numRuns: 60 },
    );
  },
);

it.each(Object.entries(SUBJECTS))('%s: five thousand tasks are a list', async (name, subject) => {
  const elements = Array.from({ length: 5_000 }, (_, index) =>
    subject.element(index + 1, `Call ${index}`, '2026-11-27T10:30:00Z', null),
  );
  // Reply.io gives a thousand at once, and its limit is one of calls.
  for (const size of name === 'Reply.io' ? [1_000] : [100, 1_000]) {
    const provider = await subject.listOf(elements, size);
    expect((await provider.listTasks(OWNER, click)).tasks).toHaveLength(5_000);
  }
});

it.each([
  ['Outreach', 1, 401],
  ['Reply.io', 2, 41],
] as const)('%s: pages without end are no list, and end soon', async (name, pageSize, most) => {
  const subject = SUBJECTS[name] ?? expect.fail();
  let asked = 0;
  const elements = new Proxy([] as unknown[], {
    get(target, key) {
      if (key === 'length') return Number.MAX_SAFE_INTEGER;
      if (key !== 'slice') return Reflect.get(target, key);
      return (from: number, to: number) => {
        asked += 1;
        return Array.from({ length: to - from }, (_, index) => subject.element(from + index + 1, 'x', null, null));
      };
    },
  });
  const provider = await subject.listOf(elements, pageSize);
  await expect(provider.listTasks(OWNER, click)).rejects.toMatchObject({ kind: 'unreadable' });
  expect(asked).toBeLessThanOrEqual(most);
});

/** Junk may happen to have an id that another element has. */
function withoutId(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('id' in value)) return value;
  return { ...value, id: `no id: ${String(typeof value.id)}` };
}

function isReadable(at: unknown): boolean {
  return at === null || (typeof at === 'string' && at !== 'soon');
}
