/** Faults as the simulators are asked for them, with words in every answer that no rep may ever see. */
import type { Fault as Asked } from '../../sandbox/faults.ts';
import type { Fault } from './table.ts';
import type { Provider } from './verbs.ts';

/** In every body and header of a faulty answer. */
export const SECRET = 'upstream-secret-words';
/** Gong's own id of the exchange, which a rep may see: its support asks for it (gong.md 5). */
export const REFERENCE = 'fault4711';

export function asked({ how, header, toldMs = 0 }: Fault, provider: Provider, now: number): Asked['how'] {
  if (how.kind !== 'answer') return how;
  const { status, body } = how;
  return {
    kind: 'answer',
    status,
    headers: {
      'X-Upstream': SECRET,
      ...(header && { [header.name]: moment(header.form, now, toldMs) }),
      ...(status === 302 && { Location: `http://${SECRET}.invalid/` }),
    },
    contentType: body === 'html' ? 'text/html' : TYPES[provider],
    body: bodyOf(body, provider, status),
  };
}

function moment(form: NonNullable<Fault['header']>['form'], now: number, ms: number): string {
  switch (form) {
    case 'seconds':
      return String(ms / 1_000);
    case 'epoch':
      return String((now + ms) / 1_000);
    case 'http date':
      return new Date(now + ms).toUTCString();
    case 'iso date':
      return new Date(now + ms).toISOString();
  }
}

const TYPES = {
  gong: 'application/json;charset=UTF-8',
  outreach: 'application/vnd.api+json; charset=utf-8',
  reply: 'application/problem+json',
} as const satisfies Record<Provider, string>;

function bodyOf(body: 'error' | 'html' | 'cut' | 'shape', provider: Provider, status: number): string {
  switch (body) {
    case 'error':
      return JSON.stringify(ERRORS[provider](status));
    case 'html':
      return `<!doctype html><title>${SECRET}</title><p>${SECRET}</p>`;
    case 'cut':
      return `{"requestId":"${REFERENCE}","tasks":[{"id":1,"title":"${SECRET}`;
    case 'shape':
      return JSON.stringify({ requestId: REFERENCE, tasks: SECRET, data: { id: true, note: SECRET }, id: SECRET });
  }
}

/** gong.md 5; outreach.md 5; reply.md 5. */
const ERRORS = {
  gong: () => ({ requestId: REFERENCE, errors: [SECRET] }),
  outreach: (status) => ({ errors: [{ id: OUTREACH_IDS[status] ?? 'badRequest', title: SECRET, detail: SECRET }] }),
  reply: (status) => ({ title: SECRET, status, detail: SECRET, code: REPLY_CODES[status] ?? 'task.unknown' }),
} satisfies Record<Provider, (status: number) => object>;

const OUTREACH_IDS: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  403: 'unauthorizedRequest',
  404: 'resourceNotFound',
  422: 'validationError',
  429: 'rateLimitExceeded',
  500: 'internalServerError',
  503: 'scheduledServerMaintenance',
};

const REPLY_CODES: Readonly<Record<number, string>> = {
  403: 'task.forbidden',
  404: 'task.notFound',
  409: 'task.cannotComplete',
};
