/** Who a rep is at each provider, and what they can do about it: the same on Home, in `/tasks connect` and in a notice. */
import type { Button } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { accountBlocks, accountText, suggestionText } from '../../blocks/accounts.ts';
import type { Block } from '../../blocks/elements.ts';
import { strangerHome } from '../../blocks/home.ts';
import { ACTION, decodeProvider } from '../../blocks/ids.ts';
import type { AccountState, ProviderState } from '../../src/core/people/accounts.ts';
import { accountState, labelsOf, linkTo, providerState, READER, REP, suggestionOf } from './fixtures.ts';

const SIGN_IN = 'https://api.outreach.example/oauth/authorize?state=s&scope=a%20b';

function buttonOf(block: Block | undefined): Button {
  if (block?.type !== 'section' || block.accessory?.type !== 'button') throw new Error('no account with a button');
  return block.accessory;
}

/** One provider's line and button. */
function account(provider: ProviderState, more: Partial<AccountState> = {}, signIn?: ReadonlyMap<string, string>) {
  const state = accountState({ providers: [provider], links: [], ...more });
  const [block, ...others] = accountBlocks(state, READER, signIn);
  const button = buttonOf(block);
  return { text: accountText(state, provider, READER), button, label: button.text.text, others };
}

describe('an account', () => {
  const gong = providerState('gong');
  const outreach = providerState('outreach');

  test.each([
    ['address', gong, 'linked by your address mia@harbour.example, last reached 5 minutes ago.'],
    ['consent', outreach, 'connected by you as mia@harbour.example, last reached 5 minutes ago.'],
    ['suggestion', gong, 'linked, as you confirmed, as mia@harbour.example, last reached 5 minutes ago.'],
  ] as const)('that is linked by %s says so, and can be unlinked after a question', (origin, provider, words) => {
    const { text, button, label } = account(provider, { links: [linkTo(provider.id, { origin })] });

    expect(text).toBe(`*${provider.name}*: ${words}`);
    expect(label).toBe('Unlink');
    expect(button).toMatchObject({ action_id: ACTION.unlink, value: provider.id });
    expect(button.confirm?.text.text).toContain(`nothing is changed in ${provider.name}`);
  });

  test.each<[string, ProviderState, Partial<AccountState>, string, string]>([
    [
      'was never asked for tasks, and has another address there',
      gong,
      { links: [linkTo('gong', { email: 'other@harbour.example', lastListedAt: undefined })] },
      'linked by your address other@harbour.example, not asked yet.',
      'Unlink',
    ],
    [
      'is not linked',
      gong,
      {},
      'not linked. No one active user of Gong has your address mia@harbour.example.',
      'Look again',
    ],
    [
      'has no address in Slack',
      gong,
      { rep: { ...REP, email: undefined } },
      'not linked. Slack shows Docket no e-mail address for you.',
      'Look again',
    ],
    ['was ended by the rep', providerState('gong', { declined: true }), {}, 'not linked, as you chose.', 'Look again'],
  ])('that %s says so, and what can be done', (_name, provider, more, words, said) => {
    const { text, label } = account(provider, more);

    expect([text, label]).toEqual([`*Gong*: ${words}`, said]);
  });

  test('that is not linked can be looked for again, without a question', () => {
    const { button } = account(gong);

    expect(button).toMatchObject({ action_id: ACTION.connect, value: 'gong' });
    expect(button.confirm).toBeUndefined();
  });

  test.each([
    ['not connected yet', outreach, [], 'Connect Outreach', 'not connected. Outreach asks for your own consent'],
    [
      'ended',
      providerState('outreach', { ended: true }),
      [linkTo('outreach', { origin: 'consent' })],
      'Sign in to Outreach again',
      'your connection has ended. Sign in again',
    ],
  ] as const)('where the rep signs in (%s) leads there', (_name, provider, links, words, said) => {
    const asks = account(provider, { links });
    const leads = account(provider, { links }, new Map([['outreach', SIGN_IN]]));

    expect(asks.text).toContain(said);
    expect(asks.label).toBe(words);
    // Home stays on screen for longer than a link lives, so there the button asks for a fresh one.
    expect(asks.button).toMatchObject({ action_id: ACTION.consent, value: 'outreach' });
    expect(asks.button).not.toHaveProperty('url');
    expect(leads.label).toBe(words);
    expect(leads.button).toMatchObject({ action_id: ACTION.consentUrl, value: 'outreach', url: SIGN_IN });
  });

  test('that lives has no link to sign in with, even where one was made', () => {
    const links = [linkTo('outreach', { origin: 'consent' })];

    const { button } = account(outreach, { links }, new Map([['outreach', SIGN_IN]]));

    expect(button).toMatchObject({ action_id: ACTION.unlink });
    expect(button).not.toHaveProperty('url');
  });

  test.each([[[]], [[linkTo('gong')]]])(
    'with a suggestion asks whether it is right, whatever the link is now: %#',
    (links) => {
      const { others } = account(gong, { links, suggestions: [suggestionOf('gong')] });
      const [said, answers] = others;

      const value = `gong.${suggestionOf('gong').suggestedAt}`;
      expect(said).toMatchObject({ text: { text: expect.stringContaining('you are *M. Lind*') } });
      expect(labelsOf(answers)).toEqual(['Yes, this is me', 'Not me']);
      expect(answers).toMatchObject({
        elements: [ACTION.confirmLink, ACTION.declineLink].map((action_id) => ({ action_id, value })),
      });
    },
  );

  test('has nothing to answer where the suggestion is for another provider', () => {
    expect(account(gong, { suggestions: [suggestionOf('outreach')] }).others).toEqual([]);
  });

  test('is named by each of its buttons in a way that comes back', () => {
    for (const provider of accountState().providers) {
      expect(decodeProvider(account(provider).button.value)).toBe(provider.id);
    }
  });
});

test('a suggestion says who made it, who it says that they are, and that nothing is linked yet', () => {
  expect(suggestionText(suggestionOf('gong'), 'Gong')).toBe(
    '<@U9> suggests that you are *M. Lind* (m.lind@harbour.example) in Gong. Nothing is linked before you say so.',
  );
  expect(suggestionText(suggestionOf('gong', { email: undefined }), 'Gong')).toContain('you are *M. Lind* in Gong.');
});

test('a stranger sees on Home what Docket is for, why they see no tasks, and what they can do', () => {
  const state = accountState({ links: [], suggestions: [suggestionOf('reply')] });

  const { blocks } = strangerHome(state, [], READER);

  expect(JSON.stringify(blocks)).toContain('*You are not linked yet.*');
  expect(blocks).toEqual(expect.arrayContaining(accountBlocks(state, READER)));
});
