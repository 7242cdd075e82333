/** What a list can be asked for, as controls: in Home each part of a query, in a list what was asked and its order. */
import type { KnownBlock } from '@slack/types';
import { isNarrow, queryOf } from '../src/core/model/filter.ts';
import type { ProviderId } from '../src/core/model/keys.ts';
import type { LoadedMessage } from '../src/core/model/message.ts';
import { type Query, SORTS, type When } from '../src/core/model/query.ts';
import { isSnoozed } from '../src/core/model/row-state.ts';
import { KINDS_OF_TASK } from '../src/core/model/task.ts';
import { actions, type Block, button, type Element, select } from './elements.ts';
import { ACTION } from './ids.ts';
import { LIMITS } from './limits.ts';
import type { Told } from './list-words.ts';
import { ASK, encodeAsk, searchBlock } from './query-ids.ts';
import { kindsOption, sortOption, toolsOption, whenOption } from './query-words.ts';
import { plainText, type Reader } from './text.ts';

/** Fewer rows are seen at a glance. */
const WORTH_SORTING = 10;

/** Beside the windows for many tasks. Home has all parts as controls of its own. */
export function askElements(message: LoadedMessage, { now }: Reader): Element[] {
  const { id, kind, items, summary } = message;
  const query = queryOf(summary.filter);
  if (kind === 'digest' || !query) return [];
  const snoozed = kind === 'home' && !query.when ? items.filter((row) => isSnoozed(row, now)).length : 0;
  const text = `${snoozed.toLocaleString('en-US')} snoozed`;
  const isSortable = kind === 'list' && (items.length >= WORTH_SORTING || query.sort !== undefined);
  return [
    ...(isSortable ? [sortSelect(id, query)] : []),
    ...(snoozed > 0 ? [button(ASK.snoozed, text, id, { label: `Show the ${text}` })] : []),
    ...(isNarrow(query) ? [button(ASK.all, 'Show all open tasks', id)] : []),
    ...(kind === 'list' && summary.keptFor !== undefined
      ? [button(ACTION.refresh, 'Refresh', id, { label: 'Refresh: ask your tools again' })]
      : []),
  ];
}

/** `linked`: the tools that there is a choice of. */
export function homeControls({ id, summary }: LoadedMessage, linked: readonly ProviderId[], told: Told): Block[] {
  const query = queryOf(summary.filter) ?? {};
  const tools = linked.length > 1 || query.tools ? [toolSelect(id, query, linked, told)] : [];
  return [
    searchField(query),
    actions([whenSelect(id, query, told.reader), kindSelect(id, query), ...tools, sortSelect(id, query)]),
  ];
}

function searchField({ text = '' }: Query): KnownBlock {
  return {
    type: 'input',
    block_id: searchBlock(text),
    dispatch_action: true,
    optional: true,
    label: { type: 'plain_text', text: 'Search your tasks' },
    element: {
      type: 'plain_text_input',
      action_id: ASK.text,
      placeholder: { type: 'plain_text', text: 'A name, a company, overdue calls in Gong … then Enter' },
      max_length: LONGEST_SEARCH,
      dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] },
      ...(text !== '' && { initial_value: text.slice(0, LONGEST_SEARCH) }),
    },
  };
}

const LONGEST_SEARCH = 200;

const WHENS: readonly When[] = [
  { is: 'overdue' },
  { is: 'today' },
  { is: 'tomorrow' },
  { is: 'this week' },
  { is: 'next week' },
  { is: 'week' },
  { is: 'no date' },
  { is: 'snoozed' },
];

function whenSelect(id: string, { when }: Query, reader: Reader): Element {
  const isKnown = !when || WHENS.some(({ is }) => is === when.is);
  const whens = [undefined, ...WHENS, ...(isKnown ? [] : [when])];
  const options = whens.map((each) => ({
    text: whenOption(each, reader),
    value: encodeAsk(id, each && { when: each }),
  }));
  return chosen(ASK.when, 'When they are due', options, encodeAsk(id, when && { when }));
}

function kindSelect(id: string, { kinds = [] }: Query): Element {
  const all = [[], ...KINDS_OF_TASK.map((kind) => [kind]), ...(kinds.length > 1 ? [kinds] : [])];
  const options = all.map((each) => ({ text: kindsOption(each), value: encodeAsk(id, { kinds: each }) }));
  return chosen(ASK.kinds, 'What kind of task', options, encodeAsk(id, { kinds }));
}

/** A query may name a tool that is no longer linked, or several. */
function toolSelect(id: string, { tools = [] }: Query, linked: readonly ProviderId[], { providers }: Told): Element {
  const isKnown = tools.length === 0 || (tools.length === 1 && linked.includes(tools[0] ?? ''));
  const all = [[], ...linked.map((tool) => [tool]), ...(isKnown ? [] : [tools])];
  const options = all.map((each) => ({ text: toolsOption(each, providers), value: encodeAsk(id, { tools: each }) }));
  return chosen(ASK.tools, 'In which tool', options, encodeAsk(id, { tools }));
}

function sortSelect(id: string, { sort }: Query): Element {
  const options = [undefined, ...SORTS].map((each) => ({
    text: sortOption(each),
    value: encodeAsk(id, each && { sort: each }),
  }));
  return chosen(ASK.sort, 'In which order', options, encodeAsk(id, sort && { sort }));
}

/** The menu shows the current choice, and each option says what it means without the others. */
function chosen(action: string, label: string, options: { text: string; value: string }[], value: string): Element {
  const offered = options.map((option) => ({ ...option, text: plainText(option.text, LIMITS.optionText) }));
  const menu = select(action, label, offered);
  const initial = menu.options?.find((option) => option.value === value);
  return initial ? { ...menu, initial_option: initial } : menu;
}
