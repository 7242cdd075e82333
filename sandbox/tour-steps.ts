/** The tour's clicks, in order, and how it checks their effects at each provider. */
import type { Provider, Simulators } from './providers.ts';

/** A task as a provider holds it. */
export interface Held {
  state: string;
  due: number | undefined;
}

export interface TourProvider {
  name: string;
  /** undefined: there is no such task any more. */
  held(taskId: string): Held | undefined;
  /** Every request for a change, in a line each. */
  changes(): string[];
}

export interface Step {
  provider: Provider;
  verb: 'Done' | 'Dismiss' | 'Snooze' | 'Reschedule' | '…';
  /** The option that is chosen, or what is typed. */
  choice?: string;
  taskId: string;
  /** The contact's name, which finds the row. */
  who: string;
  happened(now: Held | undefined, before: Held | undefined): boolean;
  /** `provider`: the provider can reverse it. `window`: nobody can once it was sent. */
  undo: 'provider' | 'window';
}

const became = (state: string) => (now: Held | undefined) => now?.state === state;
const gone = (now: Held | undefined) => now === undefined;
const later = (now: Held | undefined, before: Held | undefined) =>
  now !== undefined && (now.due ?? 0) > (before?.due ?? Number.POSITIVE_INFINITY);

/** "Tomorrow, Fri 9:00 AM"; before a weekend it reads "Monday 9:00 AM". */
const TOMORROW = { verb: 'Snooze', choice: ' 9:00 AM', happened: later, undo: 'provider' } as const;
const TYPED = { verb: 'Reschedule', choice: 'in 3 days at 15:30', happened: later, undo: 'provider' } as const;

export const STEPS: readonly Step[] = [
  gong('7304958120347715044', 'Okonjo', { verb: 'Done', happened: became('DONE'), undo: 'provider' }),
  gong('7304958120347715310', 'Tarrane', { verb: 'Dismiss', happened: became('DISMISSED'), undo: 'provider' }),
  gong('7304958120347715588', 'Arbelaiz', TOMORROW),
  gong('7304958120347716181', 'Wickstead', TYPED),
  outreach('9127340055512238101', 'Step #4', TOMORROW),
  outreach('9127340055512238102', 'Sandoval', TYPED),
  outreach('9127340055512238101', 'Step #4', { verb: 'Done', happened: became('complete'), undo: 'window' }),
  outreach('9127340055512238102', 'Sandoval', {
    verb: '…',
    choice: 'Finish sequence, replied',
    happened: became('complete'),
    undo: 'window',
  }),
  outreach('9127340055512238347', 'Oduya', { verb: 'Dismiss', happened: became('complete'), undo: 'window' }),
  outreach('9127340055512238233', 'Amberly', { verb: 'Dismiss', happened: gone, undo: 'window' }),
  reply('48210377', 'Corlay', TOMORROW),
  reply('48210391', 'Brannagh', TYPED),
  reply('48210377', 'Corlay', {
    verb: '…',
    choice: 'Done, positive',
    happened: became('finished'),
    undo: 'window',
  }),
  reply('48210391', 'Brannagh', { verb: 'Done', happened: became('finished'), undo: 'window' }),
  reply('48210406', 'Stroud', { verb: 'Dismiss', happened: became('cancelled'), undo: 'window' }),
];

type Act = Pick<Step, 'verb' | 'choice' | 'happened' | 'undo'>;

function gong(taskId: string, who: string, act: Act): Step {
  return { provider: 'gong', taskId, who, ...act };
}

function outreach(taskId: string, who: string, act: Act): Step {
  return { provider: 'outreach', taskId, who, ...act };
}

function reply(taskId: string, who: string, act: Act): Step {
  return { provider: 'reply', taskId, who, ...act };
}

export function tourProviders({ gong, outreach, reply }: Simulators): Partial<Record<Provider, TourProvider>> {
  const instant = (iso: string | null | undefined) => (iso ? Date.parse(iso) : undefined);
  return {
    ...(gong && {
      gong: {
        name: 'Gong',
        held(id) {
          const task = gong.task(id);
          return task && { state: task.status, due: instant(task.dueDate) };
        },
        changes: () => linesOf(gong.requests.filter(({ method }) => method === 'PATCH')),
      },
    }),
    ...(outreach && {
      outreach: {
        name: 'Outreach',
        held(id) {
          const task = outreach.task(id);
          return task && { state: task.state, due: instant(task.dueAt) };
        },
        changes: () =>
          linesOf(outreach.requests.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/v2/tasks'))),
      },
    }),
    ...(reply && {
      reply: {
        name: 'Reply.io',
        held(id) {
          const task = reply.task(id);
          return task && { state: String(task.status), due: instant(task.dueTo) };
        },
        changes: () =>
          linesOf(reply.requests.filter(({ method, path }) => method !== 'GET' && !path.includes('/tasks/filter'))),
      },
    }),
  };
}

function linesOf(requests: readonly { method: string; path: string; status: number; body: unknown }[]): string[] {
  return requests.map(({ method, path, status, body }) =>
    [`${status}  ${method} ${decodeURIComponent(path)}`, body === undefined ? '' : JSON.stringify(body)]
      .join('  ')
      .trimEnd(),
  );
}
