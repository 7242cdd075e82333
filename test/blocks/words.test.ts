/** What reps read: what happened, who said so, what they can do; and never "nothing" where nobody knows. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foundElsewhere } from '../../blocks/elsewhere.ts';
import { typedRefusal } from '../../blocks/form-errors.ts';
import { unreachable } from '../../blocks/list-errors.ts';
import { explain, isRetryUseful } from '../../blocks/reasons.ts';
import { refusal } from '../../blocks/refusals.ts';
import { failure, undoFailure, waitingFor } from '../../blocks/row-errors.ts';
import { scheduleText } from '../../blocks/schedule-words.ts';
import { settingsModal } from '../../blocks/settings-modal.ts';
import { statusBlocks, unlinkedText } from '../../blocks/status.ts';
import { whenModal } from '../../blocks/when-modal.ts';
import { newLinks, outcome } from '../../blocks/words.ts';
import type { Refusal } from '../../src/core/clicks/record.ts';
import type { StaleCause } from '../../src/core/model/action.ts';
import { FOREVER, type Run, type Schedule } from '../../src/core/model/digest.ts';
import type { ProviderReport } from '../../src/core/model/message.ts';
import { type ActionWish, inState } from '../builders.ts';
import {
  ACTION_STATES,
  accountState,
  action,
  DAY,
  HOUR,
  type ListOptions,
  listed,
  loaded,
  MINUTE,
  NOW,
  OPERATIONS,
  providerState,
  READER,
  REASONS,
  REF,
  REP,
  renderLoaded,
  rowOf,
  SCHEDULE,
  task,
  unreached,
} from './fixtures.ts';
import { wildFilter, wildReports } from './wild.ts';

const CASES = REASONS.flatMap((reason) => OPERATIONS.map((verb) => [verb, reason] as const));
/** What a rep can do, or the news that there is nothing left to do. */
const GUIDANCE = /Retry|look there|choose another|given to someone else|move it in|\/tasks connect|ask your \S+ admin/i;
const failed = (more: ActionWish) => inState(action(task(), { ...more, state: 'failed' }), 'failed');

describe('a failure', () => {
  test.each(CASES)(
    'of %s because of %s: what did not happen, whose answer it was, what to do, and the reference',
    (verb, reason) => {
      const said = failure(failed({ verb, failure: reason, reference: 'req-<1>' }), 'Reply.io');

      expect(said).toMatch(
        /^\*(Not (marked done|dismissed|snoozed|rescheduled|reassigned)|(Note|Opportunity rule) not changed)\.\*/,
      );
      // Our own trouble is never blamed on a provider.
      expect(said).toContain(reason === 'unexpected' ? 'Docket' : 'Reply.io');
      expect(said.includes('Reply.io')).toBe(reason !== 'unexpected');
      expect(said).toMatch(GUIDANCE);
      expect(said).toContain('(Reference: action 7, req-&lt;1&gt;)');
    },
  );

  test('of what was sent, and whose answer was lost, claims no more than is known', () => {
    expect(failure(failed({ failure: 'unavailable', sentAt: NOW }), 'Gong')).toMatch(
      /^\*Not confirmed\.\* Gong did not answer\. Retry is safe/,
    );
  });

  test.each(REASONS)('of an undo (%s) names what was not undone, a reason, and the button that is there', (reason) => {
    const said = undoFailure(action(task()), { reason }, 'Gong');
    const [why = ''] = explain(reason, 'Gong').split('. ');

    expect(said).toMatch(/^\*Not undone\.\*/);
    expect(said).toContain(why);
    expect(said).not.toMatch(/Retry|by itself/);
  });

  test('says of every reason, in words of its own, whether trying again is safe, goes on by itself, or is of no use', () => {
    const said = (words: RegExp) => REASONS.filter((reason) => words.test(explain(reason, 'Gong')));

    expect(said(/Docket then does this by itself\.$/)).toEqual(['auth', 'disconnected']);
    expect(said(/Nothing was changed\.$/)).toEqual(['immovable', 'expired']);
    expect(said(/Retry[^.]* is safe[^.]*\.$/)).toHaveLength(REASONS.length - 4);
    expect(REASONS.filter((reason) => !isRetryUseful(reason))).toEqual(['immovable', 'expired']);
    expect(new Set(REASONS.map((reason) => explain(reason, 'Gong'))).size).toBe(REASONS.length);
  });
});

test('an outcome of each verb and edit is said in words of its own', () => {
  const said = OPERATIONS.map((verb) => outcome(action(task(), { verb }), 'Gong', READER));

  expect(new Set(said).size).toBe(OPERATIONS.length);
});

test('links that were made by themselves are told with the address that made them, in one line for each, and how to end them', () => {
  const email = 'mia@harbour.example';
  const gong = { provider: 'gong', name: 'Gong', email };
  expect(newLinks([gong])).toEqual([
    'New: *Gong* is linked, because mia@harbour.example is your address there too. Not you? `/tasks connect` ends it.',
  ]);
  const other = { provider: 'outreach', name: 'Outreach', email: undefined };
  const said = newLinks([gong, { provider: 'reply', name: 'Reply.io', email }, other]);
  expect(said).toHaveLength(2);
  expect(said[0]).toContain('New: *Gong* and *Reply.io* are linked, because mia@harbour.example is');
  expect(said[1]).toContain('because your Slack address is');
});

describe('a task that was closed or moved elsewhere is said to be so, and that nothing was changed', () => {
  const GONE = 'No longer open in Gong: it was done, dismissed or given to someone else there.';
  const MOVED = ' in Gong since this list was made. Choose again if you still want to.';
  test.each<[StaleCause, string]>([
    [{ how: 'gone' }, `${GONE} Nothing was changed.`],
    [{ how: 'done', at: NOW - 108 * MINUTE }, 'Already done in Gong at 07:12. Nothing was changed.'],
    [{ how: 'done', at: NOW - DAY }, 'Already done in Gong at Sun 22 Nov, 09:00. Nothing was changed.'],
    [{ how: 'done' }, 'Already done in Gong. Nothing was changed.'],
    [{ how: 'done', by: 'other' }, 'Already done in Gong by someone else. Nothing was changed.'],
    [{ how: 'done', at: NOW - 108 * MINUTE, by: 'rep' }, 'Already done in Gong by you at 07:12. Nothing was changed.'],
    [{ how: 'moved', dueAt: NOW + 4 * DAY }, `Not snoozed: it was moved to Fri 27 Nov, 09:00${MOVED}`],
    [{ how: 'moved' }, `Not snoozed: its due date was taken away${MOVED}`],
  ])('%o', (found, words) => {
    expect(foundElsewhere({ found, change: { verb: 'snooze' }, sentAt: undefined }, 'Gong', READER)).toBe(words);
  });

  test('but for a note that was sent, and whose answer was lost: it may stand there', () => {
    const note = { found: { how: 'gone' }, change: { verb: 'note' }, sentAt: NOW } as const;

    expect(foundElsewhere(note, 'Gong', READER)).toBe(GONE);
  });
});

test.each([
  ['unavailable', 'Gong did not answer. Docket keeps trying until 09:15; it cannot happen twice.'],
  ['rate_limited', 'Gong is getting too many requests from your company right now. Docket goes on at 09:15.'],
  // Not asked: it is not said that it did not answer.
  ['away', 'Gong is not answering just now. Docket does this as soon as it does, until 09:15; it cannot happen twice.'],
] as const)('what takes longer than a moment (%s) says why, and until when', (reason, words) => {
  expect(waitingFor({ reason, until: NOW + 15 * MINUTE }, 'Gong', READER)).toBe(words);
});

test('a tool that does not answer anyone is named in the status, with since when and when it is asked again', () => {
  const said = (outage?: { since: number; askAgainAt: number }) =>
    JSON.stringify(statusBlocks(accountState({ providers: [providerState('gong', { outage })] }), READER));
  const since = NOW - 10 * MINUTE;

  expect(said({ since, askAgainAt: NOW + 12_000 })).toContain(
    '*Gong has not answered since 08:50.* Docket asks again in 12 seconds, and at once when you press a button; what waits goes on as soon as it answers.',
  );
  expect(said({ since, askAgainAt: NOW - 1 })).toContain(
    'Docket asks again as soon as something is to be done there, and when you press a button;',
  );
  expect(said()).not.toContain('has not answered');
});

function saidOf(reports: readonly ProviderReport[], more: ListOptions = {}) {
  const { blocks, text } = renderLoaded(loaded([], { reports, ...more }));
  return { text, words: JSON.stringify(blocks) };
}

const CLAIMS_NOTHING = /\b(no open|no overdue|no tasks|have no|nothing open)\b/i;

describe('an unreachable provider', () => {
  test.each(REASONS)('(%s) is named as such, with its age, and never as having no tasks', (reason) => {
    const said = unreachable(unreached('gong', reason, NOW - 2 * HOUR), READER);

    expect(said).toContain('*Gong could not be reached, so your Gong call tasks are missing here.*');
    expect(said).toContain('Last reached 2 hours ago, Mon 23 Nov, 07:00.');
    expect(said).not.toMatch(CLAIMS_NOTHING);
    expect(unreachable(unreached('gong', reason), READER)).not.toContain('Last reached');
  });

  test('beside tasks of another: both are said', () => {
    const message = loaded([rowOf(task())], { reports: [listed('gong', 1), unreached('outreach')] });
    const { text, blocks } = renderLoaded(message);

    expect(text).toContain('1 due today; Outreach could not be reached');
    expect(JSON.stringify(blocks)).toContain('your Outreach tasks are missing here');
  });
});

describe('an empty list', () => {
  test.each<[ProviderReport[], ListOptions, string]>([
    [[listed('gong', 0)], { kind: 'digest' }, '*All clear:* no open call tasks in Gong.'],
    [[listed('gong', 0)], {}, 'You have no open call tasks in Gong.'],
    [[listed('gong', 3)], { filter: { by: 'overdue' } }, 'You have no overdue tasks in Gong.'],
    [[listed('gong', 0), listed('outreach', 0)], {}, 'You have no open call tasks or tasks in Gong and Outreach.'],
  ])('says of whom it speaks: %#', (reports, more, words) => {
    expect(saidOf(reports, more).words).toContain(words);
    expect(saidOf(reports, more).text).toContain('nothing open');
  });

  test.each([
    ['something could not be read', [listed('gong', 0, 3)], 'some tasks in Gong could not be read'],
    ['nobody was asked', [], ''],
    ['it could not be reached', [unreached('gong')], 'Gong could not be reached'],
  ])('claims nothing where %s, nor does its notification', (_name, reports, words) => {
    for (const kind of ['digest', 'list', 'home'] as const) {
      const said = saidOf(reports, { kind });

      expect(said.words).not.toMatch(CLAIMS_NOTHING);
      expect(said.text).not.toMatch(CLAIMS_NOTHING);
      expect(said.text).toContain(words);
    }
  });

  test('counts what could not be read', () => {
    expect(saidOf([listed('gong', 0, 3)]).words).toContain('3 more tasks in Gong could not be read; look there.');
  });

  test('whoever answered and whoever did not: it never claims anything for those who did not', () => {
    const kinds = fc.constantFrom('digest', 'list', 'home' as const);
    fc.assert(
      fc.property(wildReports, wildFilter, kinds, (reports, filter, kind) => {
        const { text, words } = saidOf(reports, { kind, filter });
        const isKnown = (report: ProviderReport) => report.state === 'listed' && report.unreadable === 0;
        const claim = /"(You have no|No open) [^"]* in ([^"]*?)( this morning)?\."/.exec(words)?.[2] ?? '';

        for (const report of reports) {
          if (!isKnown(report)) expect(claim).not.toContain(report.name);
          if (report.state === 'failed') expect(words).toContain(`${report.name} could not be reached`);
        }
        expect(text.endsWith('nothing open.')).toBe(reports.every(isKnown));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a refused click', () => {
  const REFUSALS: Refusal[] = [
    { why: 'unknown_row' },
    { why: 'not_yours' },
    { why: 'not_linked', provider: 'Gong' },
    ...OPERATIONS.map((verb): Refusal => ({ why: 'unsupported', verb, provider: 'Gong' })),
    { why: 'too_late', provider: 'Gong' },
    { why: 'passed', dueAt: NOW - HOUR },
    { why: 'skipped_first', provider: 'Outreach', skipsAt: NOW + HOUR, dueAt: NOW + DAY },
    { why: 'overtaken', by: undefined },
    ...ACTION_STATES.flatMap((state) =>
      OPERATIONS.map((verb): Refusal => ({ why: 'overtaken', by: action(task(), { state, verb }) })),
    ),
  ];

  test.each(REFUSALS.map((each) => [each.why, each] as const))('(%s) changed nothing, and says so', (_why, each) => {
    expect(refusal(each, READER)).toMatch(/nothing was changed|changed nothing/i);
  });

  test('says what happened since, and when', () => {
    const by = action(task(), { verb: 'snooze', createdAt: NOW - HOUR });

    expect(refusal({ why: 'overtaken', by }, READER)).toContain('You already snoozed this task (Mon 23 Nov, 08:00).');
  });
});

describe('how things stand', () => {
  test.each<[Partial<Schedule>, RegExp]>([
    [{}, /^Next digest: Tue 24 Nov, 09:00\.$/],
    [{ pausedUntil: FOREVER, nextDueAt: FOREVER }, /^Digests are paused\. `\/tasks resume` brings them back\.$/],
    [{ pausedUntil: NOW + HOUR }, /^Nothing is skipped: your next digest comes Tuesday 09:00 anyway\.$/],
    [{ pausedUntil: NOW - HOUR }, /^Next digest: Tue 24 Nov, 09:00\.$/],
    [{ days: [], nextDueAt: FOREVER }, /^No digest is planned/],
  ])('with digests: %j', (more, words) => {
    expect(scheduleText({ schedule: { ...SCHEDULE, ...more } }, READER)).toMatch(words);
  });

  test('with accounts and the last digest', () => {
    const run = { ...REP, localDate: '2026-11-23', state: 'posted', claimedAt: NOW, messageId: '1' } as const;
    const said = (lastRun?: Run) => JSON.stringify(statusBlocks(accountState({ lastRun }), READER));

    for (const words of ['*Gong*: linked by', '*Outreach*: not connected.', 'Last digest: none yet.']) {
      expect(said()).toContain(words);
    }
    expect(said({ ...run, postedAt: NOW - HOUR })).toContain('Last digest: Mon 23 Nov, 08:00.');
  });

  const gong = { name: 'Gong', consent: false };
  const outreach = { name: 'Outreach', consent: true };
  const NOT_FOUND = 'No active user in Gong has your Slack address mia@harbour.example';
  const SIGN_IN = 'sign in to Outreach once';
  // Not being found, not being looked for and not being able to look are different news.
  test.each([
    ['not found', REP, [gong], [], [NOT_FOUND]],
    ['without an address', { email: undefined }, [gong], [], ['Slack shows Docket no e-mail address for you']],
    ['when nobody could look', REP, [gong], ['Gong'], ['*Gong could not be reached*']],
    ['where they sign in themselves', REP, [outreach], [], [SIGN_IN]],
    ['where they can do both', REP, [outreach, gong], [], [NOT_FOUND, SIGN_IN]],
    ['where no tool is set up', REP, [], [], ['not connected to any sales tool yet', '`/tasks tools`']],
  ])('for someone unknown, %s', (_name, rep, providers, unreached, words) => {
    const said = unlinkedText(rep, providers, unreached);

    for (const each of [NOT_FOUND, SIGN_IN, ...words]) expect(said.includes(each)).toBe(words.includes(each));
  });
});

test('a zone that is an offset alone is named as one from UTC, wherever a zone is named', () => {
  const zone = '-05:00';
  const rep = { ...REP, slackZone: zone, zone };
  const said = [
    statusBlocks(accountState({ rep }), { ...READER, zone }),
    settingsModal({ rep, schedule: SCHEDULE, readsStatus: false }, { ...READER, zone }),
    whenModal({ ref: REF, verb: 'snooze', task: task(), provider: 'Gong', suggestion: NOW }, { ...READER, zone }),
    typedRefusal({ refused: 'past' }, { ...READER, zone }),
  ].map((each) => JSON.stringify(each));

  for (const words of said) expect(words).toMatch(/\bUTC-05:00\b/);
});
