/** What a look at a directory means for links: only a positive sign ends one, and never many at once on one day's word. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Link, LinkDoubt } from '../../../src/core/model/people.ts';
import { type Evidence, judge, judgeOne } from '../../../src/core/people/judging.ts';
import { mergeUsers } from '../../../src/core/people/matching.ts';
import type { ProviderUser } from '../../../src/core/ports/provider.ts';
import { link as linkOf } from '../../store/fixtures.ts';
import { DAY } from '../docket.ts';
import { MONDAY_NINE, user } from '../provider.ts';

const OLD = 'ann@x.example';
const NEW = 'ann.new@x.example';

function link(n: number | string = 1, more: Partial<Link> = {}): Link {
  const made = linkOf({ teamId: 'T1', userId: `U${n}` }, { externalId: `${n}`, email: OLD });
  return { ...made, lastListedAt: undefined, announcedAt: undefined, ...more };
}

function evidence(more: Partial<Evidence> = {}): Evidence {
  return { link: link(), address: OLD, user: user('1', [OLD]), match: undefined, ...more };
}

function look(all: readonly Evidence[], earlier: readonly LinkDoubt[] = [], day = 0, links = all.length) {
  const judgement = judge(all, earlier, { now: MONDAY_NINE + day * DAY, links });
  const ends = judgement.ends.map(({ link: { userId }, why }) => `${userId} ${why}`);
  return { ...judgement, ends, reasons: judgement.doubts.map(({ userId, reason }) => `${userId} ${reason}`) };
}

/** The same evidence on so many days in a row. */
function looks(all: readonly Evidence[], days: number) {
  let last = look(all);
  for (let day = 1; day < days; day += 1) last = look(all, last.doubts, day);
  return last;
}

describe('a link ends at once', () => {
  const inactive = user('1', [], { state: 'inactive' });
  test.each<[string, Partial<Evidence>, string]>([
    ['its user is inactive, and has the address', { user: { ...inactive, emails: [OLD] } }, 'inactive'],
    ['its user is locked, and their addresses are gone', { user: user('1', [], { state: 'locked' }) }, 'locked'],
    ['its user has another address', { user: user('1', [NEW]) }, 'moved'],
    ['its user has another address, and Slack says none', { address: undefined, user: user('1', [NEW]) }, 'moved'],
    ['the member has another address, which nobody there has', { address: NEW }, 'renamed'],
    ['the member has another address, and their user is not named', { address: NEW, user: undefined }, 'renamed'],
    ['its user is inactive, and another has the address', { user: inactive, match: user('2', [OLD]) }, 'inactive'],
  ])('when %s', (_name, more, why) => {
    expect(look([evidence(more)])).toMatchObject({ ends: [`U1 ${why}`], doubts: [], held: 0 });
    expect(judgeOne(evidence(more), [])).toBe(why);
  });
});

describe('a link stays', () => {
  test.each<[string, Partial<Evidence>, string | undefined]>([
    ['its user is as before', {}, undefined],
    ['its user has their new address as well', { address: NEW, user: user('1', [OLD, NEW]) }, undefined],
    ['it is not said whether its user is active', { user: user('1', [OLD], { state: 'unknown' }) }, undefined],
    ['Slack says no address', { address: undefined }, undefined],
    ['no address is known at all', { address: undefined, link: link(1, { email: undefined }) }, undefined],
    ['its user is not named', { user: undefined }, 'unnamed'],
    ['nothing is said of anyone', { user: undefined, address: undefined }, 'unnamed'],
    ['its user is named without any address', { user: user('1', []) }, 'unaddressed'],
    ['some of its user’s addresses are not named', { user: user('1', [NEW], { partial: true }) }, 'unaddressed'],
    ['its user is not named and another has the address', { user: undefined, match: user('2', [OLD]) }, 'replaced'],
  ])('when %s', (_name, more, doubt) => {
    expect(look([evidence(more)])).toMatchObject({ ends: [], reasons: doubt ? [`U1 ${doubt}`] : [], held: 0 });
    expect(judgeOne(evidence(more), [])).toBeUndefined();
  });
});

describe('many signs at once', () => {
  const bad = (count: number, state: 'inactive' | 'locked' = 'inactive') =>
    Array.from({ length: count }, (_, n) => evidence({ link: link(n), user: user(`${n}`, [OLD], { state }) }));

  test.each([
    [1, 1, 1],
    [1, 2, 1],
    [2, 2, 0],
    [2, 19, 0],
    [2, 20, 2],
    [3, 29, 0],
    [3, 30, 3],
    [4, 1_000, 0],
    [900, 1_000, 0],
  ])('%i of %i links: %i end', (signs, links, ended) => {
    const { ends, doubts, held } = look(bad(signs), [], 0, links);

    expect(ends).toHaveLength(ended);
    expect(doubts).toHaveLength(signs - ended);
    expect(held).toBe(signs - ended);
  });

  test('that change from day to day are not the same sign', () => {
    const days = (['inactive', 'locked', 'inactive', 'locked'] as const).map((state) => bad(5, state));
    let last = look(days[0] ?? []);
    for (const [day, all] of days.entries()) last = look(all, last.doubts, day);

    expect(last).toMatchObject({ ends: [], held: 5 });
  });

  test('that were gone for a day begin anew', () => {
    const healthy = bad(5).map((each) => ({ ...each, user: user(each.link.externalId, [OLD]) }));
    const before = looks(bad(5), 2);
    const after = look(bad(5), look(healthy, before.doubts, 2).doubts, 3);

    expect(after).toMatchObject({ ends: [], held: 5 });
  });

  test('do not keep a single new leaver, once they are believed, nor a look at one member end what they held', () => {
    const held = looks(bad(5), 2);
    const [one] = bad(1);
    if (!one) throw new Error('no evidence');

    expect(judgeOne(one, held.doubts)).toBeUndefined();
    expect(judgeOne({ ...one, link: link(0, { externalId: 'another' }) }, held.doubts)).toBe('inactive');
    expect(look(bad(6), held.doubts, 2).ends).toHaveLength(6);
  });
});

describe('whatever a directory answers', () => {
  const address = fc.constantFrom(...Array.from({ length: 8 }, (_, n) => `u${n}@x.example`));
  const entry = fc.record({
    externalId: fc.integer({ min: 0, max: 9 }).map(String),
    emails: fc.array(address, { maxLength: 3 }),
    partial: fc.boolean(),
    name: fc.constant(undefined),
    state: fc.constantFrom<ProviderUser['state'][]>('active', 'inactive', 'locked', 'unknown'),
  });
  const answer = fc.array(entry, { maxLength: 25 });
  const inSlack = fc.array(fc.option(address, { nil: undefined }), { minLength: 8, maxLength: 8 });

  /** Eight links, and what the answer and Slack say of each. */
  function evidenceOf(answered: readonly ProviderUser[], addresses: readonly (string | undefined)[]): Evidence[] {
    const users = mergeUsers(answered);
    return addresses.map((said, n) => ({
      link: link(n, { email: `u${n}@x.example` }),
      address: said,
      user: users.find(({ externalId }) => externalId === `${n}`),
      match: users.find(
        ({ externalId, emails }) => externalId !== `${n}` && said !== undefined && emails.includes(said),
      ),
    }));
  }

  test('no link ends without a positive sign, and never more than a few', () => {
    fc.assert(
      fc.property(answer, inSlack, (answered, addresses) => {
        const { ends } = judge(evidenceOf(answered, addresses), [], { now: MONDAY_NINE, links: 8 });

        expect(ends.length).toBeLessThanOrEqual(1);
        for (const { link: ended, address: said } of ends) {
          const entries = answered.filter(({ externalId }) => externalId === ended.externalId);
          const states = new Set(entries.map(({ state }) => state).filter((state) => state !== 'unknown'));
          const isOut = states.size === 1 && !states.has('active');
          const isElsewhere =
            entries.some(({ emails }) => emails.length > 0) && !entries.some(({ partial }) => partial);
          const isRenamed = said !== undefined && said !== ended.email;
          const holds = entries.some(({ emails }) => emails.includes(said ?? ended.email ?? ''));
          expect(isOut || (!holds && (isElsewhere || isRenamed))).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('what is left out ends nothing: any part of a healthy answer, with any fields missing, on any number of days', () => {
    const healthy = Array.from({ length: 8 }, (_, n) => user(`${n}`, [`u${n}@x.example`]));
    const part = fc
      .subarray(healthy)
      .chain((users) =>
        fc.tuple(
          ...users.map((each) =>
            fc.constantFrom<ProviderUser[]>(
              each,
              { ...each, state: 'unknown' },
              { ...each, emails: [], partial: true },
              { ...each, emails: [], state: 'unknown', partial: true },
            ),
          ),
        ),
      );
    const unsaid = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.tuple(part, unsaid), { minLength: 1, maxLength: 6 }), (days) => {
        let doubts: LinkDoubt[] = [];
        for (const [day, [answered, silent]] of days.entries()) {
          const addresses = silent.map((isSilent, n) => (isSilent ? undefined : `u${n}@x.example`));
          const now = MONDAY_NINE + day * DAY;
          const judgement = judge(evidenceOf(answered, addresses), doubts, { now, links: 8 });
          expect(judgement.ends).toEqual([]);
          expect(judgement.held).toBe(0);
          doubts = judgement.doubts;
        }
      }),
    );
  });

  test('its order does not matter', () => {
    const shuffled = answer.chain((entries) =>
      fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
    );
    fc.assert(
      fc.property(shuffled, inSlack, ([one, other], addresses) => {
        const said = (answered: ProviderUser[]) => {
          const { ends, reasons } = look(evidenceOf(answered, addresses));
          return { ends, reasons };
        };
        expect(said(one)).toEqual(said(other));
      }),
      { numRuns: 300 },
    );
  });
});
