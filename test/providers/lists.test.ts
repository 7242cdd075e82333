/** Whatever stands in a list: what is shown and what is counted as unreadable make up what was sent. */
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { rank } from '../../src/core/digests/rank.ts';
import { createCircuit } from '../../src/core/jobs/circuit.ts';
import { groupOf } from '../../src/core/model/group.ts';
import { KINDS_OF_TASK, LONGEST_NOTE, type Task } from '../../src/core/model/task.ts';
import { zoned } from '../../src/core/model/time.ts';
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
      id,
      userId: 4711,
      status: 'OPEN',
      dueDate: due,
      title: text,
      actions: anything,
      account: anything,
      contact: {
        data: {
          firstName: text,
          emails: [anything, { email: text }],
          phoneNumbers: [anything, { raw: text, normalized: anything, extension: text, label: text }],
          timezone: text,
          optOutChannels: anything,
          linkedinProfile: text,
        },
      },
      flow: { name: text, step: anything },
      opportunity: { amount: text, crmUrl: anything, closeDate: text, probability: anything },
    }),
  },
  Outreach: {
    async listOf(elements, pageSize) {
      const apiUrl = await answering(({ searchParams }) => {
        const from = Number(searchParams.get('page[after]') ?? 0);
        const next = from + pageSize;
        const link = `${apiUrl}/api/v2/tasks?page%5Bafter%5D=${next}`;
        const page = elements.slice(from, next);
        return {
          data: page,
          included: page.flatMap(aroundIt),
          links: next < elements.length ? { next: link } : {},
        };
      });
      const grants = memoryGrants(Date.now);
      const now = Date.now();
      grants.put(OWNER, {
        accessToken: 'a',
        refreshToken: 'r',
        mintedAt: now,
        expiresAt: now + 3_600_000,
        scopes: ['tasks.all', 'prospects.read', 'opportunities.read', 'sequenceSteps.read'],
      });
      const settings = { ...common, clientId: 'c', clientSecret: 's', grants };
      return createOutreach({ ...settings, apiUrl, circuit: createCircuit(Date.now) });
    },
    element: (id, text, due, anything) => ({
      type: 'task',
      id,
      attributes: {
        state: 'incomplete',
        dueAt: due,
        note: text,
        compiledSequenceTemplateHtml: id % 2 ? text : anything,
        taskType: id % 3 ? 'sequence_step_call' : anything,
        action: anything,
      },
      relationships: {
        owner: { links: {} },
        prospect: id % 5 ? { data: { type: 'prospect', id } } : anything,
        opportunity: { data: { type: 'opportunity', id } },
        sequence: { data: anything },
        sequenceSequenceSteps: anything,
      },
      meta: anything,
      // For what is included with it.
      text,
      anything,
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

/** What is included with an element, made of the same texts and of anything. */
function aroundIt(element: unknown): unknown[] {
  if (typeof element !== 'object' || element === null || !('text' in element && 'anything' in element))
    return [element];
  const { text, anything } = element;
  const id = 'id' in element ? element.id : 0;
  const several = [anything, text, text];
  const person = { firstName: text, lastName: anything, emails: several, mobilePhones: several, workPhones: anything };
  const more = { linkedInUrl: text, timeZone: text, timeZoneIana: anything, optedOut: anything, touchedAt: anything };
  const deal = { name: text, amount: anything, currencyType: text, closeDate: text, probability: anything };
  return [
    element,
    { type: 'prospect', id, attributes: { ...person, ...more } },
    { type: 'opportunity', id, attributes: deal },
  ];
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('', '<!--', '<p>', 'a'.repeat(5_000), '\ud800', '‮abc', '&amp;', '😀'.repeat(400)),
  fc.constantFrom(
    '+1 312 555 0101',
    '5'.repeat(5_000),
    'Europe/Berlin',
    'eur',
    '2026-12-31',
    `a@${'b'.repeat(300)}`,
    'a@b.example',
  ),
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
        for (const task of rank(tasks, { now, zone: 'Pacific/Kiritimati', days: [] })) {
          groupOf(task, now, 'Pacific/Kiritimati');
          const shown = [task.title, task.flow, task.contact?.name, task.contact?.company, task.account?.name];
          for (const words of shown) {
            expect(words?.isWellFormed() ?? true).toBe(true);
            // Two names of a contact, and the words around them.
            expect(words?.length ?? 0).toBeLessThanOrEqual(1_100);
          }
          expect(task.title).not.toBe('');
          expect(Math.abs(task.dueAt ?? 0)).toBeLessThan(8e12);
          expectDecent(task);
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

/** Whatever decorates it is there in the form that is said, or not at all. */
function expectDecent(task: Task): void {
  const { contact, deal, step, note, url } = task;
  expect(KINDS_OF_TASK).toContain(task.kind);
  for (const { number, label } of contact?.phones ?? []) {
    expect([...number].length).toBeLessThanOrEqual(40);
    expect(`${number}${label ?? ''}`.isWellFormed()).toBe(true);
  }
  expect(contact?.phones?.length ?? 1).toBeLessThanOrEqual(4);
  expect(contact?.emails?.length ?? 1).toBeLessThanOrEqual(3);
  for (const email of contact?.emails ?? []) expect(email).toMatch(/^\S+@\S+$/);
  for (const link of [url, contact?.url, contact?.linkedIn]) if (link) expect(link).toMatch(/^https?:\/\//);
  if (contact?.zone) zoned(0, contact.zone);
  for (const channel of contact?.optedOut ?? []) expect(['calls', 'emails']).toContain(channel);
  if (deal?.closesOn) Temporal.PlainDate.from(deal.closesOn);
  expect(deal?.currency ?? 'EUR').toMatch(/^[A-Z]{3}$/);
  expect(deal?.probability ?? 0).toBeGreaterThanOrEqual(0);
  expect(deal?.probability ?? 0).toBeLessThanOrEqual(100);
  expect(step?.of ?? 1_000_000).toBeGreaterThanOrEqual(step?.at ?? 1);
  expect(note?.length ?? 1).toBeLessThanOrEqual(LONGEST_NOTE);
  expect(note?.isWellFormed() ?? true).toBe(true);
  expect(Math.abs(task.lastTouchAt ?? 0)).toBeLessThan(8e12);
}

/** Junk may happen to have an id that another element has. */
function withoutId(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('id' in value)) return value;
  return { ...value, id: `no id: ${String(typeof value.id)}` };
}

function isReadable(at: unknown): boolean {
  return at === null || (typeof at === 'string' && at !== 'soon');
}

/** Every field of a single task of Reply.io, with anything in it. */
it('Reply.io: whatever a single task has in it, its row gains by it or stays as it was', async () => {
  let single: unknown;
  const apiUrl = await answering(({ pathname }) =>
    pathname.endsWith('/filter')
      ? { items: [{ id: 1, taskType: 2, contact: { id: 7, fullName: 'Dana' } }], hasMore: false }
      : single,
  );
  const anyText = fc.oneof(text, junk);
  const content = fc.oneof(junk, fc.record({ body: anyText, subject: anyText }));
  const delivery = fc.oneof(junk, fc.record({ email: anyText, phoneNumber: anyText, linkedInUrl: anyText }));
  const detail = fc.record({ template: content, content, deliveryInfo: delivery, sequenceStepDisplayName: anyText });
  await fc.assert(
    fc.asyncProperty(detail, fc.integer({ min: 0, max: 10 }), async (details, taskType) => {
      single = { id: 1, taskType, status: 0, contactId: 7, ...details };
      const provider = createReply({ ...common, apiKey: 'k', apiUrl, circuit: createCircuit(Date.now) });
      const { tasks } = await provider.listTasks(OWNER, click);
      const [task = expect.fail(), ...others] = (await provider.describe?.(OWNER, tasks, click)) ?? [];
      expect([task.id, others]).toEqual(['1', []]);
      expect(task.title).not.toBe('');
      // It was read, for nothing in it is more than decoration.
      expect(task.kind).not.toBe(undefined);
      expectDecent(task);
    }),
    { numRuns: 60 },
  );
});

it.each(Object.entries(SUBJECTS))(
  '%s: texts of two hundred thousand characters decorate a task, and do not hold it up',
  async (_name, subject) => {
    const huge = '<p>5 '.repeat(40_000);
    const provider = await subject.listOf([subject.element(1, huge, null, huge)], 10);
    const begin = performance.now();
    const { tasks, unreadable } = await provider.listTasks(OWNER, click);
    expect([tasks.length, unreadable]).toEqual([1, 0]);
    expectDecent(tasks[0] ?? expect.fail());
    expect(JSON.stringify(tasks).length).toBeLessThan(20_000);
    expect(performance.now() - begin).toBeLessThan(2_000);
  },
);
