/** What Docket writes without being asked: what happened, what it means, what can be done. */
import { describe, expect, test } from 'vitest';
import { ACTION, decodeSignIn } from '../../blocks/ids.ts';
import { bytesOf, LIMITS } from '../../blocks/limits.ts';
import { noticeMessage } from '../../blocks/notices.ts';
import { checkMessageBlocks } from '../../sandbox/slack/validate.ts';
import { LINK_ENDS, type LinkEnd } from '../../src/core/model/people.ts';
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
const WHY_NOT = [...REASONS, 'no_person', 'several_people'] as const;

function said(notice: Notice): string {
  return noticeMessage(notice, 'Outreach', READER).text;
}

test('an ended connection: what is missing, that nothing is lost, and the way to sign in again', () => {
  const { text, blocks } = noticeMessage({ about: 'disconnected', provider: 'outreach' }, 'Outreach', READER);

  expect(text).toContain('Your Outreach connection has ended');
  expect(text).toContain('Nothing was lost');
  expect(labelsOf(blocks.at(-1))).toEqual(['Sign in to Outreach']);
  // A message outlives a link to a sign-in, so it holds none.
  expect(blocks.at(-1)).toMatchObject({ elements: [{ action_id: ACTION.consent, value: 'outreach' }] });
  expect(JSON.stringify(blocks)).not.toContain('"url"');
});

test('a welcome: what Docket is, what to do, that it is asked once, and a button for each tool', () => {
  const tools = [
    { provider: 'outreach', name: 'Outreach' },
    { provider: 'other', name: 'Other' },
  ];
  const { text, blocks } = noticeMessage({ about: 'welcome', tools }, '', READER);

  expect(text).toContain('Every working morning it sends you one message with the open tasks');
  expect(text).toContain('sign in to Outreach and Other once');
  expect(text).toContain('Docket does not ask again');
  expect(labelsOf(blocks.at(-1))).toEqual(['Connect Outreach', 'Connect Other']);
  expect(blocks.at(-1)).toMatchObject({ elements: [{ action_id: ACTION.consent, value: 'outreach' }, {}] });
  expect(JSON.stringify(blocks)).not.toContain('"url"');
});

describe('somebody else who signed in', () => {
  const notice = (signedIn: string) =>
    ({ about: 'wrong_person', provider: 'outreach', signedIn, email: 'maya@northlight.example' }) as const;

  test('is named, with what came of it, what not to do and the way on', () => {
    const { text, blocks } = noticeMessage(notice('theo@northlight.example'), 'Outreach', READER);

    for (const part of ['theo@northlight.example', 'maya@northlight.example', 'nothing was connected']) {
      expect(text).toContain(part);
    }
    expect(text).toContain('Do not forward the link');
    expect(text).toContain('`/tasks team`');
    expect(labelsOf(blocks.at(-1))).toEqual(['Connect Outreach']);
    expect(blocks.at(-1)).toMatchObject({ elements: [{ action_id: ACTION.consent, value: 'outreach' }] });
  });

  test.each(['<!channel>@x.example', '<@U1>', '*b*@x.example', `${'a'.repeat(5_000)}@x.example`, '`x`'])(
    'cannot write into the message: %#',
    (signedIn) => {
      const { text, blocks } = noticeMessage(notice(signedIn), 'Outreach', READER);

      expect(text).not.toMatch(/<[!@#]/);
      expect(text.length).toBeLessThan(1_500);
      expect(checkMessageBlocks(blocks)).toBeUndefined();
    },
  );
});

test('a sign-in that nobody vouches for: the question, for whom, until when, and two answers about this one', () => {
  const stateHash = 'a_-'.repeat(14).padEnd(43, 'b');
  const notice = {
    about: 'confirm_sign_in',
    provider: 'outreach',
    stateHash,
    email: 'maya@northlight.example',
  } as const;

  const { text, blocks } = noticeMessage(notice, 'Outreach', READER);

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

describe('a link that ended', () => {
  const ended = (why: LinkEnd) =>
    ({ about: 'link_ended', provider: 'gong', why, email: 'maya@northlight.example' }) as const;

  test.each([
    ['inactive', 'says that your user there is not active any more'],
    ['locked', 'says that your user there is locked'],
    ['moved', 'no longer has your address maya@northlight.example'],
    ['renamed', 'Your address in Slack is another one now'],
  ] as const)('(%s): what is missing, why, and the way back', (why, words) => {
    const { text, blocks } = noticeMessage(ended(why), 'Gong', READER);

    expect(text).toContain('*Your Gong account is no longer linked*, so your Gong tasks are missing');
    expect(text).toContain(words);
    expect(text).toContain('`/tasks connect`');
    expect(labelsOf(blocks.at(-1))).toEqual(['Look again']);
    expect(blocks.at(-1)).toMatchObject({ elements: [{ action_id: ACTION.connect, value: 'gong' }] });
  });
});

test('a suggestion: who says so, and a Yes and a No', () => {
  const notice = { about: 'suggestion', suggestion: suggestionOf('outreach') } as const;

  const { text, blocks } = noticeMessage(notice, 'Outreach', READER);

  expect(text).toContain('<@U9> suggests that you are *M. Lind*');
  expect(labelsOf(blocks.at(-1))).toEqual(['Yes, this is me', 'Not me']);
});

test('a follow-up that was created: with whom, where, and when it is due', () => {
  expect(said(CREATED)).toBe('Follow-up with *Dana Okonjo* created in Outreach, due Tue 24 Nov, 09:00.');
});

describe('a follow-up that was not created', () => {
  test.each(WHY_NOT)('(%s) says so, what to do, and a reference; there is no button to speak of', (why) => {
    const { text, blocks } = noticeMessage({ ...NOT_CREATED, why }, 'Outreach', READER);

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
    const withNote = (note: string) =>
      noticeMessage({ ...NOT_CREATED, why: 'no_person', note }, 'Outreach', READER).blocks;
    const note = `Line one\n*two* & ${'three '.repeat(600)}`.slice(0, 3_000);

    expect(withNote(note).at(-1)).toMatchObject({ text: { type: 'plain_text', text: note } });
    for (const each of [note, '&'.repeat(3_000), '😀'.repeat(1_500)]) {
      expect(checkMessageBlocks(withNote(each))).toBeUndefined();
    }
    expect(JSON.stringify(withNote('&'.repeat(3_000)))).toContain('too long for a message. It began:');
    expect(noticeMessage({ ...NOT_CREATED, why: 'no_person', note: ' ' }, 'Outreach', READER).blocks).toHaveLength(1);
  });

  test('because nobody has the address names it', () => {
    expect(said({ ...NOT_CREATED, why: 'no_person' })).toContain('has the address dana@acme.example');
  });
});

test('however long everything is, Slack takes it', () => {
  const long = '&'.repeat(3_000);
  const suggestion = suggestionOf('outreach', { name: long, email: long, suggestedBy: long });
  const notices: Notice[] = [
    { about: 'disconnected', provider: 'outreach' },
    ...LINK_ENDS.map((why): Notice => ({ about: 'link_ended', provider: 'gong', why, email: long })),
    { about: 'welcome', tools: [{ provider: 'outreach', name: 'Outreach' }] },
    { about: 'suggestion', suggestion },
    { ...CREATED, person: long },
    ...WHY_NOT.map((why): Notice => ({ ...NOT_CREATED, email: long, why })),
  ];

  for (const notice of notices) {
    const { text, blocks } = noticeMessage(notice, 'Outreach', READER);

    expect(checkMessageBlocks(blocks)).toBeUndefined();
    expect(bytesOf(text)).toBeLessThanOrEqual(LIMITS.fallbackBytes);
  }
});
