/** Who a rep is at each provider, and what they can do about it: the same on Home, in `/tasks connect` and in a notice. */
import type { Button } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { accountBlocks, accountText, suggestionText } from '../../blocks/accounts.ts';
import type { Block } from '../../blocks/elements.ts';
import { strangerHome } from '../../blocks/home.ts';
import { ACTION, decodeProvider } from '../../blocks/ids.ts';
import type { AccountState, ProviderState } from '../../src/core/people/accounts.ts';
import { accountState, labelsOf, linkTo, providerState, READER, REP, suggestionOf } from './fixtures.ts';

const SIGN_IN = new Map([['outreach', 'https://api.outreach.example/oauth/authorize?state=s&scope=a%20b']]);

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

const GONG = providerState('gong');
const OUTREACH = providerState('outreach');
const CONSENTED = { links: [linkTo('outreach', { origin: 'consent' })] };
const SUGGESTED = { links: [linkTo('gong', { origin: 'suggestion' })] };
const NEVER_ASKED = { links: [linkTo('gong', { email: 'other@harbour.example', lastListedAt: undefined })] };
const NO_ADDRESS = { rep: { ...REP, email: undefined } };
const MIA = 'mia@harbour.example';
const REACHED = `${MIA}, last reached 5 minutes ago.`;

describe('an account', () => {
  test.each<[string, ProviderState, Partial<AccountState>, words: string, action: string]>([
    ['linked by address', GONG, { links: [linkTo('gong')] }, `linked by your address ${REACHED}`, ACTION.unlink],
    ['signed in to', OUTREACH, CONSENTED, `connected by you as ${REACHED}`, ACTION.unlink],
    ['suggested', GONG, SUGGESTED, `linked, as you confirmed, as ${REACHED}`, ACTION.unlink],
    ['never asked', GONG, NEVER_ASKED, 'linked by your address other@harbour.example, not asked yet.', ACTION.unlink],
    ['not linked', GONG, {}, `not linked. No one active user of Gong has your address ${MIA}.`, ACTION.connect],
    ['without address', GONG, NO_ADDRESS, 'not linked. Slack shows Docket no e-mail address for you.', ACTION.connect],
    // The rep ended it themselves: their address is not to blame.
    ['declined', providerState('gong', { declined: true }), {}, 'not linked, as you chose.', ACTION.connect],
  ])(
    'that is %s says so; it can be unlinked after a question, or looked for again',
    (_name, provider, more, words, action) => {
      const { text, button, label } = account(provider, more);

      expect(text).toBe(`*${provider.name}*: ${words}`);
      expect(label).toBe(action === ACTION.unlink ? 'Unlink' : 'Look again');
      expect(button).toMatchObject({ action_id: action, value: provider.id });
      expect(button.confirm?.text.text.includes(`nothing is changed in ${provider.name}`) ?? false).toBe(
        label === 'Unlink',
      );
    },
  );

  const ENDED = providerState('outreach', { ended: true });
  test.each([
    [OUTREACH, {}, 'Connect Outreach', 'not connected. Outreach asks for your own consent'],
    [ENDED, CONSENTED, 'Sign in to Outreach again', 'your connection has ended. Sign in again'],
  ])('where the rep signs in leads there: %#', (provider, more, words, said) => {
    const asks = account(provider, more);
    const leads = account(provider, more, SIGN_IN);

    expect(asks.text).toContain(said);
    expect([asks.label, leads.label]).toEqual([words, words]);
    // Home stays on screen for longer than a URL lives, so there the button asks for a fresh one.
    expect(asks.button).toMatchObject({ action_id: ACTION.consent, value: 'outreach' });
    expect(asks.button).not.toHaveProperty('url');
    expect(leads.button).toMatchObject({
      action_id: ACTION.consentUrl,
      value: 'outreach',
      url: SIGN_IN.get('outreach'),
    });
  });

  test('that lives has no URL to sign in with, even where one was made', () => {
    const { button } = account(OUTREACH, CONSENTED, SIGN_IN);

    expect(button).toMatchObject({ action_id: ACTION.unlink });
    expect(button).not.toHaveProperty('url');
  });

  test.each([{ links: [] }, { links: [linkTo('gong')] }])(
    'with a suggestion asks whether it is right, whatever the link is now: %#',
    (more) => {
      const [said, answers] = account(GONG, { ...more, suggestions: [suggestionOf('gong')] }).others;

      const value = `gong.${suggestionOf('gong').suggestedAt}`;
      expect(said).toMatchObject({ text: { text: expect.stringContaining('you are *M. Lind*') } });
      expect(labelsOf(answers)).toEqual(['Yes, this is me', 'Not me']);
      expect(answers).toMatchObject({
        elements: [ACTION.confirmLink, ACTION.declineLink].map((action_id) => ({ action_id, value })),
      });
    },
  );

  test('has nothing to answer where the suggestion is for another provider', () => {
    expect(account(GONG, { suggestions: [suggestionOf('outreach')] }).others).toEqual([]);
  });

  test.each(accountState().providers)('is named by each of its buttons in a way that comes back: $id', (provider) => {
    expect(decodeProvider(account(provider).button.value)).toBe(provider.id);
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
