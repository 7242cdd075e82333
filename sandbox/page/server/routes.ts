/** The page's API: every action of a person. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { ClockDesk } from '../../clock-desk.ts';
import type { ProviderPanel } from '../../panel.ts';
import type { Delivery, SlackWorkspace } from '../../slack/types.ts';
import type { ClockRequest, Outcome, Requests } from '../protocol.ts';
import { sendJson } from './reply.ts';

const MOST_BYTES = 1_000_000;

const userId = z.string().min(1);
const json = z.record(z.string(), z.json());
const where = z.union([
  z.strictObject({ ts: z.string() }),
  z.strictObject({ home: z.literal(true) }),
  z.strictObject({ modal: z.literal(true) }),
]);

const values = z.record(z.string(), z.record(z.string(), json));

const BODIES = {
  '/act': z.strictObject({ userId, where, blockId: z.string(), action: json, values: values.optional() }),
  '/submit': z.strictObject({ userId, values }),
  '/close': z.strictObject({ userId, by: z.enum(['button', 'cross']).optional() }),
  '/shortcut': z.strictObject({ userId, ts: z.string(), callbackId: z.string() }),
  '/command': z.strictObject({ userId, command: z.string().regex(/^\/\S+$/), text: z.string() }),
  '/say': z.strictObject({ userId, text: z.string().min(1) }),
  '/home': z.strictObject({ userId }),
  '/clock': z.discriminatedUnion('do', [
    z.strictObject({ do: z.enum(['pause', 'go on', 'stop']) }),
    z.strictObject({ do: z.enum(['next morning', 'week']), userId }),
    z.strictObject({ do: z.literal('to'), at: z.int() }),
  ]),
} satisfies { [path in keyof Requests]: z.ZodType<Requests[path]> };

const PROVIDER_BODIES = {
  close: z.strictObject({ userId, taskId: z.string() }),
  down: z.strictObject({ down: z.boolean() }),
};

/** The workspace and the providers that the page acts on. */
interface Played {
  slack: SlackWorkspace;
  providers: readonly ProviderPanel[];
  desk: ClockDesk | undefined;
}

/** The simulator throws where a person could not do such a thing, for example press a button that is gone. */
class Refused extends Error {}

export async function perform(
  played: Played,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A form of another website cannot send JSON without asking first.
  if (!request.headers['content-type']?.startsWith('application/json')) {
    return sendJson(response, 415, { error: 'application/json' });
  }
  try {
    const done = await answer(played, path, await readBody(request));
    if (done === undefined) return sendJson(response, 404, { error: 'No such action' });
    return sendJson(response, 200, done);
  } catch (error) {
    if (error instanceof z.ZodError) return sendJson(response, 400, { error: z.prettifyError(error) });
    if (error instanceof Refused) return sendJson(response, 409, { refused: error.message } satisfies Outcome);
    throw error;
  }
}

async function answer(played: Played, path: string, body: unknown): Promise<Outcome | object | undefined> {
  const [, provider, id, action] = path.split('/');
  if (provider === 'provider') {
    const panel = played.providers.find((candidate) => candidate.id === id);
    return panel && playProvider(panel, action, body);
  }
  if (path === '/clock') return played.desk && setClock(played.desk, BODIES[path].parse(body));
  // The clock waits for what a person does: what they press must not be hours old when it arrives.
  return played.desk ? played.desk.between(() => playPerson(played, path, body)) : playPerson(played, path, body);
}

function setClock(desk: ClockDesk, request: ClockRequest): object {
  try {
    desk.ask(request);
    return {};
  } catch (error) {
    throw new Refused(error instanceof Error ? error.message : String(error));
  }
}

function playProvider(panel: ProviderPanel, action: string | undefined, body: unknown): object | undefined {
  if (action === 'close') {
    const { userId: user, taskId } = PROVIDER_BODIES.close.parse(body);
    if (!panel.closeTask(user, taskId)) throw new Refused(`${panel.name} holds no such task`);
    return {};
  }
  if (action === 'down') {
    panel.setDown(PROVIDER_BODIES.down.parse(body).down);
    return {};
  }
  return undefined;
}

async function playPerson({ slack }: Played, path: string, body: unknown): Promise<object | undefined> {
  switch (path) {
    case '/act': {
      const { userId: user, where: place, blockId, action, values: entered } = BODIES[path].parse(body);
      return await delivered(() => slack.act(user, place, blockId, action, entered));
    }
    case '/submit': {
      const { userId: user, values: entered } = BODIES[path].parse(body);
      return await delivered(() => slack.submit(user, entered));
    }
    case '/close': {
      const { userId: user, by } = BODIES[path].parse(body);
      return await delivered(async () => await slack.closeModal(user, by));
    }
    case '/shortcut': {
      const { userId: user, ts, callbackId } = BODIES[path].parse(body);
      return await delivered(() => slack.messageShortcut(user, ts, callbackId));
    }
    case '/command': {
      const { userId: user, command, text } = BODIES[path].parse(body);
      return await delivered(() => slack.command(user, command, text));
    }
    case '/say': {
      const { userId: user, text } = BODIES[path].parse(body);
      return await delivered(() => slack.say(user, text));
    }
    case '/home': {
      const { userId: user } = BODIES[path].parse(body);
      return await delivered(() => slack.openHome(user));
    }
    default:
      return undefined;
  }
}

async function delivered(act: () => Promise<Delivery | undefined>): Promise<Partial<{ delivery: Delivery }>> {
  try {
    const delivery = await act();
    return delivery ? { delivery } : {};
  } catch (error) {
    throw new Refused(error instanceof Error ? error.message : String(error));
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Refused('Too much at once');
    chunks.push(Buffer.from(chunk));
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}
