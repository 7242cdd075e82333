/** Outreach on 127.0.0.1: real HTTP, the documented contract and not a bit more lenient. */
import { type Call, openDesk, type Sent } from '../desk.ts';
import { toJson } from '../json.ts';
import { type Answer, errorBody } from './answer.ts';
import { createBook } from './book.ts';
import { createCourier } from './delivery.ts';
import { createLimiter, type Quota } from './limiter.ts';
import { answerOAuth } from './oauth.ts';
import type { OAuth } from './oauth-client.ts';
import { createCursors } from './pages.ts';
import { answerApi, bearerOf, isApi } from './routes.ts';
import { DOCKET_SCOPES } from './scopes.ts';
import type { Outreach } from './session.ts';
import { createTokens, type Tokens } from './tokens.ts';
import type { OutreachOptions, OutreachRequest, OutreachSimulator, OutreachWebhook } from './types.ts';

const JSON_API = 'application/vnd.api+json; charset=utf-8';

export async function createOutreach(options: OutreachOptions): Promise<OutreachSimulator> {
  const { clientId = 'sandbox-outreach-client', clientSecret = 'sandbox-outreach-secret', clock = Date.now } = options;
  const throttled = options.rateLimits ?? true;
  const book = createBook(options, clock);
  const tokens = createTokens({
    clock,
    pace: options.pace ?? clock,
    throttled,
    tokenEveryMs: options.tokenEveryMs ?? 60_000,
  });
  const outreach = newOutreach(options, book, clock);
  const oauth: OAuth = { book, tokens, clientId, clientSecret, inBrowser: options.inBrowser };
  const courier = createCourier({
    webhooks: outreach.webhooks,
    clock,
    timeoutMs: options.webhookTimeoutMs ?? 5_000,
    retryMs: options.webhookRetryMs ?? 1_000,
  });
  book.onChange((change) => change && courier.deliver(change));
  const desk = await open(options, outreach, oauth, tokens, throttled);

  return {
    url: desk.url,
    clientId,
    clientSecret,
    requests: desk.requests,
    unexpected: desk.unexpected,
    effects: outreach.effects,
    deliveries: courier.deliveries,
    task: book.task,
    tasks: book.tasks,
    users: () => book.all('user'),
    about: (task) => ({
      prospect: book.find('prospect', task.prospectId),
      account: book.find('account', task.accountId),
      sequence: book.find('sequence', task.sequenceId),
      step: book.find('sequenceStep', task.sequenceStepId),
    }),
    put: (task) => void book.put(task),
    complete(id) {
      const task = book.task(id);
      if (!task) throw new RangeError(`No such task: ${id}`);
      book.put({ ...task, state: 'complete' });
    },
    remove: book.remove,
    putUser: (user) => book.putRecord('user', user),
    putProspect: (prospect) => book.putRecord('prospect', prospect),
    grant(userId, scopes = DOCKET_SCOPES) {
      if (!book.find('user', userId)) throw new RangeError(`No such user: ${userId}`);
      return tokens.grant(userId, scopes.join(' '));
    },
    revoke: tokens.revoke,
    expireAccess: tokens.expireAccess,
    webhooks: () => structuredClone([...outreach.webhooks.values()]),
    loseWebhooks: courier.lose,
    redeliver: courier.redeliver,
    settled: courier.settled,
    fail: desk.faults.add,
    clearFaults: desk.faults.clear,
    release: desk.faults.release,
    onChange: (listener) => book.onChange(() => listener()),
    async close() {
      await Promise.all([courier.close(), desk.close()]);
    },
  };
}

function newOutreach(options: OutreachOptions, book: Outreach['book'], clock: () => number): Outreach {
  let lastWebhook = 0;
  return {
    book,
    webhooks: new Map<string, OutreachWebhook>(),
    newWebhookId() {
      lastWebhook += 1;
      return String(lastWebhook);
    },
    effects: [],
    cursors: createCursors(),
    relationsAsLinks: options.relationsAsLinks ?? false,
    lacks: options.lacks ?? [],
    saysWho: options.saysWho ?? true,
    clock,
  };
}

function open(options: OutreachOptions, outreach: Outreach, oauth: OAuth, tokens: Tokens, throttled: boolean) {
  const limiter = createLimiter(options.requestsPerHour ?? 10_000, throttled);
  const quotas = new WeakMap<Call, Quota>();
  return openDesk<OutreachRequest>({
    port: options.port ?? 0,
    clock: outreach.clock,
    contentType: JSON_API,
    // Counted when it comes, whatever becomes of it.
    admit(call, entry) {
      const access = tokens.access(bearerOf(call) ?? '');
      if (!access) return;
      entry.userId = access.userId;
      quotas.set(call, limiter.admit(access.userId, entry.at));
    },
    answer(call) {
      return sent(isApi(call) ? answerApi(outreach, tokens, call, quotas.get(call)) : answerOAuth(oauth, call));
    },
    faultText({ path, status }) {
      if (path.startsWith('/oauth/')) return toJson({ error: 'server_error', error_description: 'An error occurred' });
      const id = status === 503 ? 'scheduledServerMaintenance' : 'internalServerError';
      return toJson(errorBody(id, 'An error has occurred'));
    },
  });
}

function sent({ body, text, ...answer }: Answer): Sent {
  return { ...answer, text: text ?? (body === undefined ? '' : toJson(body)) };
}
