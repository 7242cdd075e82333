/** Lists, single reads and the directory (reply.md 3, 7). */
import type { Wire } from '../json.ts';
import { type Answer, breach, refuse } from './answer.ts';
import { areTeammates, type Caller } from './door.ts';
import { type FilterTasks, readPage, strangeParameters } from './requests.ts';
import type { Asked, Reply } from './state.ts';
import type { ReplyTask } from './types.ts';
import { itemOnWire, memberOnWire, taskOnWire } from './wire.ts';

const FIRST_START = Date.UTC(2000, 0, 1);

/** The window bounds startAt, not dueTo. A caller's role decides whose tasks they see. */
export function filterTasks(reply: Reply, { call, caller, style }: Asked, filter: FilterTasks): Answer {
  const strange = strangeParameters(call.url.searchParams, ['top', 'skip']);
  if (strange.length > 0) return breach(400, `knows no parameter ${strange.join(', ')}`);
  const asked = readPage(call.url.searchParams);
  if (!asked) return breach(400, 'top is 1 to 1000, skip 0 or more', { code: 'task.invalidPagination' });

  const found = unordered(
    reply.book.shown().filter((task) => {
      const startAt = Date.parse(task.startAt);
      const isWanted = task.status === filter.status && task.assignedUserId === filter.assignedUserId;
      return isWanted && startAt >= FIRST_START && startAt <= filter.to && maySee(reply, caller, task);
    }),
  );
  const end = asked.skip + Math.min(asked.top, reply.pageMax);
  const items: Wire[] = found.slice(asked.skip, end).map((task) => itemOnWire(task, style));
  return { status: 200, body: { items, hasMore: end < found.length } };
}

export function readTask(reply: Reply, asked: Asked, id: string): Answer {
  const { searchParams } = asked.call.url;
  const strange = strangeParameters(searchParams, ['includeContent']);
  if (strange.length > 0) return breach(400, `knows no parameter ${strange.join(', ')}`);
  const includeContent = searchParams.get('includeContent') ?? 'false';
  if (includeContent !== 'true' && includeContent !== 'false') return breach(400, 'includeContent is true or false');
  const task = permitted(reply, asked.caller, id);
  if (!task) return notFound();
  return { status: 200, body: taskOnWire(task, asked.style, includeContent === 'true') };
}

/** One answer for a missing task and for one that the caller may not see (reply.md 4). */
export function notFound(): Answer {
  return refuse(404, 'task.notFound', 'Task was not found.');
}

export function permitted(reply: Reply, caller: Caller, id: string): ReplyTask | undefined {
  const task = reply.book.isShown(id) ? reply.book.task(id) : undefined;
  return task && maySee(reply, caller, task) ? task : undefined;
}

export function whoami({ caller }: Asked): Answer {
  const [teamId = '0'] = caller.teamIds;
  return { status: 200, body: { userId: BigInt(caller.id), username: caller.name, teamId: BigInt(teamId) } };
}

export function teamUsers(reply: Reply, { caller }: Asked): Answer {
  if (reply.teamUsersForbidden)
    return refuse(403, 'workspace.forbidden', 'You may not list the users of this workspace.');
  const users = reply.directoryEmpty ? [] : reply.book.users();
  const members = users.filter(({ teamId }) => caller.isOwner || caller.teamIds.includes(teamId));
  return { status: 200, body: members.map(memberOnWire) };
}

function maySee(reply: Reply, caller: Caller, { assignedUserId }: ReplyTask): boolean {
  if (assignedUserId === caller.id) return true;
  return caller.isManager && (caller.isOwner || areTeammates(caller, assignedUserId, reply.book));
}

/** No sort is promised (contracts, unknown R5), so the due dates' order never comes about by chance. */
function unordered(tasks: readonly ReplyTask[]): readonly ReplyTask[] {
  const due = tasks.map(({ dueTo }) => Date.parse(dueTo));
  return due.every((at, index) => at >= (due[index - 1] ?? at)) ? tasks.toReversed() : tasks;
}
