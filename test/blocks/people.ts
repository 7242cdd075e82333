/** Reps, links and schedules for tests of blocks. */
import type { ActionsBlock, AnyBlock } from '@slack/types';
import type { Schedule } from '../../src/core/model/digest.ts';
import type { Link, Rep, Suggestion } from '../../src/core/model/people.ts';
import type { AccountState, ProviderState } from '../../src/core/people/accounts.ts';
import { DAY, NOW, READER } from './fixtures.ts';
import { PROVIDERS, USUAL } from './providers.ts';

const KEY = { teamId: 'T1', userId: 'U1' };

export const REP: Rep = { ...KEY, name: 'Mia', email: 'mia@harbour.example', zone: READER.zone, active: true };

export const SCHEDULE: Schedule = { ...KEY, time: '09:00', days: [1], pausedUntil: undefined, nextDueAt: NOW + DAY };

export function linkTo(provider: string, more: Partial<Link> = {}): Link {
  return {
    ...KEY,
    provider,
    externalId: '1',
    email: REP.email,
    origin: 'address',
    linkedAt: NOW - DAY,
    lastListedAt: NOW - 5 * 60_000,
    announcedAt: undefined,
    ...more,
  };
}

export function suggestionOf(provider: string, more: Partial<Suggestion> = {}): Suggestion {
  return {
    ...KEY,
    provider,
    externalId: '7',
    email: 'm.lind@harbour.example',
    name: 'M. Lind',
    suggestedBy: 'U9',
    suggestedAt: NOW - DAY,
    ...more,
  };
}

/** Each rep signs in at Outreach; the others know everyone by their address. */
export function providerState(id: string, more: Partial<ProviderState> = {}): ProviderState {
  const name = PROVIDERS.get(id)?.name ?? id;
  return { id, name, consent: id === 'outreach', ended: false, declined: false, ...more };
}

/** A rep who is linked to Gong. */
export function accountState(more: Partial<AccountState> = {}): AccountState {
  return {
    rep: REP,
    providers: USUAL.map((id) => providerState(id)),
    links: [linkTo('gong')],
    suggestions: [],
    schedule: SCHEDULE,
    lastRun: undefined,
    ...more,
  };
}

/** What stands on the buttons of an actions block. */
export function labelsOf(block: AnyBlock | undefined): (string | undefined)[] {
  return isActions(block) ? block.elements.map((each) => ('text' in each ? each.text?.text : '')) : [];
}

function isActions(block: AnyBlock | undefined): block is ActionsBlock {
  return block?.type === 'actions';
}
