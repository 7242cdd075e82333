/** What all three simulators have of `desk.ts`, `faults.ts` and `panel.ts`, told of Gong, and what each does of its own. */
import { describe, expect, it } from 'vitest';
import { gongPanel } from '../../sandbox/gong/panel.ts';
import { outreachPanel } from '../../sandbox/outreach/panel.ts';
import { replyPanel } from '../../sandbox/reply/panel.ts';
import * as Gong from './gong/gong.ts';
import * as Outreach from './outreach/outreach.ts';
import * as Reply from './reply/reply.ts';
import { dropped } from './simulator.ts';

/** Each with the tasks 1 and 2 of a rep, and task 3 of another. */
async function openGong(port = 0) {
  const tasks = [Gong.task('1'), Gong.task('2'), Gong.task('3', { userId: Gong.OTHER })];
  const gong = await Gong.start({ tasks, port });
  return {
    simulator: gong,
    panel: gongPanel(gong, (id) => (id === 'UMAYA' ? Gong.OWNER : undefined)),
    list: () => Gong.list(gong),
    change: (id: string, more: { signal?: AbortSignal } = {}) => Gong.patch(gong, id, { status: 'DONE' }, more),
    isOpen: (id: string) => gong.task(id)?.status === 'OPEN',
    put: (id: string) => gong.put(Gong.task(id)),
    meddle: (text: string) => {
      for (const held of [tasks[0], gong.task('1'), gong.tasks()[0]]) if (held) held.title = text;
      return gong.task('1')?.title;
    },
    error: { requestId: expect.any(String), errors: [expect.any(String)] },
  };
}

async function openOutreach() {
  const tasks = [Outreach.task('1'), Outreach.task('2'), Outreach.task('3', { ownerId: Outreach.OTHER })];
  const outreach = await Outreach.start({ tasks });
  return {
    simulator: outreach,
    panel: outreachPanel(outreach, (id) => (id === 'UMAYA' ? Outreach.OWNER : undefined)),
    list: () => Outreach.list(outreach),
    change: (id: string) => Outreach.act(outreach, id, 'markComplete'),
    isOpen: (id: string) => outreach.task(id)?.state === 'incomplete',
    put: (id: string) => outreach.put(Outreach.task(id)),
    meddle: (note: string) => {
      for (const held of [tasks[0], outreach.task('1'), outreach.tasks()[0]]) if (held) held.note = note;
      return outreach.task('1')?.note;
    },
    error: { errors: [expect.objectContaining({ id: expect.any(String) })] },
  };
}

async function openReply() {
  const tasks = [Reply.task('1'), Reply.task('2'), Reply.task('3', { assignedUserId: Reply.THEO.id })];
  const reply = await Reply.start({ tasks });
  return {
    simulator: reply,
    panel: replyPanel(reply, (id) => (id === 'UMAYA' ? Reply.MAYA.id : undefined)),
    list: () => Reply.filter(reply),
    change: (id: string) => Reply.ask(reply, `POST /v3/tasks/${id}/complete`, { body: {} }),
    isOpen: (id: string) => reply.task(id)?.status === 'new',
    put: (id: string) => reply.put(Reply.task(id)),
    meddle: (body: string) => {
      for (const held of [tasks[0], reply.task('1'), reply.tasks()[0]]) if (held) held.template.body = body;
      return reply.task('1')?.template.body;
    },
    error: { error: expect.any(String) },
  };
}

describe.each([
  ['Gong', openGong],
  ['Outreach', openOutreach],
  ['Reply', openReply],
])('%s', (_, open) => {
  it('keeps copies of what goes in and out, and takes ids of digits only', async () => {
    const { meddle, put } = await open();

    expect(meddle('changed')).not.toBe('changed');
    expect(() => put('x1')).toThrow(TypeError);
  });

  it('answers a fault that says no more in its own form', async () => {
    const { simulator, list, error } = await open();
    simulator.fail({ how: { kind: 'answer', status: 500 } });

    expect(await list()).toMatchObject({ status: 500, json: error });
  });

  it('tells listeners what someone does in the tool and what the API changed, and no more than that', async () => {
    const { simulator, put, change, list, isOpen } = await open();
    let heard = 0;
    const stop = simulator.onChange(() => {
      heard += 1;
    });

    put('4');
    await change('1');
    await change('404');
    await list();
    stop();
    put('5');

    expect(heard).toBe(2);
    expect(['1', '2', '4', '5'].map(isOpen)).toEqual([false, true, true, true]);
  });

  it('has a panel that closes a task of this person only, as someone in the tool would, and knows what changes', async () => {
    const { panel, isOpen, change, list } = await open();

    expect([panel.isKnown('UMAYA'), panel.isKnown('UX'), panel.tasks('UX')]).toEqual([true, false, []]);
    expect(['1', '3', '404'].map((id) => panel.closeTask('UMAYA', id))).toEqual([true, false, false]);
    expect([panel.closeTask('UX', '2'), ...['1', '2', '3'].map(isOpen)]).toEqual([false, false, true, true]);
    expect(panel.tasks('UMAYA').map(({ id, isOpen }) => [id, isOpen])).toEqual([
      ['1', false],
      ['2', true],
    ]);
    await change('2');
    await list();
    expect(panel.calls(2).newest.map(({ isChange }) => isChange)).toEqual([false, true]);
  });
});

describe('a simulator', () => {
  /** With a log that has so many requests in it before anything is done. */
  async function opened() {
    const side = await openGong();
    const { requests } = side.simulator;
    const arrived = (count: number) => expect.poll(() => requests.length).toBe(count);
    return { ...side, requests, arrived };
  }

  it('answer: sends this instead, without effect, once', async () => {
    const { simulator, change, isOpen, requests } = await opened();
    const headers = { 'Retry-After': '7', 'X-Test': 'yes' };
    simulator.fail({ how: { kind: 'answer', status: 429, headers, body: '{"slow":true}' } });

    const got = await change('1');

    expect(got).toMatchObject({ status: 429, json: { slow: true } });
    expect([got.headers.get('retry-after'), got.headers.get('x-test')]).toEqual(['7', 'yes']);
    expect([isOpen('1'), requests.length]).toEqual([true, 1]);
    expect(requests[0]).toMatchObject({ status: 429, fault: true });
    expect((await change('1')).status).toBe(200);
    expect(requests[1]).toMatchObject({ status: 200, fault: false });
  });

  it('answer: may be no JSON', async () => {
    const { simulator } = await opened();
    const body = '<html>Bad gateway</html>';
    simulator.fail({ how: { kind: 'answer', status: 502, body, contentType: 'text/html' } });

    const html = await fetch(`${simulator.url}/v2/users`);

    expect([html.status, html.headers.get('content-type'), await html.text()]).toEqual([502, 'text/html', body]);
  });

  it.each([
    ['reset', 'before any effect', 0],
    ['lose', 'after it was performed', 200],
  ] as const)('%s: drops the connection, %s', async (kind, _, status) => {
    const { simulator, change, isOpen, list, requests } = await opened();
    simulator.fail({ how: { kind } });

    expect(await dropped(change('1'))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);

    expect(isOpen('1')).toBe(kind === 'reset');
    expect(requests).toMatchObject([{ status, fault: true }]);
    expect((await list()).status).toBe(200);
  });

  it('hang: never answers, and does not hinder closing', async () => {
    const { simulator, change, isOpen, arrived } = await opened();
    simulator.fail({ how: { kind: 'hang' } });

    const hanging = change('1');
    const broken = dropped(hanging);
    await arrived(1);
    simulator.release();
    const early = await Promise.race([hanging, new Promise((resolve) => setTimeout(resolve, 50, 'still hanging'))]);
    const before = performance.now();
    await simulator.close();

    expect(early).toBe('still hanging');
    expect(await broken).toBeDefined();
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(isOpen('1')).toBe(true);
  });

  it('hold: waits for release, then answers as usual, and takes effect for a client that gave up', async () => {
    const { simulator, change, isOpen, requests, arrived } = await opened();
    simulator.fail({ how: { kind: 'hold' }, times: 2 });
    const giveUp = new AbortController();

    const held = change('1');
    const given = change('2', { signal: giveUp.signal });
    await arrived(2);
    giveUp.abort();
    await expect(given).rejects.toThrow();
    expect(['1', '2'].map(isOpen)).toEqual([true, true]);
    simulator.release();

    expect((await held).status).toBe(200);
    await expect.poll(() => isOpen('2')).toBe(false);
    expect(isOpen('1')).toBe(false);
    expect(requests.map(({ fault }) => fault)).toEqual([false, false]);
  });

  it('takes the first fault that matches, counts it down, and forgets all when cleared', async () => {
    const { simulator, change, list } = await opened();
    const read = 'POST /v2/tasks';
    simulator.fail({ on: read, how: { kind: 'answer', status: 500 } });
    simulator.fail({ on: 'P', times: 2, how: { kind: 'answer', status: 503 } });
    simulator.fail({ on: read, times: Number.POSITIVE_INFINITY, how: { kind: 'answer', status: 403 } });

    const statuses = [];
    for (const call of [list, () => change('1'), () => change('1'), () => change('1'), list, list]) {
      statuses.push((await call()).status);
    }
    simulator.clearFaults();

    expect(statuses).toEqual([500, 503, 503, 200, 403, 403]);
    expect((await list()).status).toBe(200);
  });

  it('closes twice, quickly, and then takes no calls; its port can be taken again, but not twice at once', async () => {
    const { simulator, list } = await opened();
    await list();
    const port = Number(new URL(simulator.url).port);
    await expect(openGong(port)).rejects.toThrow(/EADDRINUSE/);

    const before = performance.now();
    await Promise.all([simulator.close(), simulator.close()]);

    expect(performance.now() - before).toBeLessThan(1_000);
    await expect(list()).rejects.toThrow();
    expect((await openGong(port)).simulator.url).toBe(simulator.url);
  });

  it('panel: lists calls, newest first, and takes the tool down and up again', async () => {
    const { panel, list, change } = await opened();

    await change('1');
    panel.setDown(true);
    const down = await list();
    expect(panel.isDown()).toBe(true);
    panel.setDown(false);
    const up = await list();

    expect([down.status, up.status, panel.isDown()]).toEqual([503, 200, false]);
    const { count, newest } = panel.calls(2);
    expect(count).toBe(3);
    expect(newest).toMatchObject([
      { id: 2, status: 200, isFault: false },
      { id: 1, status: 503, isFault: true },
    ]);
  });

  it('panel: tells of tasks, of outages and of calls, until it is told to stop', async () => {
    const { panel, put, list } = await opened();
    let heard = 0;
    const stop = panel.onChange(() => {
      heard += 1;
    });

    put('4');
    panel.setDown(true);
    expect(heard).toBe(2);
    await list();
    await expect.poll(() => heard).toBe(3);
    stop();
    put('5');
    panel.setDown(false);

    expect(heard).toBe(3);
  });
});
