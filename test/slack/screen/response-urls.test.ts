import { expect, test } from 'vitest';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import { createResponseUrls } from '../../../src/slack/screen/response-urls.ts';

const MINUTE = 60_000;
const LOG = { info() {}, warn() {}, error() {} };

function arrange() {
  let now = 0;
  const used: string[] = [];
  const refused = new Map<string, DeliveryError>();
  const reach = createResponseUrls(() => now, LOG);
  return {
    reach,
    used,
    refused,
    pass: (ms: number) => {
      now += ms;
    },
    click: (name: string) =>
      reach.remember('1', async () => {
        used.push(name);
        const error = refused.get(name);
        if (error) throw error;
      }),
    edit: () => reach.edit('1', (respond) => Promise.resolve(respond({ text: 'x' }))),
  };
}

// slack.md 2.2: five uses of a response_url
test('quick clicks on one message keep it editable for four edits each', async () => {
  const { click, edit, used } = arrange();
  for (const name of ['a', 'b', 'c']) click(name);

  for (let times = 0; times < 12; times += 1) expect(await edit()).toBe('done');

  expect(await edit()).toBe('none');
  expect(used).toEqual([...'aaaabbbbcccc']);
});

// slack.md 2.2: thirty minutes
test('each is over after half an hour, whatever the others are', async () => {
  const { click, edit, used, pass, reach } = arrange();
  click('early');
  pass(20 * MINUTE);
  click('late');
  pass(15 * MINUTE);

  expect(await edit()).toBe('done');
  pass(20 * MINUTE);

  expect(reach.has('1')).toBe(false);
  expect(used).toEqual(['late']);
});

test('one that Slack refuses for good gives way to another at once', async () => {
  const { click, edit, used, refused } = arrange();
  for (const name of ['gone', 'good']) click(name);
  refused.set('gone', new DeliveryError('permanent', 'used up'));

  expect(await edit()).toBe('done');
  expect(await edit()).toBe('done');
  expect(used).toEqual(['gone', 'good', 'good']);
});

test('one that fails for the moment is tried again later', async () => {
  const { click, edit, refused } = arrange();
  click('a');
  refused.set('a', new DeliveryError('unavailable', 'away'));

  expect(await edit()).toBeInstanceOf(DeliveryError);
  refused.clear();
  expect(await edit()).toBe('done');
});
