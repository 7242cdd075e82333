import { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { clientOptions } from '../../../src/slack/transport/client-options.ts';
import { toDeliveryError } from '../../../src/slack/transport/errors.ts';
import { fetchWithin } from '../../../src/slack/transport/fetch.ts';
import { serve } from '../../providers/serve.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined, fatal: () => undefined };

test('the time limit counts to the last byte of Slack’s answer', async () => {
  const { url } = await serve((_, response) => void response.writeHead(200).write('{"ok":'));
  await expect(fetchWithin(150)(url)).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('a redirect is no answer of Slack’s, and the token does not follow it', async () => {
  let strayed = 0;
  const { url: other } = await serve((_, response) => {
    strayed += 1;
    response.end('{"ok":true}');
  });
  const { url } = await serve((_, response) => response.writeHead(307, { location: other }).end());
  const client = new WebClient('xoxb-nobody', clientOptions(`${url}/api/`, silent));
  const error = await client.auth.test().catch(toDeliveryError);
  expect(error).toMatchObject({ kind: 'unavailable', message: 'Slack did not answer: HTTP 307' });
  expect(strayed).toBe(0);
});
