/** Outreach's data. It takes and gives copies, so that nobody changes it from outside. */
import type {
  OutreachAccount,
  OutreachEvent,
  OutreachOpportunity,
  OutreachOptions,
  OutreachPriority,
  OutreachProspect,
  OutreachSequence,
  OutreachStep,
  OutreachTask,
  OutreachUser,
} from './types.ts';

/** A task with what Outreach always knows of it. */
export type HeldTask = OutreachTask & Required<Pick<OutreachTask, 'createdAt' | 'updatedAt'>>;

export interface Change {
  event: OutreachEvent;
  before?: HeldTask;
  /** The last known one of a destroyed task. */
  task: HeldTask;
}

export interface Records {
  user: OutreachUser;
  prospect: OutreachProspect;
  account: OutreachAccount;
  opportunity: OutreachOpportunity;
  sequence: OutreachSequence;
  sequenceStep: OutreachStep;
  taskPriority: OutreachPriority;
}

export interface Book {
  task(id: string): HeldTask | undefined;
  tasks(ownerId?: string): HeldTask[];
  put(task: OutreachTask): HeldTask;
  remove(id: string): void;
  newTaskId(): string;
  find<Type extends keyof Records>(type: Type, id: string | undefined): Records[Type] | undefined;
  all<Type extends keyof Records>(type: Type): Records[Type][];
  putRecord<Type extends keyof Records>(type: Type, record: Records[Type]): void;
  onChange(listener: (change?: Change) => void): () => void;
}

const PRIORITIES: readonly OutreachPriority[] = [
  { id: '1', name: 'Low', weight: 10 },
  { id: '2', name: 'Normal', weight: 20 },
  { id: '3', name: 'High', weight: 30 },
  { id: '4', name: 'Urgent', weight: 40 },
];

export function createBook(options: OutreachOptions, clock: () => number): Book {
  const records = {
    user: byId(options.users),
    prospect: byId(options.prospects ?? []),
    account: byId(options.accounts ?? []),
    opportunity: byId(options.opportunities ?? []),
    sequence: byId(options.sequences ?? []),
    sequenceStep: byId(options.steps ?? []),
    taskPriority: byId(PRIORITIES),
  } satisfies { [Type in keyof Records]: Map<string, Records[Type]> };
  const tasks = new Map<string, HeldTask>();
  const listeners = new Set<(change?: Change) => void>();
  let greatest = 0n;
  for (const task of options.tasks ?? []) tasks.set(task.id, stamped(checked(task), undefined, clock()));

  function recordsOf<Type extends keyof Records>(type: Type): Map<string, Records[Type]> {
    return records[type] as Map<string, Records[Type]>;
  }
  function changed(change?: Change): void {
    for (const listener of [...listeners]) listener(structuredClone(change));
  }

  return {
    task: (id) => structuredClone(tasks.get(id)),
    tasks: (ownerId) =>
      structuredClone([...tasks.values()].filter((task) => ownerId === undefined || task.ownerId === ownerId)),
    put(task) {
      const before = tasks.get(task.id);
      const after = stamped(checked(task), before, clock());
      tasks.set(task.id, after);
      const event = eventOf(before, after);
      if (event) changed({ event, task: after, ...(before && { before }) });
      return structuredClone(after);
    },
    remove(id) {
      const task = tasks.get(id);
      if (!task) throw new RangeError(`No such task: ${id}`);
      tasks.delete(id);
      changed({ event: 'task.destroyed', task });
    },
    newTaskId() {
      const ids = [...tasks.keys()].map(BigInt);
      // Nothing gets the id of something that was deleted.
      greatest = ids.reduce((most, id) => (id > most ? id : most), greatest) + 1n;
      return String(greatest);
    },
    find: (type, id) => (id === undefined ? undefined : structuredClone(recordsOf(type).get(id))),
    all: (type) => structuredClone([...recordsOf(type).values()]),
    putRecord(type, record) {
      recordsOf(type).set(digits(record.id), structuredClone(record));
      changed();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function byId<Record extends { id: string }>(list: readonly Record[]): Map<string, Record> {
  return new Map(list.map((record) => [digits(record.id), structuredClone(record)]));
}

/** With the times that whoever put the task did not set: a change moves updatedAt. */
function stamped(task: OutreachTask, before: HeldTask | undefined, now: number): HeldTask {
  const at = new Date(now).toISOString();
  const { completedAt, completerId, ...rest } = task;
  const createdAt = task.createdAt ?? before?.createdAt ?? at;
  const after: HeldTask = {
    ...rest,
    createdAt,
    updatedAt: task.updatedAt ?? before?.updatedAt ?? createdAt,
    ...(task.state === 'complete' && { completedAt: completedAt ?? at, completerId: completerId ?? task.ownerId }),
  };
  if (!before || !eventOf(before, after)) return after;
  if (after.updatedAt === before.updatedAt) after.updatedAt = at;
  return after;
}

function eventOf(before: HeldTask | undefined, after: HeldTask): OutreachEvent | undefined {
  if (!before) return 'task.created';
  if (before.state !== 'complete' && after.state === 'complete') return 'task.completed';
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof HeldTask>;
  return [...keys].some((key) => before[key] !== after[key]) ? 'task.updated' : undefined;
}

/** Ids go out as bare integers: anything but plain digits would make the answer unreadable. */
function checked(task: OutreachTask): OutreachTask {
  const { id, ownerId, prospectId, accountId, opportunityId, sequenceId, sequenceStepId, priorityId } = task;
  for (const each of [id, ownerId, prospectId, accountId, opportunityId, sequenceId, sequenceStepId, priorityId]) {
    if (each !== undefined) digits(each);
  }
  return structuredClone(task);
}

function digits(id: string): string {
  if (!/^[1-9]\d*$/.test(id)) throw new TypeError(`An Outreach id is a text of digits, not ${JSON.stringify(id)}`);
  return id;
}
