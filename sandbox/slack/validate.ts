import type { z } from 'zod';
import { LIMITS, weightOf } from '../../blocks/limits.ts';
import { homeView, messageBlocks, modalView } from './schema-blocks.ts';

/** Slack's error code, and its sentences with JSON pointers. */
export interface Refusal {
  error: string;
  messages: string[];
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part)}`).join('');
}

function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

function sizeSentence(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): string {
  const counted = issue.origin === 'string' ? 'characters' : 'items';
  if (issue.code === 'too_big') {
    const most = Number(issue.maximum);
    return counted === 'characters' ? `must be less than ${most + 1} characters` : `no more than ${most} items allowed`;
  }
  const least = Number(issue.minimum);
  return counted === 'characters'
    ? `must be more than ${least - 1} characters`
    : `no fewer than ${least} items allowed`;
}

function sentence(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_big':
    case 'too_small':
      return sizeSentence(issue);
    case 'unrecognized_keys':
      return `invalid additional property: ${issue.keys.join(', ')}`;
    case 'invalid_union':
      return 'unsupported type';
    case 'invalid_type':
      return `must be of type ${issue.expected}`;
    case 'invalid_value':
      return 'must be a valid enum value';
    default:
      return issue.message;
  }
}

function describe(issue: z.core.$ZodIssue, root: string): string {
  if (isMissing(issue) && issue.path.length > 0) {
    const parent = pointer(issue.path.slice(0, -1));
    return `[ERROR] missing required field: ${String(issue.path.at(-1))} [json-pointer:${root}${parent}]`;
  }
  return `[ERROR] ${sentence(issue)} [json-pointer:${root}${pointer(issue.path)}]`;
}

function messagesOf(schema: z.ZodType, value: unknown, root: string): string[] {
  const result = schema.safeParse(value, { reportInput: true });
  return result.success ? [] : result.error.issues.map((issue) => describe(issue, root));
}

/** Undefined when Slack would take these blocks in a message. */
export function checkMessageBlocks(blocks: unknown): Refusal | undefined {
  if (!Array.isArray(blocks)) return { error: 'invalid_blocks_format', messages: [] };
  const messages = messagesOf(messageBlocks, blocks, '/blocks');
  if (messages.length > 0) return { error: 'invalid_blocks', messages };
  const weight = weightOf(blocks);
  if (weight <= LIMITS.messageWeight) return undefined;
  return { error: 'msg_blocks_too_long', messages: [`[ERROR] text and blocks weigh ${weight}`] };
}

/** Undefined when Slack would take this view. */
export function checkView(view: unknown, type: 'modal' | 'home'): Refusal | undefined {
  const messages = messagesOf(type === 'modal' ? modalView : homeView, view, '/view');
  if (messages.length > 0) return { error: 'invalid_arguments', messages };
  const size = Buffer.byteLength(JSON.stringify(view));
  if (size <= LIMITS.viewBytes) return undefined;
  return { error: 'view_too_large', messages: [`[ERROR] ${size} bytes`] };
}
