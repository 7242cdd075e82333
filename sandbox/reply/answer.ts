/** A route's answer, before it is written in the current dialect. */
import type { Sent } from '../desk.ts';
import { toJson, type Wire } from '../json.ts';
import type { ReplyDialect } from './types.ts';

export interface Pointed {
  /** JSON Pointer; `""` is the whole body (reply.md 5). */
  pointer: string;
  detail: string;
}

export interface Problem {
  detail: string;
  /** Business errors have one. */
  code?: string;
  /** Validation errors have them. */
  errors?: readonly Pointed[];
}

export interface Answer {
  status: number;
  body?: Wire;
  problem?: Problem;
  headers?: Record<string, string>;
  /** The request broke the documented contract, in words for `unexpected`. */
  breach?: string;
}

/** A refusal that a correct client may meet: the world changed, or a limit was reached. */
export function refuse(status: number, code: string, detail: string): Answer {
  return { status, problem: { code, detail } };
}

/** Domain refusals of PUT and DELETE: one code for all of them, and only the text tells why (reply.md 4). */
export function refuseChange(why: string): Answer {
  return refuse(400, 'task.unknown', why);
}

/** A refusal that a correct client never meets. */
export function breach(status: number, detail: string, more: Omit<Problem, 'detail'> = {}): Answer {
  return { status, problem: { detail, ...more }, breach: detail };
}

/** Validation: 400 with a pointer to each place. */
export function invalid(errors: readonly Pointed[]): Answer {
  return { status: 400, problem: { detail: 'The request is not valid.', errors }, breach: textOf(errors) };
}

export function textOf(errors: readonly Pointed[]): string {
  return errors.map(({ pointer, detail }) => `${pointer === '' ? 'body' : pointer} ${detail}`).join('; ');
}

/** The body of an error in the announced generation is unknown (contracts, unknown R7): plain JSON here. */
export function written(answer: Answer, dialect: ReplyDialect): Sent {
  const { status, headers = {}, breach } = answer;
  const sent = { status, headers, breach };
  if (answer.problem === undefined) return { ...sent, text: answer.body === undefined ? '' : toJson(answer.body) };
  const { code, detail, errors } = answer.problem;
  if (dialect === 'seed') {
    return { ...sent, text: toJson({ error: code === 'USER_NOT_FOUND' ? code : errors ? textOf(errors) : detail }) };
  }
  const problem = {
    title: TITLES[status] ?? 'Error',
    status,
    code,
    detail,
    errors: errors?.map((each) => ({ ...each })),
  };
  return { ...sent, contentType: 'application/problem+json', text: toJson(problem) };
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  501: 'Not Implemented',
};
