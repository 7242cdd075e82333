/** The demo's guided step, as a newcomer does it with the page: Ishani signs in at the first try, and somebody else for her. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { answerConsent } from '../../sandbox/browser.ts';
import { OUTREACH_USER_OF } from '../../sandbox/outreach/seed.ts';
import type { PageState } from '../../sandbox/page/protocol.ts';
import { DEMO_PEOPLE, type DemoPerson } from '../../sandbox/people.ts';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { mustBe } from '../flow/world.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const [MAYA, , ISHANI] = DEMO_PEOPLE;
const PATIENCE = { timeout: 60_000, interval: 100 };

/** The address of its page. */
async function startDemo(): Promise<string> {
  const child = spawn(process.execPath, ['sandbox/demo.ts'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  return vi.waitFor(() => {
    expect(output).toContain('type /tasks connect');
    return mustBe(/Open (http:\S+)/.exec(output)?.[1]);
  }, PATIENCE);
}

async function post(page: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch(`${page}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(status).toBe(200);
}

async function messagesOf(page: string, person: DemoPerson): Promise<PageState['messages']> {
  const state = (await (await fetch(`${page}/state?user=${person.slackId}`)).json()) as PageState;
  return state.messages;
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
  const stranger = await fetch(await answerConsent(link, mustBe(maya)));
  expect(await stranger.text()).toContain('Another person signed in');
  await vi.waitFor(async () => {
    expect(JSON.stringify(await messagesOf(page, ISHANI))).toContain(MAYA.email);
  }, PATIENCE);

  expect(await chosenAt(link)).toBe(ishani);
  const back = await fetch(await answerConsent(link, mustBe(ishani)));
  expect(await back.text()).toContain('Outreach is connected');
}, 120_000);
