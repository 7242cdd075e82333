/** The three endpoints (gong.md 2, 3, 7) and what stands before them: key, route, content type. */
import type { Call } from '../desk.ts';
import type { WireObject } from '../json.ts';
import { type Answer, breach, refuse } from './answer.ts';
import { listUsers } from './directory.ts';
import { ListTasks, problems, UpdateTask } from './requests.ts';
import type { Gong } from './state.ts';
import type { GongTask } from './types.ts';
import { taskOnWire } from './wire.ts';

export function answerTo(gong: Gong, call: Call): Answer {
  if (call.headers.authorization !== gong.authorization) return refuse(401, 'Invalid or missing API credentials');

  const { method, url } = call;
  const taskId = /^\/v2\/tasks\/([^/]+)$/.exec(url.pathname)?.[1];
  if (url.pathname === '/v2/tasks' && method === 'POST') return withBody(call, (body) => listTasks(gong, body));
  if (taskId !== undefined && method === 'PATCH') return withBody(call, (body) => updateTask(gong, taskId, body));
  if (url.pathname === '/v2/users' && method === 'GET') return listUsers(gong, url.searchParams);
  return breach(404, ['No such endpoint']);
}

function withBody(call: Call, perform: (body: unknown) => Answer): Answer {
  // Neither of the two takes a query (gong.md 2, 3).
  if (call.url.search !== '') return breach(400, ['request: takes no query parameters']);
  if (!/^application\/json *(;|$)/i.test(call.headers['content-type'] ?? '')) {
    return breach(400, ['Content-Type must be application/json']);
  }
  try {
    return perform(JSON.parse(call.text));
  } catch (error) {
    if (error instanceof SyntaxError) return breach(400, ['request: is not JSON']);
    throw error;
  }
}

/** Not paged and not sorted (gong.md 2). Someone whom Gong does not know simply has no tasks. */
function listTasks(gong: Gong, body: unknown): Answer {
  const asked = ListTasks.safeParse(body);
  if (!asked.success) return breach(400, problems(asked.error));
  const tasks = gong.book.openTasks(asked.data.filter.userId);
  if (tasks.length === 0 && gong.nothingFoundIs404) {
    return refuse(404, 'No tasks found corresponding to the provided filters');
  }
  return { status: 200, body: { crmType: 'GENERIC', tasks: tasks.map((task) => shownBy(gong, task)) } };
}

function updateTask(gong: Gong, taskId: string, body: unknown): Answer {
  if (!/^\d{1,20}$/.test(taskId)) return breach(400, ['taskId: must be digits']);
  const asked = UpdateTask.safeParse(body);
  if (!asked.success) return breach(400, problems(asked.error));

  const { userId, status, dueDate } = asked.data;
  const task = gong.book.task(taskId);
  if (!task) return refuse(404, `Task ${taskId} was not found`);
  // contracts, unknown G4: Gong does not say how it refuses someone who is not the owner.
  if (task.userId !== userId) return refuse(403, `Task ${taskId} is not assigned to user ${userId}`);
  // contracts, unknown G3: the safe reading is that only an open task can be moved.
  if (dueDate !== undefined && task.status !== 'OPEN') {
    return refuse(400, `Task ${taskId} is ${task.status}: its due date cannot be changed`);
  }

  const updated = new Date(gong.clock()).toISOString();
  const changed = { ...task, updated, status: status ?? task.status, ...(dueDate === undefined ? {} : { dueDate }) };
  gong.book.put(changed);
  return { status: 200, body: { tasks: [shownBy(gong, changed)] } };
}

function shownBy({ statusInArray }: Gong, task: GongTask): WireObject {
  const wire = taskOnWire(task);
  return statusInArray ? { ...wire, status: [task.status] } : wire;
}
