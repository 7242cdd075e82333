import { expect, it } from 'vitest';
import { outreachPanel } from '../../../sandbox/outreach/panel.ts';
import { ask, OWNER, start, step, task } from './outreach.ts';

it('shows what a person has, with a title although Outreach has none', async () => {
  const note = 'Ask about <pilot> & the Q&A';
  const outreach = await start({ tasks: [step('1'), task('2', { note, dueAt: null, accountId: '51' })] });

  const about = 'Adaeze Whitlock, Marrowgate';
  const open = { status: 'incomplete', isOpen: true };
  expect(outreachPanel(outreach, () => OWNER).tasks('UMAYA')).toEqual([
    { id: '1', title: 'Step #4: Phone call (Autumn)', about, ...open, due: step('1').dueAt },
    { id: '2', title: `Call: ${note}`, about: 'Marrowgate', ...open },
  ]);
});

it('shows calls without what opens doors', async () => {
  const outreach = await start({ tasks: [task('1')] });
  const panel = outreachPanel(outreach, () => OWNER);
  const client = { client_id: outreach.clientId, redirect_uri: 'http://127.0.0.1/' };
  const form = { grant_type: 'refresh_token', ...client, refresh_token: 'hush', client_secret: 'hush' };
  const hook = { url: 'https://d.example', resource: 'task', action: '*', secret: 'hush', payloadVersion: 2 };

  await fetch(`${outreach.url}/oauth/authorize?client_id=${outreach.clientId}&redirect_uri=&state=hush`);
  await fetch(`${outreach.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
  await ask(outreach, 'POST /webhooks', { body: { data: { type: 'webhook', attributes: hook } } });
  await ask(outreach, 'POST /tasks/1/actions/snooze?actionParams[dueAt]=2026-11-20T09:00:00Z');

  expect(panel.calls(3).newest).toMatchObject([
    { isChange: true, path: '/api/v2/tasks/1/actions/snooze', fields: ['dueAt: 2026-11-20T09:00:00Z'] },
    { isChange: true, path: '/api/v2/webhooks', status: 201 },
    { isChange: false, path: '/oauth/token', fields: ['grant_type: refresh_token'] },
  ]);
  expect(JSON.stringify(panel.calls(10))).not.toContain('hush');
});
