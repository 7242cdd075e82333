/** What is known of the providers' APIs, fact by fact, and the test that fails when the handling of it is taken away. */
import { COMMON } from './traps/common.ts';
import { GONG } from './traps/gong.ts';
import { OUTREACH } from './traps/outreach.ts';
import { REPLY } from './traps/reply.ts';

export interface Trap {
  section: string;
  fact: string;
  /** `providers/gong/gong.test.ts › to change only what changes`. */
  test: string;
}

export const TRAPS: readonly Trap[] = [...GONG, ...OUTREACH, ...REPLY, ...COMMON].map(([section, fact, test]) => ({
  section,
  fact,
  test,
}));
