import { describe, expect, it } from 'vitest';
import { replyPanel } from '../../../sandbox/reply/panel.ts';
import type { ReplySimulator } from '../../../sandbox/reply/types.ts';
import { ask, filter, MAYA, NOW, PUT, put, start, THEO, task } from './reply.ts';

function panelOf(reply: ReplySimulator) {
  return replyPanel(
    reply,
    (userId) => (userId === 'UMAYA' ? MAYA.id : undefined),
    () => NOW,
  );
}

describe('the panel of Reply', () => {
  it('shows a person’s tasks as Reply holds them, and knows whom Reply knows', async () => {
    const email = { subject: 'Two ideas', body: '<p>Hi</p>' };
    const reply = await start({
      tasks: [
        task('1', { taskType: 'sms', isScheduled: true, template: { body: '<p>Hi\n {{FirstName}}</p>' } }),
        task('2', { taskType: 'manualEmail', template: email, contact: null, status: 'finished' }),
        task('3', { assignedUserId: THEO.id }),
        task('4', { taskType: 3, template: { body: '' } }),
      ],
    });
    const panel = panelOf(reply);

    expect([panel.id, panel.name, panel.isKnown('UMAYA'), panel.isKnown('UX')]).toEqual([
      'reply',
      'Reply.io',
      true,
      false,
    ]);
    expect(panel.tasks('UX')).toEqual([]);
    expect(panel.tasks('UMAYA')).toEqual([
      {
        id: '1',
        title: 'SMS: Hi {{FirstName}} (scheduled)',
        about: 'Dana Okonjo',
        status: 'new',
        isOpen: true,
        due: task('1').dueTo,
      },
      { id: '2', title: 'Email: Two ideas', about: '', status: 'finished', isOpen: false, due: task('2').dueTo },
      { id: '4', title: 'Type 3', about: 'Dana Okonjo', status: 'new', isOpen: true, due: task('4').dueTo },
    ]);
  });

  it('lists calls, newest first, with the acting user, and knows which of them change something', async () => {
    const reply = await start({ tasks: [task('1')] });
    await filter(reply, { status: 0, sequenceIds: [1, 2] });
    await put(reply, '1', { ...PUT, template: { body: 'x' } });
    await ask(reply, 'DELETE', '/v3/tasks/1');

    const { count, newest } = panelOf(reply).calls(2);
    const { newest: all } = panelOf(reply).calls(10);

    expect(count).toBe(3);
    expect(newest.map(({ id, method, isChange }) => [id, method, isChange])).toEqual([
      [2, 'DELETE', true],
      [1, 'PUT', true],
    ]);
    expect(newest[1]?.fields).toEqual(expect.arrayContaining([`acting as: ${MAYA.email}`, 'template.body: x']));
    expect(all[2]).toMatchObject({
      isChange: false,
      fields: [`acting as: ${MAYA.email}`, 'status: 0', 'sequenceIds: 1, 2'],
    });
  });

  it('closes a task of this person only', async () => {
    const reply = await start({ tasks: [task('1'), task('2', { assignedUserId: THEO.id })] });
    const panel = panelOf(reply);

    expect([panel.closeTask('UMAYA', '1'), panel.closeTask('UMAYA', '2'), panel.closeTask('UMAYA', '9')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(reply.task('1')).toMatchObject({ status: 'finished', finishedAt: new Date(NOW).toISOString() });
    expect(reply.task('2')?.status).toBe('new');
  });

  it('takes Reply down and up again', async () => {
    const reply = await start();
    const panel = panelOf(reply);

    panel.setDown(true);
    const down = await filter(reply);
    panel.setDown(false);

    expect([down.status, (await filter(reply)).status, panel.isDown()]).toEqual([503, 200, false]);
    expect(panel.calls(5).newest.map(({ isFault }) => isFault)).toEqual([false, true]);
  });

  it('tells of tasks and of calls until it is told to stop', async () => {
    const reply = await start();
    let heard = 0;
    const stop = panelOf(reply).onChange(() => {
      heard += 1;
    });

    reply.put(task('1'));
    expect(heard).toBe(1);
    await filter(reply);
    await expect.poll(() => heard).toBeGreaterThan(1);
    stop();
    const before = heard;
    reply.put(task('2'));
    expect(heard).toBe(before);
  });
});
