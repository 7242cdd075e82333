/** The window with a workspace's sales tools, and the one that asks for a tool's key. */
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { ToolField } from '../src/core/model/tool-form.ts';
import type { ToolAnswer, ToolState, ToolView } from '../src/core/people/tool-desk.ts';
import type { ToolKind } from '../src/core/ports/tool-bench.ts';
import { actions, type Block, button, confirm, context, divider, section } from './elements.ts';
import { ACTION, decodeProvider, parseJson, VIEW } from './ids.ts';
import { LIMITS } from './limits.ts';
import { input, modal, noticeModal } from './modal.ts';
import { count, exactTime, mention, momentOf, mrkdwn, plainText, type Reader } from './text.ts';
import { TOOLS, whyNotTaken } from './tool-words.ts';

const TITLE = 'Sales tools';

interface Shown {
  /** Of the tools that were asked. undefined: they are being asked. */
  answers?: ReadonlyMap<string, ToolAnswer>;
  /** The outcome of the last press. */
  said?: string;
}

export function toolsWindow({ states, mayKeep }: ToolView, reader: Reader, { answers, said }: Shown = {}): ModalView {
  const first = said
    ? [section(said), divider()]
    : [section('The tools that this workspace takes its tasks from. Keys are kept encrypted, and never shown again.')];
  return noticeModal(TITLE, [
    ...first,
    ...states.flatMap((state) =>
      toolBlocks(state, { mayKeep, answer: answers?.get(state.id), asked: !!answers }, reader),
    ),
    ...(mayKeep ? [] : [context(TOOLS.cannotKeep)]),
  ]);
}

interface Known {
  mayKeep: boolean;
  answer: ToolAnswer | undefined;
  asked: boolean;
}

function toolBlocks(state: ToolState, known: Known, reader: Reader): Block[] {
  const { key, name } = state;
  const lines = [`*${name}*: ${keyText(state, reader)}`, ...stateLines(state, known, reader)];
  const text = section(lines.join('\n'));
  if (!known.mayKeep || key.of === 'operator') return [text];
  if (key.of === 'nobody') {
    const connect = button(ACTION.toolConnect, 'Connect', encodeTool({ provider: state.id }), {
      label: plainText(`Connect ${name}`, LIMITS.accessibilityLabel),
    });
    return [text, actions([connect])];
  }
  const value = encodeTool({ provider: state.id, seenAt: key.at });
  const replace = button(ACTION.toolConnect, 'Replace the key', value, {
    label: plainText(`Replace the key of ${name}`, LIMITS.accessibilityLabel),
  });
  const disconnect = button(ACTION.toolEnd, 'Disconnect', value, {
    style: 'danger',
    confirm: confirm(`Disconnect ${name}?`, consequence(state), 'Disconnect', 'danger'),
    label: plainText(`Disconnect ${name}`, LIMITS.accessibilityLabel),
  });
  return [text, actions([replace, disconnect])];
}

function consequence({ name, links }: ToolState): string {
  const them = links === 1 ? 'One link to it ends' : `${links.toLocaleString('en-US')} links to it end`;
  return `Its tasks leave everyone’s lists. ${them}, and clicks that have not reached ${name} are not done any more. Nothing changes in ${name}. Once it is connected again, people are linked by address anew.`;
}

function keyText({ key, name }: ToolState, reader: Reader): string {
  switch (key.of) {
    case 'operator':
      return 'set by the operator of Docket, in its settings (`.env`).';
    case 'nobody':
      return 'not connected.';
    case 'admin': {
      const who = `key set by ${mention(key.by)}, ${exactTime(key.at, reader)}.`;
      if (!key.lost) return key.end === undefined ? who : `${who} It ends in \`${mrkdwn(key.end, 40)}\`.`;
      return `${who} *The key cannot be read any more*, because Docket’s ENCRYPTION_KEY was changed, so ${name} is not asked. Nothing is lost: enter the key again, or have the operator put the earlier ENCRYPTION_KEY back.`;
    }
  }
}

function stateLines({ key, name, links, lastListedAt }: ToolState, { answer, asked }: Known, reader: Reader): string[] {
  if (key.of === 'nobody') return [];
  const listed =
    lastListedAt === undefined ? 'No tasks were read yet.' : `Tasks were last read ${momentOf(lastListedAt, reader)}.`;
  const lost = key.of === 'admin' && key.lost;
  return [...(lost ? [] : [answerText(answer, name, asked)]), `${count(links, 'rep')} linked. ${listed}`];
}

function answerText(answer: ToolAnswer | undefined, name: string, asked: boolean): string {
  if (!asked || !answer) return `_Asking ${name} whether it takes the key …_`;
  if (answer.is === 'fine') return `${name} answers, and takes the key.`;
  return `*${whyNotTaken(answer.error, name)}* (Reference: ${answer.reference})`;
}

/** Which tool, and which of its keys the admin saw. */
export interface ToolRef {
  provider: string;
  seenAt?: number | undefined;
}

function encodeTool({ provider, seenAt }: ToolRef): string {
  return seenAt === undefined ? provider : `${provider}.${seenAt}`;
}

export function decodeTool(value: unknown): ToolRef | undefined {
  const [id, at, ...others] = typeof value === 'string' ? value.split('.') : [];
  const provider = decodeProvider(id);
  const seenAt = at === undefined ? undefined : Number(/^[1-9]\d{0,14}$/.exec(at)?.[0]);
  if (!provider || others.length > 0 || Number.isNaN(seenAt)) return undefined;
  return { provider, ...(seenAt !== undefined && { seenAt }) };
}

/** The window over which the form stands. undefined: there is none. */
export interface FormRef extends ToolRef {
  root?: string | undefined;
}

const Form = z.object({ tool: z.string(), root: z.string().max(LIMITS.callbackId).optional() });

export function decodeForm(metadata: string): FormRef | undefined {
  const parsed = Form.safeParse(parseJson(metadata)).data;
  const tool = decodeTool(parsed?.tool);
  return tool && { ...tool, root: parsed?.root };
}

/** `said`: why it is shown again. What was typed is not: nothing sends a key back. */
export function toolForm(kind: ToolKind, ref: FormRef, said?: string): ModalView {
  const { name, form, redirectUri } = kind;
  return modal({
    callback: VIEW.tool,
    title: plainText(`${ref.seenAt === undefined ? 'Connect' : 'New key for'} ${name}`, LIMITS.viewTitle),
    submit: 'Try and save',
    metadata: JSON.stringify({ tool: encodeTool(ref), ...(ref.root !== undefined && { root: ref.root }) }),
    blocks: [
      section(said ?? `Docket tries the key at ${name} first, and saves nothing that ${name} does not take.`),
      ...(redirectUri === undefined ? [] : [section(`Register this redirect URI there:\n\`${redirectUri}\``)]),
      ...form.map(fieldInput),
    ],
  });
}

function fieldInput({ name, label, hint, optional }: ToolField): Block {
  const element = { type: 'plain_text_input', max_length: LIMITS.inputText } as const;
  return input(fieldBlock(name), label, element, { hint, ...(optional && { optional }) });
}

/** The block of a setting. */
export function fieldBlock(name: string): string {
  return `tool_${name}`;
}

/** While the tool is asked, and after it has answered. */
export function toolNotice(name: string, text: string): ModalView {
  return noticeModal(plainText(name, LIMITS.viewTitle), [section(text)]);
}

export function checkingText(name: string): string {
  return `_Trying the key at ${name} …_`;
}

/** Where no window can be opened, and below what admins read of the team. */
export function toolsButton() {
  return button(ACTION.tools, 'Sales tools…', 'open');
}
