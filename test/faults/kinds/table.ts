/** The matrix of kinds as data: what happens, at whom, and what it must come to. */
import { ABSENCE } from './absence.ts';
import { BLIP } from './blip.ts';
import { IDENTITY } from './identity.ts';
import { SIZE } from './size.ts';
import type { Story } from './story.ts';
import { SWEEP } from './sweep.ts';

export const KINDS = {
  identity: { title: 'Identity', stories: IDENTITY },
  absence: { title: 'Absence', stories: ABSENCE },
  blip: { title: 'Blips', stories: BLIP },
  size: { title: 'Size', stories: SIZE },
  sweep: { title: 'Sweeps', stories: SWEEP },
} as const satisfies Record<string, { title: string; stories: readonly Story[] }>;

export const STORIES: readonly Story[] = Object.values(KINDS).flatMap(({ stories }) => stories);
