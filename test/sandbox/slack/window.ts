/** A modal in a workspace whose app answers every submission as a test says. */
import type { ModalView } from '@slack/web-api';
import type { JsonObject, SlackWorkspace, ViewValues } from '../../../sandbox/slack/types.ts';
import { ANN, client, row, socketApp, workspace } from './harness.ts';

/** What one control of a form holds: its block is named as it is. */
export const held = (id: string, value: JsonObject): ViewValues => ({ [id]: { [id]: value } });

export async function openWindow(view: ModalView) {
  const slack = await workspace();
  const seen: JsonObject[] = [];
  const closed: JsonObject[] = [];
  const answer: { value: JsonObject | undefined } = { value: undefined };
  await socketApp(slack, (app) => {
    app.action(/.*/, async ({ ack }) => ack());
    app.view(/.*/, async ({ ack, body }) => {
      seen.push(JSON.parse(JSON.stringify(body)));
      await Reflect.apply(ack, undefined, [answer.value]);
    });
    app.view({ callback_id: /.*/, type: 'view_closed' }, async ({ ack, body }) => {
      closed.push(JSON.parse(JSON.stringify(body)));
      await ack();
    });
  });
  const web = client(slack);
  await web.views.open({ trigger_id: await trigger(slack), view });
  return {
    slack,
    web,
    /** Submissions that the app heard of. */
    seen,
    /** Closed views that the app heard of. */
    closed,
    answer,
    modal: () => slack.modal(ANN.id),
    trigger: () => trigger(slack),
    submit: (values: ViewValues = {}, response?: JsonObject) => {
      answer.value = response;
      return slack.submit(ANN.id, values);
    },
  };
}

async function trigger(slack: SlackWorkspace): Promise<string> {
  const { ts = '' } = await client(slack).chat.postMessage({ channel: ANN.id, text: 'x', blocks: row('go') });
  await slack.act(ANN.id, { ts }, 'row', { action_id: 'go' });
  return String(slack.sent.at(-1)?.payload.trigger_id);
}
