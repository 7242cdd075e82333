/** People whom a setting names; `src/slack/circle.ts` asks Slack who is in a user group. */
import type { Named } from '../model/circle.ts';

export interface Circle {
  named: Named;
  /** Never throws. Who is only in a group that could not be read since the start is not included. */
  includes(person: { userId: string; email?: string | undefined }): Promise<boolean>;
}
