/** A route's answer, before the server adds the rate limit's headers and sends it. */
import type { WireObject } from '../json.ts';

export interface Answer {
  status: number;
  /** Absent for a page and for 204. */
  body?: WireObject;
  /** A page or another text instead of `body`. */
  text?: string;
  contentType?: string;
  headers?: Record<string, string>;
  /** The request broke the documented contract, in words for `unexpected`. */
  breach?: string;
}

export type ErrorId =
  | 'badRequest'
  | 'unauthorized'
  | 'unauthorizedOauthScope'
  | 'unauthorizedRequest'
  | 'resourceNotFound'
  | 'unsupportedMediaType'
  | 'validationError'
  | 'rateLimitExceeded'
  | 'scheduledServerMaintenance'
  | 'internalServerError';

const TITLES: Record<ErrorId, string> = {
  badRequest: 'Bad Request',
  unauthorized: 'Unauthorized',
  unauthorizedOauthScope: 'Unauthorized OAuth Scope',
  unauthorizedRequest: 'Unauthorized Request',
  resourceNotFound: 'Resource Not Found',
  unsupportedMediaType: 'Unsupported Media Type',
  validationError: 'Validation Error',
  rateLimitExceeded: 'Rate Limit Exceeded',
  scheduledServerMaintenance: 'Scheduled Server Maintenance',
  internalServerError: 'Internal Server Error',
};

const STATUSES: Record<ErrorId, number> = {
  badRequest: 400,
  unauthorized: 401,
  unauthorizedOauthScope: 403,
  unauthorizedRequest: 403,
  resourceNotFound: 404,
  unsupportedMediaType: 415,
  validationError: 422,
  rateLimitExceeded: 429,
  scheduledServerMaintenance: 503,
  internalServerError: 500,
};

/** The envelope of outreach.md 5. */
export function errorBody(id: ErrorId, detail: string, pointer?: string): WireObject {
  const source = pointer === undefined ? undefined : { pointer };
  return { errors: [{ id, title: TITLES[id], detail, source }] };
}

/** A refusal that a correct client may meet: the world changed, or a right is missing. */
export function refuse(id: ErrorId, detail: string, pointer?: string): Answer {
  return { status: STATUSES[id], body: errorBody(id, detail, pointer) };
}

/** A refusal that a correct client never meets. */
export function breach(id: ErrorId, detail: string, pointer?: string): Answer {
  return { ...refuse(id, detail, pointer), breach: pointer === undefined ? detail : `${pointer}: ${detail}` };
}

/** Thrown deep inside a route, and answered at its edge. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(answer.breach ?? 'refused');
    this.answer = answer;
  }
}

export function bad(detail: string): Refusal {
  return new Refusal(breach('badRequest', detail));
}
