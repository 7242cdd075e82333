/**
 * Gong Engage (gong.md). One credential reads and changes the tasks of a whole company, so the user id in
 * each request is the only thing that keeps reps apart: it comes from a link, never from a button.
 */

import type { Budget } from '../../core/jobs/budget.ts';
import type { Capabilities, TaskCapabilities } from '../../core/model/capabilities.ts';
import type { TaskProvider } from '../../core/ports/provider.ts';
import { createCheck } from './check.ts';
import { CALLS_A_DAY, createGongClient, type GongSettings } from './client.ts';
import { createTasks } from './tasks.ts';
import { createUsers } from './users.ts';
import { createVerbs } from './verbs.ts';

/** Gong's change carries absolute values and may set a task to OPEN again (gong.md 3). */
const EVERY_TASK: TaskCapabilities = {
  verbs: {
    done: { reversible: true, repeatable: true },
    dismiss: { reversible: true, repeatable: true },
    snooze: { reversible: true, repeatable: true },
    reschedule: { reversible: true, repeatable: true },
  },
};

/** A flow's to-do that stays open is dismissed, and the person leaves the flow: after how many days, a company chooses (gong.md 2.10). */
function capabilitiesWith(flowDropDays: number | undefined): Capabilities {
  if (flowDropDays === undefined) return { noun: 'call tasks', of: () => EVERY_TASK };
  const ofFlow: TaskCapabilities = { ...EVERY_TASK, ignored: { costs: 'dropped', afterDays: flowDropDays } };
  return { noun: 'call tasks', of: ({ facts }) => (facts?.flow === true ? ofFlow : EVERY_TASK) };
}

/** The row of the registry. */
export const gongModule = {
  name: 'Gong',
  required: ['GONG_ACCESS_KEY', 'GONG_ACCESS_KEY_SECRET'],
  // Without the days nothing is said of them.
  optional: { GONG_API_URL: 'https://api.gong.io', GONG_FLOW_DROP_DAYS: '' },
  form: [
    {
      name: 'GONG_ACCESS_KEY',
      label: 'Access key',
      hint: 'In Gong: Company Settings, Ecosystem, API, Create. It needs api:users:read, api:tasks:read and api:tasks:write.',
    },
    { name: 'GONG_ACCESS_KEY_SECRET', label: 'Access key secret', hint: 'Gong shows it beside the key, once.' },
    {
      name: 'GONG_API_URL',
      label: 'API address',
      hint: 'Only if the same page shows an address of your company’s own, such as https://company-17.api.gong.io.',
      optional: true,
      takes: { addressOf: 'api.gong.io' },
    },
    {
      name: 'GONG_FLOW_DROP_DAYS',
      label: 'Flow to-do expiration, in days',
      hint: 'The number in Gong’s Flow settings. With it, rows say when Gong drops a to-do of a flow.',
      optional: true,
      takes: 'days',
    },
  ],
  create(
    env: Record<'GONG_ACCESS_KEY' | 'GONG_ACCESS_KEY_SECRET' | 'GONG_API_URL' | 'GONG_FLOW_DROP_DAYS', string>,
    {
      budgetOf,
      ...deps
    }: Omit<GongSettings, 'apiUrl' | 'accessKey' | 'accessKeySecret' | 'budget'> & {
      budgetOf?: (callsADay: number) => Budget;
    },
  ): TaskProvider {
    return createGong({
      accessKey: env.GONG_ACCESS_KEY,
      accessKeySecret: env.GONG_ACCESS_KEY_SECRET,
      apiUrl: env.GONG_API_URL,
      ...(env.GONG_FLOW_DROP_DAYS && { flowDropDays: Number(env.GONG_FLOW_DROP_DAYS) }),
      ...deps,
      budget: budgetOf?.(CALLS_A_DAY),
    });
  },
} as const;

export function createGong(settings: GongSettings & { flowDropDays?: number }): TaskProvider {
  const call = createGongClient(settings);
  const tasks = createTasks(call, settings);

  return {
    id: 'gong',
    name: 'Gong',
    listsWhole: true,
    capabilities: capabilitiesWith(settings.flowDropDays),
    ...tasks,
    ...createVerbs(call),
    ...createUsers(call, settings.clock),
    check: createCheck(call, tasks.listTasks),
  };
}
