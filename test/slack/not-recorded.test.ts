/** What a rep reads of a click that could not be recorded, or of which nobody knows. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { MaybeRecorded } from '../../src/core/model/errors.ts';
import { createReplies } from '../../src/slack/listeners/replies.ts';
import { MAYA } from '../flow/cast.ts';

const REP = { teamId: 'T1', userId: MAYA.id };
const AWAY = new Error('connect ECONNREFUSED');
const LOST = new MaybeRecorded({ cause: new Error('Connection terminated unexpectedly') });

function replies(mayRecord = true) {
  return createReplies({
    client: new WebClient(),
    screen: { addResponseUrl: () => undefined },
    people: { readerOf: () => Promise.reject(new Error('nobody asks')) },
    mayRecord: () => mayRecord,
    random: () => 0.5,
    log: { info() {}, warn() {}, error() {} },
  });
}

/** What each try comes to; the last one of all others too. */
function tries(...outcomes: (Error | string)[]) {
  let tried = 0;
  return {
    count: () => tried,
    async record(): Promise<string> {
      const outcome = outcomes[Math.min(tried, outcomes.length - 1)];
      tried += 1;
      if (outcome instanceof Error) throw outcome;
      return outcome ?? '';
    },
  };
}

test('after a lost answer it is tried once more, and what was recorded is found', async () => {
  const { record, count } = tries(LOST, 'repeated');

  expect(await replies().orNotRecorded(REP, record)).toBe('repeated');
  expect(count()).toBe(2);
});

test.each([
  ['the database is away then', tries(LOST, AWAY)],
  ['that answer is lost too', tries(LOST, LOST)],
])('after a lost answer nobody says that nothing was changed, where %s', async (_, { record, count }) => {
  const said = expect.stringMatching(/cannot tell whether it was recorded.*Trying again is safe/);

  expect(await replies().orNotRecorded(REP, record)).toEqual({ is: 'not_recorded', said });
  expect(count()).toBe(2);
});

test('a session that was cut is no reason to press again: the click is recorded on the next one', async () => {
  const { record, count } = tries(AWAY, 'recorded');

  expect(await replies().orNotRecorded(REP, record)).toBe('recorded');
  expect(count()).toBe(2);
});

test('a database that refuses only after a while is not asked again', async () => {
  const { record, count } = tries(AWAY);
  const slow = () => sleep(1_100).then(record);

  expect(await replies().orNotRecorded(REP, slow)).toMatchObject({ is: 'not_recorded' });
  expect(count()).toBe(1);
});

test('after an answer that was lost at the second try nobody says that nothing was changed', async () => {
  const said = expect.stringMatching(/cannot tell whether it was recorded/);

  expect(await replies().orNotRecorded(REP, tries(AWAY, LOST).record)).toEqual({ is: 'not_recorded', said });
});

test.each([
  ['the database refuses it twice', true, 2],
  ['the clock of this machine is wrong', false, 0],
])('the rep reads that nothing was changed, where %s', async (_, mayRecord, times) => {
  const { record, count } = tries(AWAY);
  const said = expect.stringContaining('nothing was changed');

  expect(await replies(mayRecord).orNotRecorded(REP, record)).toEqual({ is: 'not_recorded', said });
  expect(count()).toBe(times);
});

test('a database that is silent does not keep the rep waiting: within three seconds they read that nobody knows', async () => {
  const from = performance.now();
  const silent = () => new Promise<string>(() => undefined);

  const outcome = await replies().orNotRecorded(REP, silent);

  expect(outcome).toEqual({ is: 'not_recorded', said: expect.stringContaining('cannot tell whether it was recorded') });
  expect(performance.now() - from).toBeLessThan(2_950);
});
