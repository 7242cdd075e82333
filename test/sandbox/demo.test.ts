/** `npm run demo`, as a newcomer starts it and uses its page. */
import { expect, test, vi } from 'vitest';
import { answerConsent } from '../../sandbox/browser.ts';
import { readOptions } from '../../sandbox/options.ts';
import { OUTREACH_USER_OF } from '../../sandbox/outreach/seed.ts';
import type { PageState } from '../../sandbox/page/protocol.ts';
import { DEMO_PEOPLE, type DemoPerson } from '../../sandbox/people.ts';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { mustBe } from '../flow/read.ts';
import { runDemo } from './run-demo.ts';

const [MAYA, , ISHANI] = DEMO_PEOPLE;
const PATIENCE = { timeout: 60_000, interval: 100 };

/** The address of its page, once the demo has said all that it says. */
async function startDemo(...args: string[]): Promise<string> {
  const { output } = runDemo(...args);
  return vi.waitFor(() => {
    expect(output()).toContain('Stop with Ctrl+C.');
    return mustBe(/Open (http:\S+)/.exec(output())?.[1]);
  }, PATIENCE);
}

async function post(page: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch(`${page}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(status).toBe(200);
}

async function stateOf(page: string, person: DemoPerson): Promise<PageState> {
  return (await (await fetch(`${page}/state?user=${person.slackId}`)).json()) as PageState;
}

async function messagesOf(page: string, person: DemoPerson): Promise<PageState['messages']> {
  return (await stateOf(page, person)).messages;
}

/** Types the command, presses the button, and is on the page of Outreach. */
async function pressConnect(page: string, person: DemoPerson, label: string): Promise<string> {
  await post(page, '/command', { userId: person.slackId, command: '/tasks', text: 'connect' });
  const { ts, block, button } = await vi.waitFor(async () => {
    const buttons = (await messagesOf(page, person)).flatMap(({ ts, blocks }) =>
      blocks.map((block) => ({ ts, block, button: block.accessory as JsonObject | undefined })),
    );
    return mustBe(buttons.findLast((each) => JSON.stringify(each.button?.text ?? '').includes(label)));
  }, PATIENCE);
  const where = { ts };
  await post(page, '/act', { userId: person.slackId, where, blockId: block.block_id, action: mustBe(button) });
  return String(mustBe(button).url);
}

/** The person who is chosen on Outreach's page when it opens. */
async function chosenAt(link: string): Promise<string | undefined> {
  return /value="(\d+)" required checked/.exec(await (await fetch(link)).text())?.[1];
}

test('the one who pressed Connect is the one who is signed in at Outreach, and it works at the first try', async () => {
  const page = await startDemo();
  const [ishani, maya] = [ISHANI, MAYA].map(({ slackId }) => mustBe(OUTREACH_USER_OF.get(slackId)));

  // Somebody else, tried first: the way that a forwarded link would go.
  const link = await pressConnect(page, ISHANI, 'Connect Outreach');
  await vi.waitFor(async () => {
    const stranger = await fetch(await answerConsent(link, mustBe(maya)));
    // Outreach gives her one token a second, and the demo took one for her at its start.
    expect(await stranger.text()).toContain('Another person signed in');
  }, PATIENCE);
  await vi.waitFor(async () => {
    expect(JSON.stringify(await messagesOf(page, ISHANI))).toContain(MAYA.email);
  }, PATIENCE);

  expect(await chosenAt(link)).toBe(ishani);
  const back = await fetch(await answerConsent(link, mustBe(ishani)));
  expect(await back.text()).toContain('Outreach is connected');
}, 120_000);

test('with --providers only those are there: on the page, in the digest, and in what the app offers', async () => {
  const page = await startDemo('--providers', 'gong,reply');

  const { panels, suggestions } = await stateOf(page, MAYA);
  expect(panels.map(({ id }) => id)).toEqual(['gong', 'reply']);
  expect(suggestions).not.toContain('/tasks connect');
  await post(page, '/command', { userId: ISHANI.slackId, command: '/tasks', text: 'status' });
  await vi.waitFor(async () => {
    const said = JSON.stringify([await messagesOf(page, MAYA), await messagesOf(page, ISHANI)]);
    const named = ['Okonjo', 'Corlay', 'Next digest', 'Outreach'].filter((words) => said.includes(words));
    expect(named).toEqual(['Okonjo', 'Corlay', 'Next digest']);
  }, PATIENCE);
}, 120_000);

test.each([
  [['--providers', 'gong,salesloft'], "Unknown provider 'salesloft'"],
  [['--providers', ''], "Unknown provider ''"],
  [['--providers'], "Option '--providers <value>' argument missing"],
  [['--providers', '--tour'], "Option '--providers' argument is ambiguous"],
  [['--tuor'], "Unknown option '--tuor'"],
  [['gong'], "Unexpected argument 'gong'"],
  [['--tour', '--week'], 'Either --tour or --week'],
])('%j is refused in one sentence that says what the demo knows', (args, what) => {
  expect(readOptions(args)).toEqual({
    problem: `${what}: the demo knows --tour, --week, and --providers with one or more of gong,outreach,reply.`,
  });
});

test.each([
  [[], { providers: ['gong', 'outreach', 'reply'], show: 'page' }],
  [['--tour', '--providers', 'reply', '--providers=gong'], { providers: ['gong', 'reply'], show: 'tour' }],
  [['--week', '--providers=outreach'], { providers: ['outreach'], show: 'week' }],
])('%j is understood', (args, options) => {
  expect(readOptions(args)).toEqual(options);
});

test('what the demo does not know ends it with exit code 1, before anything is started', async () => {
  const { code, output } = await runDemo('--providers', 'gongg').ended;

  expect(code).toBe(1);
  expect(output).toMatch(/^Unknown provider 'gongg'[^\n]*\n$/);
});
