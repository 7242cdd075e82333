/** Reply.io's API v3 on 127.0.0.1: real HTTP, the documented contract and not a bit more lenient. */
import { type Call, openDesk } from '../desk.ts';
import { type Answer, written } from './answer.ts';
import { createBook } from './book.ts';
import { authOf, type Caller, callerOf, hasKey, namedUser } from './door.ts';
import { formOf } from './enums.ts';
import { createLimiter } from './limiter.ts';
import { answerTo, tooMany } from './routes.ts';
import type { Reply } from './state.ts';
import type { ReplyOptions, ReplyRequest, ReplySimulator } from './types.ts';

const PAGE_MAX = 1_000;

export async function createReply(options: ReplyOptions): Promise<ReplySimulator> {
  const { apiKey = 'sandbox-reply-key', clock = Date.now, looseDates = false, rateLimits = true } = options;
  const ownerId = options.ownerId ?? options.users[0]?.id ?? '';
  const reply = stateOf(options, clock);
  const limiter = createLimiter();
  const callers = new WeakMap<Call, Caller | 'no key' | 'no user'>();
  const waits = new WeakMap<Call, number>();

  function answer(call: Call): Answer {
    const waitSeconds = waits.get(call);
    if (waitSeconds !== undefined) return tooMany(waitSeconds);
    const style = { form: formOf(reply.dialect, options.capitals ?? false), looseDates };
    return answerTo(reply, call, callers.get(call) ?? 'no key', style);
  }

  const desk = await openDesk<ReplyRequest>({
    port: options.port ?? 0,
    clock,
    contentType: 'application/json; charset=utf-8',
    admit(call, entry) {
      const caller = hasKey(call, apiKey, reply.dialect)
        ? (callerOf(call, reply.book, { ownerId, personalTo: options.personalTo }) ?? 'no user')
        : 'no key';
      callers.set(call, caller);
      entry.auth = authOf(call);
      const named = namedUser(call);
      if (named !== undefined) entry.actingUser = named;
      if (typeof caller === 'string') return;
      entry.actingUserId = caller.id;
      const at = options.pace ? options.pace() : entry.at;
      const waitSeconds = rateLimits && at !== undefined ? limiter.admit(caller.id, at) : undefined;
      if (waitSeconds !== undefined) waits.set(call, waitSeconds);
    },
    answer: (call) => written(answer(call), reply.dialect),
    faultText: () => JSON.stringify({ error: 'An error has occurred' }),
  });

  return {
    url: desk.url,
    apiKey,
    get dialect() {
      return reply.dialect;
    },
    requests: desk.requests,
    unexpected: desk.unexpected,
    effects: reply.effects,
    task: reply.book.task,
    tasks: reply.book.tasks,
    put: reply.book.put,
    remove: reply.book.remove,
    putUser: reply.book.putUser,
    putContact: reply.book.putContact,
    setDirectoryEmpty(empty) {
      reply.directoryEmpty = empty;
    },
    setDialect(dialect) {
      reply.dialect = dialect;
    },
    onChange: reply.book.onChange,
    fail: desk.faults.add,
    clearFaults: desk.faults.clear,
    release: desk.faults.release,
    close: desk.close,
  };
}

function stateOf(options: ReplyOptions, clock: () => number): Reply {
  const { notEnabled } = options;
  return {
    book: createBook(options.users, options.tasks, options.contacts),
    effects: { completions: [] },
    dialect: options.dialect ?? 'seed',
    pageMax: options.pageMax ?? PAGE_MAX,
    teamUsersForbidden: options.teamUsersForbidden ?? false,
    notEnabled: notEnabled === true ? 404 : notEnabled || undefined,
    clock,
  };
}
