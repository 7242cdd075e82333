/** What reps read: what happened, who said so, what they can do; and never "nothing" where nobody knows. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foundElsewhere, seenElsewhere } from '../../blocks/elsewhere.ts';
import { typedRefusal } from '../../blocks/form-errors.ts';
import { unreachable } from '../../blocks/list-errors.ts';
import { explain, isRetryUseful } from '../../blocks/reasons.ts';
import { refusal } from '../../blocks/refusals.ts';
import { failure, undoFailure, waitingFor } from '../../blocks/row-errors.ts';
import { settingsModal } from '../../blocks/settings-modal.ts';
import { scheduleText, statusBlocks, unlinkedText } from '../../blocks/status.ts';
import { renderList } from '../../blocks/task-list.ts';
import { whenModal } from '../../blocks/when-modal.ts';
import { newLinks, outcome } from '../../blocks/words.ts';
import type { Refusal } from '../../src/core/clicks/record.ts';
import type { ActionState, StaleCause } from '../../src/core/model/action.ts';
import { FOREVER, type Schedule } from '../../src/core/model/digest.ts';
import type { MessageKind, ProviderReport } from '../../src/core/model/message.ts';
import { inState } from '../builders.ts';
import {
  accountState,
  action,
  DAY,
  HOUR,
  linkTo,
  listed,
  loaded,
  NOW,
  OPERATIONS,
  READER,
  REASONS,
  REP,
  rowOf,
  SCHEDULE,
  task,
  unreached,
} from './fixtures.ts';
import { PROVIDERS } from './providers.ts';
import { wildFilter, wildReports } from './wild.ts';

const CASES = REASONS.flatMap((reason) => OPERATIONS.map((verb) => [verb, reason] as const));
/** What a rep can do, or the news that there is nothing left to do. */
const GUIDANCE = /Retry|look there|choose another|given to someone else|move it in|\/tasks connect|ask your \S+ admin/i;

describe('a failure', () => {
  test.each(CASES)(
    'of %s because of %s: what did not happen, whose answer it was, what to do, and the reference',
    (verb, reason) => {
      const failed = inState(
        action(task(), { verb, state: 'failed', failure: reason, reference: 'req-<1>' }),
        'failed',
      );

      const said = failure(failed, 'Reply.io');

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
    const said = failure(
      inState(action(task(), { state: 'failed', failure: 'unavailable', sentAt: NOW }), 'failed'),
      'Gong',
    );

    expect(said).toMatch(/^\*Not confirmed\.\* Gong did not answer\. Retry is safe/);
  });

  test('of an undo names what was not undone, a reason, and the button that is there', () => {
    for (const reason of REASONS) {
      const said = undoFailure(action(task()), { reason }, 'Gong');
      const [why = ''] = explain(reason, 'Gong').split('. ');

      expect(said).toMatch(/^\*Not undone\.\*/);
      expect(said).toContain(why);
      expect(said).not.toMatch(/Retry|by itself/);
    }
  });

  test('says of every reason whether trying again is safe, goes on by itself, or is of no use', () => {
    const said = (words: RegExp) => REASONS.filter((reason) => words.test(explain(reason, 'Gong')));

    expect(said(/Docket then does this by itself\.$/)).toEqual(['auth', 'disconnected']);
    expect(said(/Nothing was changed\.$/)).toEqual(['immovable', 'expired']);
    expect(said(/Retry[^.]* is safe[^.]*\.$/)).toHaveLength(REASONS.length - 4);
    expect(REASONS.filter((reason) => !isRetryUseful(reason))).toEqual(['immovable', 'expired']);
  });

  test('each reason has words of its own', () => {
    expect(new Set(REASONS.map((reason) => explain(reason, 'Gong'))).size).toBe(REASONS.length);
  });
});

test.each(OPERATIONS)('an outcome of %s is said in words of its own', (verb) => {
  const others = OPERATIONS.filter((other) => other !== verb);

  const said = outcome(action(task(), { verb }), 'Gong', READER);

  for (const other of others) expect(outcome(action(task(), { verb: other }), 'Gong', READER)).not.toBe(said);
});

describe('what was seen of a task', () => {
  const at = NOW - 2 * HOUR;

  test('says where, and when it was noticed', () => {
    expect(seenElsewhere({ how: 'done', at }, 'Gong', READER)).toBe('Done in Gong itself (Mon 23 Nov, 07:00).');
    expect(seenElsewhere({ how: 'gone', at }, 'Gong', READER)).toContain(
      'No longer open for you in Gong (seen Mon 23 Nov, 07:00)',
    );
    expect(seenElsewhere({ how: 'changed', at, task: task() }, 'Gong', READER)).toBe(
      'Changed in Gong since this list was made.',
    );
  });

  test('claims no more than is known: what is gone may have been done, deleted or given away', () => {
    expect(seenElsewhere({ how: 'gone', at }, 'Gong', READER)).toMatch(/done, deleted or given to someone else/);
  });
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

test('a task that was closed elsewhere is said to be so, and that nothing was changed', () => {
  const snooze = { change: { verb: 'snooze' }, sentAt: undefined } as const;
  const found = (what: StaleCause) => foundElsewhere({ found: what, ...snooze }, 'Gong', READER);

  expect(found({ how: 'gone' })).toContain('No longer open in Gong');
  expect(found({ how: 'gone' })).toContain('Nothing was changed');
  expect(found({ how: 'done', at: NOW - 108 * 60_000 })).toBe('Already done in Gong at 07:12. Nothing was changed.');
  expect(found({ how: 'done', at: NOW - DAY })).toContain('Already done in Gong at Sun 22 Nov, 09:00.');
  expect(found({ how: 'done', at: undefined })).toBe('Already done in Gong. Nothing was changed.');
  // A note that was sent, and whose answer was lost, may stand there.
  expect(
    foundElsewhere({ found: { how: 'gone' }, change: { verb: 'note' }, sentAt: NOW }, 'Gong', READER),
  ).not.toContain('Nothing was changed');
});

test('a task that was moved elsewhere is said to be so, with where to', () => {
  const moved = (dueAt: number | undefined) =>
    foundElsewhere({ found: { how: 'moved', dueAt }, change: { verb: 'snooze' }, sentAt: undefined }, 'Gong', READER);

  expect(moved(NOW + 4 * DAY)).toMatch(/^Not snoozed: it was moved to Fri 27 Nov, 09:00 in Gong since/);
  expect(moved(undefined)).toMatch(/^Not snoozed: its due date was taken away in Gong since/);
});

test('what takes longer than a moment says why, and until when', () => {
  const until = NOW + 15 * 60_000;

  expect(waitingFor({ reason: 'unavailable', until }, 'Gong', READER)).toBe(
    'Gong did not answer. Docket keeps trying until 09:15; it cannot happen twice.',
  );
  expect(waitingFor({ reason: 'rate_limited', until }, 'Gong', READER)).toMatch(
    /too many requests.* goes on at 09:15\.$/,
  );
  // Not asked: it is not said that it did not answer.
  expect(waitingFor({ reason: 'away', until }, 'Gong', READER)).toBe(
    'Gong is not answering just now. Docket does this as soon as it does, until 09:15; it cannot happen twice.',
  );
});

test('a tool that does not answer anyone is named in the status, with since when and when it is asked again', () => {
  const outage = { since: NOW - 10 * 60_000, askAgainAt: NOW + 12_000 };
  const state = accountState({ links: [linkTo('gong')] });
  const [gong, ...others] = state.providers;
  const away = { ...state, providers: gong ? [{ ...gong, outage }, ...others] : [] };

  expect(JSON.stringify(statusBlocks(away, READER))).toContain(
    '*Gong has not answered since 08:50.* Docket asks again in 12 seconds, and at once when you press a button; what waits goes on as soon as it answers.',
  );
  const nobodyAsked = { ...outage, askAgainAt: NOW - 1 };
  const quiet = { ...state, providers: gong ? [{ ...gong, outage: nobodyAsked }, ...others] : [] };
  expect(JSON.stringify(statusBlocks(quiet, READER))).toContain(
    'Docket asks again as soon as something is to be done there, and when you press a button;',
  );
  expect(JSON.stringify(statusBlocks(state, READER))).not.toContain('has not answered');
});

/** Everything that a list says of providers and counts. */
function saidOf(
  reports: readonly ProviderReport[],
  more: { kind?: MessageKind; filter?: Parameters<typeof loaded>[1] } = {},
) {
  const message = loaded([], { reports, ...(more.kind && { kind: more.kind }), ...more.filter });
  const { blocks, text } = renderList(message, PROVIDERS, READER);
  return { text, words: JSON.stringify(blocks) };
}

const CLAIMS_NOTHING = /\b(no open|no overdue|no tasks|have no|nothing open)\b/i;

describe('an unreachable provider', () => {
  test.each(REASONS)('(%s) is named as such, with its age, and never as having no tasks', (reason) => {
    const report = unreached('gong', reason, NOW - 2 * HOUR);
    if (report.state !== 'failed') throw new Error('not failed');

    const said = unreachable(report, READER);

    expect(said).toContain('*Gong could not be reached, so your Gong call tasks are missing here.*');
    expect(said).toContain('Last reached 2 hours ago, Mon 23 Nov, 07:00.');
    expect(said).not.toMatch(CLAIMS_NOTHING);
  });

  test('that was never reached has no age', () => {
    const report = unreached('gong');
    if (report.state !== 'failed') throw new Error('not failed');

    expect(unreachable(report, READER)).not.toContain('Last reached');
  });

  test('alone: neither the message nor its notification says that there is nothing', () => {
    for (const kind of ['digest', 'list', 'home'] as const) {
      const { text, words } = saidOf([unreached('gong')], { kind });

      expect(text).not.toMatch(CLAIMS_NOTHING);
      expect(words).not.toMatch(CLAIMS_NOTHING);
      expect(text).toContain('Gong could not be reached');
    }
  });

  test('beside tasks of another: both are said', () => {
    const message = loaded([rowOf(task())], { reports: [listed('gong', 1), unreached('outreach')] });

    const { text, blocks } = renderList(message, PROVIDERS, READER);

    expect(text).toContain('1 due today; Outreach could not be reached');
    expect(JSON.stringify(blocks)).toContain('your Outreach tasks are missing here');
  });
});

describe('an empty list', () => {
  test('says of whom it speaks', () => {
    expect(saidOf([listed('gong', 0)], { kind: 'digest' }).words).toContain('No open call tasks in Gong this morning.');
    expect(saidOf([listed('gong', 0)]).words).toContain('You have no open call tasks in Gong.');
    expect(saidOf([listed('gong', 3)], { filter: { filter: { by: 'overdue' } } }).words).toContain(
      'You have no overdue tasks in Gong.',
    );
    expect(saidOf([listed('gong', 0), listed('outreach', 0)]).words).toContain('in Gong and Outreach.');
    expect(saidOf([listed('gong', 0)]).text).toContain('nothing open');
  });

  test('claims nothing where something could not be read', () => {
    const { text, words } = saidOf([listed('gong', 0, 3)]);

    expect(words).not.toMatch(CLAIMS_NOTHING);
    expect(text).not.toMatch(CLAIMS_NOTHING);
    expect(words).toContain('3 more tasks in Gong could not be read; look there.');
    expect(text).toContain('some tasks in Gong could not be read');
  });

  test('claims nothing where nobody was asked', () => {
    const { text, words } = saidOf([]);

    expect(words).not.toMatch(CLAIMS_NOTHING);
    expect(text).not.toMatch(CLAIMS_NOTHING);
  });

  test('whoever answered and whoever did not: it never claims anything for those who did not', () => {
    fc.assert(
      fc.property(
        wildReports,
        wildFilter,
        fc.constantFrom('digest', 'list', 'home' as const),
        (reports, filter, kind) => {
          const { text, words } = saidOf(reports, { kind, filter: { filter } });
          const sure = reports.every((report) => report.state === 'listed' && report.unreadable === 0);
          const claim = /"(You have no|No open) [^"]* in ([^"]*?)( this morning)?\."/.exec(words)?.[2] ?? '';

          for (const report of reports) {
            const known = report.state === 'listed' && report.unreadable === 0;
            if (!known) expect(claim).not.toContain(report.name);
            if (report.state === 'failed') expect(words).toContain(`${report.name} could not be reached`);
          }
          expect(text.endsWith('nothing open.')).toBe(sure);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a refused click', () => {
  const STATES: readonly ActionState[] = ['queued', 'succeeded', 'failed', 'stale', 'undoing', 'undone', 'dropped'];
  const REFUSALS: Refusal[] = [
    { why: 'unknown_row' },
    { why: 'not_yours' },
    { why: 'not_linked', provider: 'Gong' },
    ...OPERATIONS.map((verb): Refusal => ({ why: 'unsupported', verb, provider: 'Gong' })),
    { why: 'too_late', provider: 'Gong' },
    { why: 'overtaken', by: undefined },
    ...STATES.flatMap((state) =>
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
  const said = (more: Partial<Schedule>) => scheduleText({ schedule: { ...SCHEDULE, ...more } }, READER);

  test('with digests: the next one, that they are paused, or that none is planned', () => {
    expect(said({})).toBe('Next digest: Tue 24 Nov, 09:00.');
    expect(said({ pausedUntil: FOREVER, nextDueAt: FOREVER })).toBe(
      'Digests are paused. `/tasks resume` brings them back.',
    );
    expect(said({ pausedUntil: NOW + HOUR })).toMatch(/^Digests are paused\. Next digest: Tue 24 Nov, 09:00\./);
    expect(said({ pausedUntil: NOW - HOUR })).toBe('Next digest: Tue 24 Nov, 09:00.');
    expect(said({ days: [], nextDueAt: FOREVER })).toMatch(/^No digest is planned/);
  });

  test('with accounts: who is linked, by what, and how fresh that is; and the last digest', () => {
    const run = { ...REP, localDate: '2026-11-23', state: 'posted', claimedAt: NOW, messageId: '1' } as const;
    const words = (lastRun: Parameters<typeof statusBlocks>[0]['lastRun']) =>
      JSON.stringify(statusBlocks(accountState({ links: [linkTo('gong')], lastRun }), READER));

    const none = words(undefined);

    expect(none).toContain('*Gong*: linked by your address mia@harbour.example, last reached 5 minutes ago.');
    expect(none).toContain('*Outreach*: not connected.');
    expect(none).toContain('*Reply.io*: not linked.');
    expect(none).toContain('Last digest: none yet.');
    expect(words({ ...run, postedAt: NOW - HOUR })).toContain('Last digest: Mon 23 Nov, 08:00.');
  });

  test('for someone unknown: not being found and not being able to look are different news', () => {
    const gong = [{ name: 'Gong', consent: false }];

    expect(unlinkedText(REP, gong, [])).toContain('No active user in Gong has your Slack address mia@harbour.example');
    expect(unlinkedText({ email: undefined }, gong, [])).toContain('Slack shows Docket no e-mail address for you');
    expect(unlinkedText(REP, gong, ['Gong'])).toContain('*Gong could not be reached*');
    expect(unlinkedText(REP, gong, ['Gong'])).not.toContain('No active user');
    expect(unlinkedText(REP, [], [])).toContain('not connected to any sales tool yet');
  });

  test('for someone unknown: where they sign in themselves nobody looked for them', () => {
    const outreach = { name: 'Outreach', consent: true };

    const alone = unlinkedText(REP, [outreach], []);
    const beside = unlinkedText(REP, [outreach, { name: 'Gong', consent: false }], []);

    expect(alone).toContain('sign in to Outreach once');
    expect(alone).not.toContain('No active user');
    expect(beside).toContain('No active user in Gong has');
    expect(beside).toContain('sign in to Outreach once');
  });
});

test('a zone that is an offset alone is named as one from UTC, wherever a zone is named', () => {
  const zone = '-05:00';
  const rep = { ...REP, zone };
  const said = [
    statusBlocks(accountState({ rep }), { ...READER, zone }),
    settingsModal(SCHEDULE, zone),
    whenModal(
      { ref: { messageId: '1', position: 0, seq: 0 }, verb: 'snooze', task: task(), provider: 'Gong', suggestion: NOW },
      { ...READER, zone },
    ),
    typedRefusal({ refused: 'past' }, { ...READER, zone }),
  ].map((each) => JSON.stringify(each));

  for (const words of said) expect(words).toMatch(/\bUTC-05:00\b/);
  expect(JSON.stringify(settingsModal(SCHEDULE, 'Europe/Berlin'))).toContain('*Europe/Berlin*');
});
