/** People as Slack tells of them. */
import type { Member } from '../../../src/core/ports/directory.ts';
import { ANN, BEN, NEW_YORK } from '../docket.ts';

export const ANN_MEMBER = member(ANN.userId, 'ann@x.example');
export const BEN_MEMBER = member(BEN.userId, 'ben@x.example');

export function member(userId: string, email: string | undefined, more: Partial<Member> = {}): Member {
  return { userId, name: userId, email, zone: NEW_YORK, active: true, admin: false, ...more };
}

/** What Slack says of someone, all the rest left out. */
export function nothingBut(said: Partial<Member> & { userId: string }): Member {
  return { name: undefined, email: undefined, zone: undefined, active: undefined, admin: false, ...said };
}
