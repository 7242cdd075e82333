/** Gong Engage on 127.0.0.1: real HTTP, the documented contract and not a bit more lenient. */
import { type Call, openDesk } from '../desk.ts';
import { toJson } from '../json.ts';
import { refuse } from './answer.ts';
import { createBook } from './book.ts';
import { createLimiter } from './limiter.ts';
import { answerTo } from './routes.ts';
import type { Gong } from './state.ts';
import type { GongOptions, GongRequest, GongSimulator } from './types.ts';
import { newRequestId } from './wire.ts';

export async function createGong(options: GongOptions): Promise<GongSimulator> {
  const { accessKey = 'sandbox-gong-key', accessKeySecret = 'sandbox-gong-secret', clock = Date.now } = options;
  const gong: Gong = {
    book: createBook(options.users, options.tasks),
    authorization: `Basic ${Buffer.from(`${accessKey}:${accessKeySecret}`).toString('base64')}`,
    pageSize: options.pageSize ?? 100,
    nothingFoundIs404: options.nothingFoundIs404 ?? false,
    statusInArray: options.statusInArray ?? false,
    clock,
  };
  const limiter = createLimiter();
  const waits = new WeakMap<Call, number>();
  const desk = await openDesk<GongRequest>({
    port: options.port ?? 0,
    clock,
    contentType: 'application/json;charset=UTF-8',
    admit(call, entry) {
      const at = options.pace ? options.pace() : entry.at;
      const waitSeconds = (options.rateLimits ?? true) && at !== undefined ? limiter.admit(at) : undefined;
      if (waitSeconds !== undefined) waits.set(call, waitSeconds);
    },
    answer(call, entry) {
      const waitSeconds = waits.get(call);
      const refused = { 'Retry-After': String(waitSeconds) };
      const answer =
        waitSeconds === undefined ? answerTo(gong, call) : refuse(429, 'API request limit exceeded', refused);
      entry.requestId = newRequestId();
      const { status, headers = {}, breach } = answer;
      return { status, headers, breach, text: toJson({ requestId: entry.requestId, ...answer.body }) };
    },
    faultText(entry) {
      entry.requestId = newRequestId();
      return toJson({ requestId: entry.requestId, errors: ['An error has occurred'] });
    },
  });

  return {
    url: desk.url,
    accessKey,
    accessKeySecret,
    requests: desk.requests,
    unexpected: desk.unexpected,
    task: gong.book.task,
    tasks: gong.book.tasks,
    put: gong.book.put,
    putUser: gong.book.putUser,
    setDirectory(how) {
      gong.directory = how;
    },
    onChange: gong.book.onChange,
    fail: desk.faults.add,
    clearFaults: desk.faults.clear,
    release: desk.faults.release,
    close: desk.close,
  };
}
