/** Result pages of the OAuth callback, and how every page looks. */
import type { ConsentOutcome } from '../core/people/oauth-callback.ts';

export interface Page {
  status: number;
  title: string;
  /** Several: paragraphs. */
  text: string | readonly string[];
  /** Default: back to Slack. */
  link?: { text: string; href: string };
}

export function consentPage(outcome: ConsentOutcome): Page & { text: string } {
  return { status: STATUSES[outcome.is], title: titleOf(outcome), text: textOf(outcome) };
}

const STATUSES = {
  connected: 200,
  expired: 400,
  under_way: 202,
  denied: 200,
  wrong_person: 200,
  unconfirmed: 200,
  no_user: 200,
  failed: 502,
} satisfies Record<ConsentOutcome['is'], number>;

function titleOf({ is, provider }: ConsentOutcome): string {
  switch (is) {
    case 'connected':
      return `${provider} is connected`;
    case 'expired':
      return 'This link is over';
    case 'under_way':
      return 'One moment';
    case 'denied':
    case 'no_user':
      return 'Nothing was connected';
    case 'wrong_person':
      return 'Another person signed in, so nothing was connected';
    case 'unconfirmed':
      return 'One more step in Slack';
    case 'failed':
      return `${provider} could not be connected`;
  }
}

function textOf(outcome: ConsentOutcome): string {
  const { provider } = outcome;
  switch (outcome.is) {
    case 'connected':
      return `Docket now works with the ${provider} tasks of ${outcome.rep.name} (${outcome.email}). Type /tasks in Slack to see them. If that is not you, unlink it with /tasks connect.`;
    case 'expired':
      return 'Nothing was connected now. A link in Slack works for a day, and each sign-in that it begins for ten minutes. Press Connect in Slack again, or type /tasks connect there for a fresh link.';
    case 'under_way':
      return 'This sign-in is being completed just now, and nothing is connected yet. Load this page again in a moment, or look in Slack with /tasks connect.';
    case 'denied':
      return `${provider} says that you did not allow it. If you change your mind, press Connect in Slack again, or type /tasks connect there.`;
    case 'wrong_person':
      return `${provider} says that you are ${outcome.signedIn}, and this link was made for ${outcome.rep.name}. Docket keeps nothing of your sign-in. If you are ${outcome.rep.name}: sign out of ${provider} in this browser, then press Connect in Slack again; if ${outcome.signedIn} is your address there, ask a Slack admin to suggest it with /tasks team first.`;
    case 'unconfirmed':
      return `${provider} does not say who signed in, so nothing is connected yet. Docket has written to you in Slack: say there that it was you. Without an answer within an hour the sign-in is forgotten; /tasks connect begins again.`;
    case 'no_user':
      return whyNobody(outcome);
    case 'failed':
      return whyFailed(outcome);
  }
}

function whyFailed({ provider, reason, reference }: ConsentOutcome & { is: 'failed' }): string {
  const said =
    reason === 'rate_limited'
      ? `${provider} gives one sign-in a minute. Wait a minute, then type /tasks connect in Slack and try again; it is safe.`
      : `${provider} did not complete the sign-in, and nothing was changed. Type /tasks connect in Slack and try again; it is safe.`;
  return `${said} (Reference: ${reference})`;
}

function whyNobody({ provider, email, why }: ConsentOutcome & { is: 'no_user' }): string {
  const address = email ?? 'your Slack address, which Slack does not show';
  switch (why) {
    case 'none':
      return `No active user in ${provider} has the address ${address}. Ask your ${provider} admin to add it to your user, or a Slack admin to suggest the right one with /tasks team; then type /tasks connect in Slack.`;
    case 'unclear':
      return `More than one user in ${provider} has the address ${address}, so Docket cannot tell who you are. Ask your ${provider} admin to mend that, then type /tasks connect in Slack.`;
    case 'taken':
      return `Somebody else in your Slack is linked to that user in ${provider}. Ask your admin; nothing was changed.`;
  }
}

/** Self-contained: no script, no external resource, nothing from the request's URL. */
export function pageHtml({ title, text, link = TO_SLACK }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)} · Docket</title>
<style>
:root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f4f6f9, #14181f); color: light-dark(#1b2430, #e8ecf2); }
main { box-sizing: border-box; width: min(34rem, calc(100vw - 2rem)); padding: 2.25rem; border-radius: 14px; background: light-dark(#fff, #1e2530); border: 1px solid light-dark(#dde3ea, #313b49); }
p.app { margin: 0 0 1.25rem; font-weight: 600; color: light-dark(#1f3a5f, #9cc0ee); letter-spacing: .02em; }
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0; }
p + p { margin-top: .75rem; }
a { display: inline-block; margin-top: 1.75rem; padding: .6rem 1.1rem; border-radius: 8px; background: light-dark(#1f3a5f, #2f5d96); color: #fff; text-decoration: none; font-weight: 600; }
a:focus-visible { outline: 3px solid #6aa5f0; outline-offset: 2px; }
</style>
</head>
<body>
<main>
<p class="app">Docket</p>
<h1>${escaped(title)}</h1>
${[text].flat().map(paragraph).join('\n')}
<a href="${escaped(link.href)}">${escaped(link.text)}</a>
</main>
</body>
</html>
`;
}

const TO_SLACK = { text: 'Back to Slack', href: 'slack://open' };

function paragraph(text: string): string {
  return `<p>${escaped(text)}</p>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
