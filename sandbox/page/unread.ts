import { useEffect, useState } from 'react';
import type { PageState } from './protocol.ts';

/** Counts each person's unread messages; those on the screen count as read. */
export function useUnread({ users, userId }: PageState, isVisible: boolean): ReadonlyMap<string, number> {
  const [seen, setSeen] = useState<ReadonlyMap<string, string>>(new Map());
  const latest = users.find((user) => user.id === userId)?.received.at(-1);
  useEffect(() => {
    if (isVisible && latest !== undefined) setSeen((before) => new Map(before).set(userId, latest));
  }, [isVisible, userId, latest]);
  return new Map(
    users.map(({ id, received }) => {
      const isOnScreen = isVisible && id === userId;
      return [id, isOnScreen ? 0 : received.filter((ts) => ts > (seen.get(id) ?? '')).length];
    }),
  );
}
