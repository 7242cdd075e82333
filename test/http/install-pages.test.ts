/** What the person reads who installs the app: where things stand, whether trying again is safe, and how to go on. */
import { describe, expect, test } from 'vitest';
import type { InstallOutcome } from '../../src/core/people/installing.ts';
import { installOutcomePage, installPage } from '../../src/http/install-pages.ts';
import { pageHtml } from '../../src/http/pages.ts';

const URL = 'https://docket.example/slack/install';
const workspace = 'Northlight';
const FAILURES = ['foreign', 'expired', 'used', 'refused', 'unavailable', 'no_bot', 'failed'] as const;
const OUTCOMES: [InstallOutcome, status: number][] = [
  [{ is: 'installed', workspace, again: false, everywhere: false }, 200],
  [{ is: 'installed', workspace, again: false, everywhere: true }, 200],
  [{ is: 'installed', workspace, again: true, everywhere: false }, 200],
  [{ is: 'own', workspace }, 409],
  [{ is: 'leaving', workspace }, 503],
  [{ is: 'denied' }, 200],
  [{ is: 'not_ready' }, 503],
  ...FAILURES.map((is): [InstallOutcome, number] => [
    { is, reference: '3F9K2A' },
    { foreign: 400, expired: 400, used: 400, refused: 502, unavailable: 502, no_bot: 502, failed: 500 }[is],
  ]),
];
const textOf = (outcome: InstallOutcome) => [installOutcomePage(outcome, URL).text].flat().join(' ');

describe.each(OUTCOMES)('%j', (outcome, status) => {
  const page = installOutcomePage(outcome, URL);

  test('has its status, and says what was kept', () => {
    expect(page.status).toBe(status);
    if (outcome.is !== 'installed') {
      expect(textOf(outcome)).toMatch(
        /[Nn]othing (of this install )?was|kept nothing|changes nothing|not certain|so nothing was/,
      );
    }
  });

  test('says what to do next; where something failed, with a reference', () => {
    expect(textOf(outcome)).toMatch(/\/tasks|[Bb]egin again|Load this page again/);
    expect(textOf(outcome).includes('(Reference: 3F9K2A)')).toBe('reference' in outcome);
  });

  test('runs nothing and fetches nothing', () => {
    expect(pageHtml(page)).not.toMatch(/<script|<img|<link|<iframe|<form|src=|@import|url\(/i);
  });
});

test('each outcome has words of its own', () => {
  expect(new Set(OUTCOMES.map(([outcome]) => textOf(outcome))).size).toBe(OUTCOMES.length);
});

test('the install page leads to where an install begins, and each ended one leads back to it', () => {
  expect(pageHtml(installPage(`${URL}/start`))).toContain(`<a href="${URL}/start">Add to Slack</a>`);
  expect(installOutcomePage({ is: 'denied' }, URL).link).toEqual({ text: 'Begin again', href: URL });
  expect(pageHtml(installOutcomePage({ is: 'installed', workspace, again: false, everywhere: false }, URL))).toContain(
    'slack://open',
  );
});

test('the name of a workspace is shown as it is written, and never becomes a part of the page', () => {
  const html = pageHtml(
    installOutcomePage(
      { is: 'installed', workspace: '<script>alert(1)</script>"', again: false, everywhere: false },
      URL,
    ),
  );

  expect(html).not.toContain('<script');
  expect(html).toContain('&#60;script&#62;');
});
