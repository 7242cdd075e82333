/** A Docket that is installed in a whole organisation with two workspaces. Maya is in both. */
import { expect } from 'vitest';
import { ADMIN, MAYA, THEO } from './cast.ts';
import {
  createInstallable,
  type Installable,
  type InstallableOptions,
  installFrom,
  openBrowser,
} from './installable.ts';
import { mustBe } from './read.ts';
import { connectGong } from './tooling.ts';
import type { World } from './world.ts';

export const ORGANISATION = 'E0SANDBOX';
export const NORTH = 'T0NORTH';
export const SOUTH = 'T0SOUTH';
export const WEST = 'T0WEST';

/** `org`: the world, seen from the organisation. Nothing is installed yet. */
export async function createOrganisation(
  options: InstallableOptions = {},
): Promise<Omit<Installable, 'other'> & { org: World }> {
  const addresses: Record<string, string> = {};
  const { other, world, ...rest } = await createInstallable({
    home: false,
    // Connecting and the first look are calls within a second.
    gongRateLimits: false,
    ...options,
    overrides: { addresses, ...options.overrides },
    there: {
      users: [ADMIN, MAYA, THEO],
      grid: 'org',
      teams: { [NORTH]: [MAYA.id, ADMIN.id], [WEST]: [], [SOUTH]: [MAYA.id, THEO.id] },
      ...options.there,
    },
  });
  addresses.GONG_API_URL = world.gong.url;
  return { world, org: other, ...rest };
}

/** The app is installed in the whole organisation, and its admin has connected Gong. */
export async function createOrganised(options: InstallableOptions = {}) {
  const arranged = await createOrganisation(options);
  const { world, org } = arranged;
  const page = await installFrom(world, openBrowser(), ORGANISATION);
  expect(page.status).toBe(200);
  // The first look at who is here finds no tool.
  await world.pass(1_000);
  org.slack.enter(NORTH);
  const { GONG_ACCESS_KEY = '', GONG_ACCESS_KEY_SECRET = '' } = mustBe(world.config.providers.get('gong'));
  expect(await connectGong(org, { GONG_ACCESS_KEY, GONG_ACCESS_KEY_SECRET })).toContain('Gong');
  org.slack.closeModal(ADMIN.id);
  await org.idle();
  return { ...arranged, page };
}
