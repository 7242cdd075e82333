import { request } from 'node:http';
import type { KnownBlock } from '@slack/types';
import { describe, expect, onTestFinished, test } from 'vitest';
import { gongPanel } from '../../sandbox/gong/panel.ts';
import { createGong } from '../../sandbox/gong/simulator.ts';
import { allValues, missing } from '../../sandbox/page/form.ts';
import { readMrkdwn, readPlain } from '../../sandbox/page/mrkdwn.ts';
import type { PageState } from '../../sandbox/page/protocol.ts';
import { clockChanges, dayText, formatSlackDate, fromFields, toFields } from '../../sandbox/page/time.ts';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { createSlackWorkspace } from '../../sandbox/slack/workspace.ts';
import { createWeb } from '../../sandbox/web.ts';
import { task as gongTask } from './gong/gong.ts';
import { client, row } from './slack/harness.ts';

const ANA = { id: 'U1', name: 'ana', realName: 'Ana Reyes', tz: 'America/New_York' };
const BEN = { id: 'U2', name: 'ben', realName: 'Ben Okafor', tz: 'Europe/Berlin' };
const GONG_ANA = '71234567890123456789';
const TASK = '7304958120347715044';

const NOTE = { name: 'Add a note', callbackId: 'add_note' };
const TASKS = { name: '/tasks', description: 'Your open tasks', usageHint: '[today | <text>]' };

async function start() {
  const slack = await createSlackWorkspace({ users: [ANA, BEN], shortcuts: [NOTE], commands: [TASKS] });
  onTestFinished(slack.close);
  const name = { firstName: 'Ana', lastName: 'Reyes' };
  const gong = await createGong({
    users: [{ id: GONG_ANA, emailAddress: 'ana@north.example', active: true, ...name }],
    tasks: [gongTask(TASK, { userId: GONG_ANA, title: 'Call <Dana>', dueDate: '2026-11-24T15:00:00Z' })],
  });
  onTestFinished(gong.close);
  const panel = gongPanel(gong, (userId) => (userId === ANA.id ? GONG_ANA : undefined));
  const web = await createWeb({ slack, providers: [panel] });
  onTestFinished(web.close);

  async function state(user: string = ANA.id): Promise<PageState> {
    const response = await fetch(`${web.url}/state?user=${user}`);
    return (await response.json()) as PageState;
  }
  async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const type = { 'content-type': 'application/json' };
    const all = { ...type, ...headers };
    return await fetch(`${web.url}${path}`, { method: 'POST', headers: all, body: JSON.stringify(body) });
  }
  const say = (text: string, blocks: KnownBlock[] = []) =>
    client(slack).chat.postMessage({ channel: ANA.id, text, ...(blocks.length > 0 && { blocks }) });
  return { slack, gong, web, state, post, say };
}

describe('the page', () => {
  test('is HTML, a script and styles, without anything from elsewhere, and leaves the environment as it was', async () => {
    const before = process.env.NODE_ENV;
    const { web } = await start();
    const html = await fetch(web.url);
    expect(html.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await html.text()).toContain('/page.js');
    const script = await fetch(`${web.url}/page.js`);
    expect(script.headers.get('content-type')).toContain('text/javascript');
    const source = await script.text();
    expect(source).toContain('Only visible to you');
    expect(source).not.toContain('process.env');
    expect(process.env.NODE_ENV).toBe(before);
    const styles = await (await fetch(`${web.url}/page.css`)).text();
    expect(styles).toContain('.sidebar');
    expect(styles).not.toMatch(/@import|url\(http/);
    expect((await fetch(web.url, { method: 'DELETE' })).status).toBe(405);
  });

  test('shows what the chosen person sees', async () => {
    const { state, say } = await start();
    await say('Good morning');
    const ana = await state();
    expect(ana.messages.map((message) => message.text)).toEqual(['Good morning']);
    expect(ana.users.map((user) => [user.id, user.received.length])).toEqual([
      ['U1', 1],
      ['U2', 0],
    ]);
    expect(ana.panels[0]).toMatchObject({ id: 'gong', isKnown: true, isDown: false });
    expect(ana.panels[0]?.tasks).toEqual([
      { id: TASK, title: 'Call <Dana>', about: '', status: 'OPEN', isOpen: true, due: '2026-11-24T15:00:00Z' },
    ]);
    const ben = await state(BEN.id);
    expect(ben.messages).toEqual([]);
    expect(ben.panels[0]).toMatchObject({ isKnown: false, tasks: [] });
    expect((await state('U404')).userId).toBe(ANA.id);
  });

  test('hears of changes in the workspace and at the provider', async () => {
    const { gong, web, say } = await start();
    const events = await fetch(`${web.url}/events`);
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain('data: 0');
    await say('One');
    expect((await reader?.read())?.value).toContain('data: 1');
    // A request that changes nothing is news too.
    await fetch(`${gong.url}/v2/users`);
    expect((await reader?.read())?.value).toContain('data: 2');
    await reader?.cancel();
  });
});

describe('what a person does', () => {
  test('reaches the workspace, and tells what became of it', async () => {
    const { state, post, say } = await start();
    const { ts } = await say('Go?', row('go'));
    const act = (blockId: string) => {
      const action = { type: 'button', action_id: 'go', value: 'v' };
      return post('/act', { userId: ANA.id, where: { ts }, blockId, action });
    };
    // No app is connected here.
    expect(await (await act('row')).json()).toMatchObject({ delivery: { acked: false } });
    const gone = await act('gone');
    expect(gone.status).toBe(409);
    expect(await gone.json()).toHaveProperty('refused');
    await post('/command', { userId: ANA.id, command: '/tasks', text: 'help' });
    expect((await state()).messages.at(-1)?.text).toContain('/tasks failed with the error "dispatch_failed"');
  });

  test('picks a shortcut from the menu of a message', async () => {
    const { slack, state, post, say } = await start();
    await say('Good morning');
    const { messages, shortcuts } = await state();
    expect(shortcuts).toEqual([NOTE]);
    const body = { userId: ANA.id, ts: messages[0]?.ts, callbackId: 'add_note' };
    expect(await (await post('/shortcut', body)).json()).toMatchObject({ delivery: { acked: false } });
    expect(slack.sent.at(-1)?.payload).toMatchObject({ type: 'message_action', callback_id: 'add_note' });
    expect((await post('/shortcut', { ...body, callbackId: 'other' })).status).toBe(409);
    expect((await post('/shortcut', { userId: ANA.id })).status).toBe(400);
  });

  test.each(['/task', '/tasks!'])('does not reach the app where %s is no command', async (command) => {
    const { slack, state, post } = await start();
    expect((await post('/command', { userId: ANA.id, command, text: 'me' })).status).toBe(409);
    expect([slack.sent, (await state()).messages]).toEqual([[], []]);
  });

  test.each([
    ['/command', { userId: ANA.id, command: 'tasks', text: '' }, 400],
    ['/act', { userId: ANA.id }, 400],
    ['/close', { userId: ANA.id }, 409],
    ['/nothing', {}, 404],
    ['/provider/none/down', { down: true }, 404],
  ])('is refused when it makes no sense: %s %j', async (path, body, status) => {
    const { post } = await start();
    expect((await post(path, body)).status).toBe(status);
  });

  test('closes a task at the provider, and takes the provider down', async () => {
    const { gong, state, post } = await start();
    expect((await post('/provider/gong/close', { userId: BEN.id, taskId: TASK })).status).toBe(409);
    expect((await post('/provider/gong/close', { userId: ANA.id, taskId: TASK })).status).toBe(200);
    expect(gong.task(TASK)?.status).toBe('DONE');
    await post('/provider/gong/down', { down: true });
    expect((await fetch(`${gong.url}/v2/users`)).status).toBe(503);
    expect((await state()).panels[0]).toMatchObject({ isDown: true, calls: [{ status: 503, isFault: true }] });
    await post('/provider/gong/down', { down: false });
    expect((await fetch(`${gong.url}/v2/users`)).status).toBe(401);
  });

  test('names no id that the log rounded', async () => {
    const { gong, state } = await start();
    const body = `{"userId":${GONG_ANA},"status":"DONE"}`;
    await fetch(`${gong.url}/v2/tasks/${TASK}`, { method: 'PATCH', body });
    expect((await state()).panels[0]?.calls[0]).toMatchObject({
      method: 'PATCH',
      isChange: true,
      fields: ['userId: 712345678901234…', 'status: DONE'],
    });
  });
});

describe('another website', () => {
  test('cannot act by its origin', async () => {
    const { gong, post } = await start();
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      const forged = await post('/provider/gong/close', { userId: ANA.id, taskId: TASK }, { origin });
      expect(forged.status).toBe(403);
    }
    expect(gong.task(TASK)?.status).toBe('OPEN');
  });

  test('cannot post what a form can post', async () => {
    const { post } = await start();
    expect((await post('/home', { userId: ANA.id }, { 'content-type': 'text/plain' })).status).toBe(415);
  });

  test('cannot read by a name of its own that leads here', async () => {
    const { web } = await start();
    const { port } = new URL(web.url);
    const status = await new Promise((resolve, reject) => {
      const asked = request({ port, host: '127.0.0.1', path: '/state', headers: { host: `evil.example:${port}` } });
      asked.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
      asked.end();
    });
    expect(status).toBe(403);
  });
});

const elements: JsonObject[] = [
  { type: 'plain_text_input', action_id: 'note', min_length: 3 },
  { type: 'email_text_input', action_id: 'mail' },
  { type: 'users_select', action_id: 'who' },
  { type: 'radio_buttons', action_id: 'how', options: [] },
  { type: 'static_select', action_id: 'pick', options: [] },
];
const blocks = elements.map((element): JsonObject => {
  const id = element.action_id ?? null;
  return { type: 'input', block_id: id, optional: id === 'pick', element };
});
const GOOD = {
  note: { note: { type: 'plain_text_input', value: 'abc' } },
  mail: { mail: { type: 'email_text_input', value: 'dana@halvorsen.example' } },
  who: { who: { type: 'users_select', selected_user: BEN.id } },
  how: { how: { type: 'radio_buttons', selected_option: { value: 'a' } } },
};

test('a form is held back while a required field is empty, a text is too short, or an address is none', () => {
  const untouched = allValues(blocks, {}, {});
  expect(untouched.who).toEqual({ who: { type: 'users_select', selected_user: null } });
  expect(Object.keys(missing(blocks, untouched))).toEqual(['note', 'mail', 'who', 'how']);
  expect(missing(blocks, allValues(blocks, {}, GOOD))).toEqual({});
  const note = { note: { type: 'plain_text_input', value: 'ab' } };
  const mail = { mail: { type: 'email_text_input', value: 'dana@halvorsen' } };
  expect(missing(blocks, { ...GOOD, note, mail })).toEqual({
    note: 'Please enter at least 3 characters.',
    mail: 'Please enter a valid email address.',
  });
});

describe('mrkdwn', () => {
  const plain = (text: string, style = {}) => ({ type: 'text', text, style });
  const DANA = {
    type: 'link',
    url: 'https://a.example/?x=1&y=2',
    text: 'Dana *O*',
    style: { strike: true, bold: true },
  };
  const ESCAPED = '*Strauß &amp; &lt;https://evil.example|Söhne&gt;*';
  const LONE = '# one, 12:30:15, 2 * 3, snake_case_name';
  const SCRIPT = '<javascript:alert(1)|x>';
  const NESTED = '~*<https://a.example/?x=1&amp;y=2|Dana *O*>* done~ :tada:';

  test.each<[string, string, object[]]>([
    ['keeps what was escaped as text', ESCAPED, [plain('Strauß & <https://evil.example|Söhne>', { bold: true })]],
    ['leaves lone marks', LONE, [plain(LONE)]],
    ['makes no link of a script', SCRIPT, [plain(SCRIPT)]],
    [
      'knows styles, links and emoji, one inside another',
      NESTED,
      [DANA, plain(' done', { strike: true }), plain(' '), { type: 'emoji', name: 'tada' }],
    ],
  ])('%s', (_, text, expected) => {
    const [first] = readMrkdwn(text, { zone: 'UTC', now: 0 });
    expect(first && 'elements' in first ? first.elements : []).toEqual(expected);
  });

  test('plain text has no marks', () => {
    expect(readPlain('*a* <b> :tada:')[0]).toMatchObject({
      elements: [
        { type: 'text', text: '*a* <b> ' },
        { type: 'emoji', name: 'tada' },
      ],
    });
  });
});

describe('times', () => {
  test('are those of the person, whatever the zone of the machine', () => {
    const seconds = fromFields('2026-12-01', '15:00', 'America/New_York');
    expect(seconds).toBe(Date.UTC(2026, 11, 1, 20) / 1_000);
    expect(toFields(seconds ?? 0, 'Europe/Berlin')).toEqual({ date: '2026-12-01', time: '21:00' });
    expect(fromFields('2026-12-01', '', 'UTC')).toBeUndefined();
  });

  test.each(['1795442400.000001', '1795442400.999999', '1795442400.123457'])('of a message at %s have a day', (ts) => {
    const at = Number(ts) * 1_000;
    expect(dayText(at, { zone: 'America/New_York', now: at })).toBe('Today');
  });

  test('of Slack’s date tokens', () => {
    const local = { zone: 'Asia/Kolkata', now: 1_763_900_000_000 };
    expect(formatSlackDate(1_764_000_000, '{date_short} at {time}', local)).toBe('Nov 24, 2025 at 9:30 PM');
    expect(formatSlackDate(1_764_000_000, '{date_short_pretty}', local)).toBe('tomorrow');
    expect(formatSlackDate(Number.NaN, '{date}', local)).toBeUndefined();
  });
});

test.each([
  [
    'America/New_York',
    [
      'Sun, Mar 14: the clock goes forward by 1 hour, at 2:00 AM',
      'Sun, Nov 7: the clock goes back by 1 hour, at 2:00 AM',
    ],
  ],
  [
    'Europe/Berlin',
    [
      'Sun, Mar 28: the clock goes forward by 1 hour, at 2:00 AM',
      'Sun, Oct 31: the clock goes back by 1 hour, at 3:00 AM',
    ],
  ],
  [
    'Australia/Lord_Howe',
    [
      'Sun, Apr 4: the clock goes back by 30 minutes, at 2:00 AM',
      'Sun, Oct 3: the clock goes forward by 30 minutes, at 2:00 AM',
    ],
  ],
  ['Asia/Kolkata', []],
])('the days on which the clock of %s changes within a year are named', (zone, says) => {
  const changes = clockChanges(zone, Date.UTC(2026, 10, 30));
  expect(changes.map((change) => change.says)).toEqual(says);
  expect(changes.map(({ date }) => new Date(date).getUTCDay())).toEqual(says.map(() => 0));
});
