/** What Docket writes without being asked: what happened, what it means, what can be done. */
import { describe, expect, test } from 'vitest';
import { decodeSignIn } from '../../blocks/account-ids.ts';
import { ACTION } from '../../blocks/ids.ts';
import { bytesOf, LIMITS } from '../../blocks/limits.ts';
import { noticeMessage } from '../../blocks/notices.ts';
import { checkMessageBlocks } from '../../sandbox/slack/validate.ts';
import { LINK_ENDS } from '../../src/core/model/people.ts';
import type { Notice } from '../../src/core/ports/screen.ts';
import { DAY, labelsOf, NOW, READER, REASONS, suggestionOf } from './fixtures.ts';

const CREATED = { about: 'created', provider: 'outreach', person: 'Dana Okonjo', dueAt: NOW + DAY } as const;
const NOT_CREATED = {
  about: 'not_created',
  provider: 'outreach',
  email: 'dana@acme.example',
  reference: 'job 7',
  unsure: false,
} as const;
const WHY_NOT = [...REASONS, 'no_person', 'several_people', 'undone'] as const;

const message = (notice: Notice, provider = 'Outreach') => noticeMessage(notice, provider, READER);
const said = (notice: Notice) => message(notice).text;
const EMAIL = 'maya@northlight.example';
const WRONG_PERSON = { about: 'wrong_person', provider: 'outreach', email: EMAIL } as const;
const ENDED = { about: 'link_ended', provider: 'gong', email: EMAIL } as const;
const TOOLS = ['Outreach', 'Other'].map((name) => ({ provider: name.toLowerCase(), name }));
const NOT_LINKED = ['*Your Gong account is no longer linked*, so your Gong tasks are missing', '`/tasks connect`'];
const SIGN_IN = { action_id: ACTION.consent, value: 'outreach' };
const LOOK_AGAIN = { action_id: ACTION.connect, value: 'gong' };

test.each<[string, Notice, string[], string[], object]>([
  [
    'an ended connection: what is missing, and that nothing is lost',
    { about: 'disconnected', provider: 'outreach' },
    ['Your Outreach connection has ended', 'Nothing was lost'],
    ['Sign in to Outreach'],
    SIGN_IN,
  ],
  [
    'a welcome to who has nothing linked: what Docket is, what to do, and a button for each tool',
    { about: 'welcome', tools: TOOLS },
    [
      'Every working morning it sends you one message with the open tasks',
      '*Outreach and Other*: press *Connect* and sign in once',
      'on the working morning after you connect',
    ],
    ['Connect Outreach', 'Connect Other', 'Not for me'],
    SIGN_IN,
  ],
  [
    'somebody else signed in: who, what came of it, what not to do',
    { ...WRONG_PERSON, signedIn: 'theo@northlight.example' },
    ['theo@northlight.example', EMAIL, 'nothing was connected', 'Do not forward the link', '`/tasks team`'],
    ['Connect Outreach'],
    SIGN_IN,
  ],
  ...(
    [
      ['inactive', 'says that your user there is not active any more'],
      ['locked', 'says that your user there is locked'],
      ['moved', `no longer has your address ${EMAIL}`],
      ['renamed', 'Your address in Slack is another one now'],
    ] as const
  ).map(([why, words]): [string, Notice, string[], string[], object] => [
    `a link that ended (${why}): what is missing, and why`,
    { ...ENDED, why },
    [...NOT_LINKED, words],
    ['Look again'],
    LOOK_AGAIN,
  ]),
  [
    'a suggestion: who says so, and a Yes and a No',
    { about: 'suggestion', suggestion: suggestionOf('outreach') },
    ['<@U9> suggests that you are *M. Lind*'],
    ['Yes, this is me', 'Not me'],
    { action_id: ACTION.confirmLink },
  ],
])('%s, and the way on', (_name, notice, words, labels, button) => {
  const { text, blocks } = message(notice, notice.about === 'link_ended' ? 'Gong' : 'Outreach');

  for (const each of words) expect(text).toContain(each);
  const rows = blocks.slice(1);
  expect(rows.flatMap(labelsOf)).toEqual(labels);
  expect(rows[0]).toMatchObject({ elements: expect.arrayContaining([expect.objectContaining(button)]) });
  // A message outlives every URL of a sign-in, so it holds none.
  expect(JSON.stringify(blocks)).not.toContain('"url"');
});

test('a sign-in that nobody vouches for: the question, for whom, until when, and two answers about this one', () => {
  const stateHash = 'a_-'.repeat(14).padEnd(43, 'b');
  const { text, blocks } = message({ about: 'confirm_sign_in', provider: 'outreach', stateHash, email: EMAIL });

  expect(text).toContain('Did you just sign in to Outreach, as maya@northlight.example?');
  expect(text).toContain('within an hour');
  expect(labelsOf(blocks.at(-1))).toEqual(['Yes, that was me', 'No']);
  const value = `outreach.${stateHash}`;
  expect(blocks.at(-1)).toMatchObject({
    elements: [
      { action_id: ACTION.confirmSignIn, value },
      { action_id: ACTION.rejectSignIn, value },
    ],
  });
  expect(decodeSignIn(value)).toEqual({ provider: 'outreach', stateHash });
  expect(checkMessageBlocks(blocks)).toBeUndefined();
});

test('a follow-up that was created: with whom, where, and when it is due', () => {
  expect(said(CREATED)).toBe('Follow-up with *Dana Okonjo* created in Outreach, due Tue 24 Nov, 09:00.');
});

describe('a follow-up that was not created', () => {
  test.each(WHY_NOT)('(%s) says so, what to do, and a reference; there is no button to speak of', (why) => {
    const { text, blocks } = message({ ...NOT_CREATED, why });

    expect(text).toMatch(/^\*(Follow-up not created|Your follow-up may not have been created)\.\*/);
    expect(text).toMatch(/shortcut again|try(ing)? again|ask your \S+ admin|create it in Outreach/i);
    expect(text).toMatch(/\(Reference: job 7\)$/);
    expect(text).not.toMatch(/Retry|by itself/);
    // Words about a task that there is not.
    expect(text).not.toMatch(/this task|the task was|has this task|choose another action/i);
    expect(blocks.map(({ type }) => type)).toEqual(['section']);
  });

  test('that may have been created all the same is not said to be safe to ask for again: nothing would look first', () => {
    const unsure = WHY_NOT.filter((why) => said({ ...NOT_CREATED, why }).includes('may not have been created'));

    expect(unsure.toSorted()).toEqual(['rate_limited', 'unavailable', 'unexpected', 'unreadable']);
    for (const why of unsure) {
      expect(said({ ...NOT_CREATED, why })).not.toMatch(/safe|cannot happen twice/);
      expect(said({ ...NOT_CREATED, why })).toContain('Look there before you use the shortcut again.');
    }
  });

  test('after another attempt whose answer may have been lost says so, whatever the last one came to', () => {
    for (const why of REASONS) {
      expect(said({ ...NOT_CREATED, why, unsure: true })).toContain('may not have been created');
    }
  });

  test('gives the note back, word for word, within what Slack takes', () => {
    const withNote = (note: string) => message({ ...NOT_CREATED, why: 'no_person', note }).blocks;
    const note = `Line one\n*two* & ${'three '.repeat(600)}`.slice(0, 3_000);

    expect(withNote(note).at(-1)).toMatchObject({ text: { type: 'plain_text', text: note } });
    for (const each of [note, '&'.repeat(3_000), '😀'.repeat(1_500)]) {
      expect(checkMessageBlocks(withNote(each))).toBeUndefined();
    }
    expect(JSON.stringify(withNote('&'.repeat(3_000)))).toContain('too long for a message. It began:');
    expect(withNote(' ')).toHaveLength(1);
  });

  test('because of whom it is about names them, by address or name', () => {
    expect(said({ ...NOT_CREATED, why: 'no_person' })).toContain(
      'Nobody in Outreach has the address dana@acme.example',
    );
    expect(said({ ...NOT_CREATED, email: 'Dana O', why: 'several_people' })).toContain('has the name Dana O');
  });
});

test('however long everything is, Slack takes it', () => {
  const long = '&'.repeat(3_000);
  const suggestion = suggestionOf('outreach', { name: long, email: long, suggestedBy: long });
  const notices: Notice[] = [
    { about: 'disconnected', provider: 'outreach' },
    ...LINK_ENDS.map((why): Notice => ({ about: 'link_ended', provider: 'gong', why, email: long })),
    {
      about: 'welcome',
      tools: TOOLS,
      linked: TOOLS.map(({ name }) => ({ name, email: long, isSignedIn: false })),
      digestAt: NOW,
    },
    { about: 'remind', tools: TOOLS, by: long },
    { about: 'installed' },
    { about: 'suggestion', suggestion },
    { ...CREATED, person: long },
    { ...WRONG_PERSON, signedIn: long, email: long },
    ...WHY_NOT.map((why): Notice => ({ ...NOT_CREATED, email: long, why })),
  ];

  for (const notice of notices) {
    const { text, blocks } = message(notice);

    expect(checkMessageBlocks(blocks)).toBeUndefined();
    expect(bytesOf(text)).toBeLessThanOrEqual(LIMITS.fallbackBytes);
  }
});
