/** What a rep's browser shows after a sign-in: what happened, and how to go on in Slack. */
import { describe, expect, test } from 'vitest';
import type { FailureReason } from '../../src/core/model/action.ts';
import type { Rep } from '../../src/core/model/people.ts';
import type { ConsentOutcome } from '../../src/core/people/oauth-callback.ts';
import { consentPage, pageHtml } from '../../src/http/pages.ts';

const REP: Rep = {
  teamId: 'T1',
  userId: 'U1',
  name: 'Mia Lind',
  email: undefined,
  slackZone: 'UTC',
  zone: 'UTC',
  locale: undefined,
  active: true,
};
const provider = 'Outreach';
const email = 'mia@harbour.example';

const CONNECTED = { is: 'connected', rep: REP, provider, email } as const;
const NOBODY = { is: 'no_user', provider, email } as const;

const OUTCOMES: Record<string, ConsentOutcome> = {
  connected: CONNECTED,
  expired: { is: 'expired', provider },
  denied: { is: 'denied', provider },
  'somebody else': { is: 'wrong_person', rep: REP, provider, signedIn: 'theo@harbour.example' },
  'nobody knows who': { is: 'unconfirmed', provider },
  'not done yet': { is: 'under_way', provider },
  'no user there': { ...NOBODY, why: 'none' },
  'more than one user': { ...NOBODY, why: 'unclear' },
  'someone else has that user': { ...NOBODY, why: 'taken' },
  'too many at once': { is: 'failed', provider, reason: 'rate_limited', reference: '3F9K2A' },
  'no answer': { is: 'failed', provider, reason: 'unavailable', reference: '3F9K2A' },
};

describe.each(Object.entries(OUTCOMES))('%s', (name, outcome) => {
  const page = consentPage(outcome);

  test('says where things stand, and what to do next', () => {
    expect(page.text.length).toBeGreaterThan(40);
    expect(page.text).toMatch(/\/tasks|Ask your admin/);
    if (name !== 'connected') expect(`${page.title} ${page.text}`).toMatch(/connected|nothing was changed/i);
    if (name !== 'connected') expect(page.title).not.toBe(`${provider} is connected`);
  });

  test('has a way back to Slack, and runs nothing and fetches nothing', () => {
    const html = pageHtml(page);

    expect(html).toContain(`<h1>${page.title}</h1>`);
    expect(html).toContain('<a href="slack://open">Back to Slack</a>');
    expect(html).not.toMatch(/<script|<img|<link|<iframe|<form|src=|https?:|@import|url\(/i);
  });
});

test('each outcome has words of its own', () => {
  const words = Object.values(OUTCOMES).map((outcome) => consentPage(outcome).text);

  expect(new Set(words).size).toBe(words.length);
});

test('a browser hears whether it went well', () => {
  const statusOf = (name: string) => consentPage(OUTCOMES[name] ?? CONNECTED).status;
  const others = { expired: 400, 'not done yet': 202, 'too many at once': 502, 'no answer': 502 };

  for (const name of Object.keys(OUTCOMES))
    expect(statusOf(name), name).toBe(new Map(Object.entries(others)).get(name) ?? 200);
});

test('who was connected is named, so that a wrong one is noticed', () => {
  const { title, text } = consentPage(CONNECTED);

  expect(title).toBe('Outreach is connected');
  expect(text).toContain('the Outreach tasks of Mia Lind (mia@harbour.example)');
  expect(text).toContain('If that is not you, unlink it');
});

test('somebody else reads whom the provider takes them for, whose link it was, and that nothing was kept', () => {
  const { title, text } = consentPage({ is: 'wrong_person', rep: REP, provider, signedIn: 'theo@harbour.example' });

  expect(title).toBe('Another person signed in, so nothing was connected');
  for (const said of ['theo@harbour.example', 'made for Mia Lind', 'keeps nothing']) expect(text).toContain(said);
});

test.each(['none', 'unclear'] as const)(
  'the address that was looked for is named (%s), or that there is none',
  (why) => {
    expect(consentPage({ ...NOBODY, why }).text).toContain(email);
    expect(consentPage({ ...NOBODY, why, email: undefined }).text).toContain(
      'your Slack address, which Slack does not show',
    );
  },
);

test('only where one has to wait a minute is one told to; each failure names its reference', () => {
  const reasons: FailureReason[] = ['unavailable', 'unreadable', 'auth', 'forbidden', 'invalid', 'unexpected'];

  for (const reason of [...reasons, 'rate_limited'] as const) {
    const { text } = consentPage({ is: 'failed', provider, reason, reference: '3F9K2A' });
    expect(text.includes('Wait a minute'), reason).toBe(reason === 'rate_limited');
    expect(text.includes('minute'), reason).toBe(reason === 'rate_limited');
    if (reason === 'rate_limited' || reason === 'unavailable') expect(text).toContain('(Reference: 3F9K2A)');
  }
});

test('a name is shown as it is written, and never becomes a part of the page', () => {
  const name = `<img src=x onerror=alert(1)>"'&amp;</p><script>x</script>`;
  const rep = { ...REP, name };
  const hostile = { ...CONNECTED, rep, provider: name, email: name };
  const html = pageHtml(consentPage(hostile));
  const stranger = pageHtml(consentPage({ is: 'wrong_person', rep, provider: name, signedIn: name }));

  for (const page of [html, stranger]) {
    expect(page.match(/<(?!\/?(?:html|head|meta|title|style|body|main|p|h1|a)[ >]|!doctype)/g)).toBeNull();
    expect(page).not.toMatch(/onerror=alert\(1\)>/);
  }
  expect(unescaped(html)).toContain(`the ${name} tasks of ${name} (${name})`);
});

/** What a browser would show. */
function unescaped(html: string): string {
  return html.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}
