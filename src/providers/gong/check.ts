/** Whether the key may read what Docket reads: people, and one person's tasks (gong.md 2 and 7, a scope each). */
import type { TaskProvider } from '../../core/ports/provider.ts';
import type { CallGong } from './client.ts';
import { GongUser, UsersAnswer } from './wire.ts';

export function createCheck(call: CallGong, listTasks: TaskProvider['listTasks']): TaskProvider['check'] {
  return async (options) => {
    const path = '/v2/users?includeAvatars=false';
    const { users } = await call({ method: 'GET', path, template: '/v2/users', schema: UsersAnswer }, options);
    const user = users.map((element) => GongUser.safeParse(element).data).find((each) => each?.active === true);
    if (user) await listTasks({ teamId: '', userId: '', externalId: user.id, email: undefined }, options);
  };
}
