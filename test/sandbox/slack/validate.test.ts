import { describe, expect, test } from 'vitest';
import { LIMITS, weightOf } from '../../../blocks/limits.ts';
import { checkMessageBlocks, checkView } from '../../../sandbox/slack/validate.ts';

type Build = (size: number) => unknown[];

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const letters = (size: number) => 'x'.repeat(size);
const times = <T>(size: number, make: (index: number) => T) => Array.from({ length: size }, (_, index) => make(index));
const option = (value: string, text = value) => ({ text: plain(text), value });
const options = (size: number) => times(size, (index) => option(`${index}`));
const section = (more: object) => [{ type: 'section', text: mrkdwn('x'), ...more }];
const actions = (...elements: unknown[]) => [{ type: 'actions', elements }];
const BUTTON = { type: 'button', text: plain('x') };
const press = (more: object) => actions({ ...BUTTON, ...more });
const select = (more: object) => actions({ type: 'static_select', options: [option('a')], ...more });
const confirm = (more: object) => press({ confirm: { text: plain('x'), ...more } });
const input = (more: object) => [{ type: 'input', label: plain('x'), element: { type: 'plain_text_input' }, ...more }];
const entry = (element: object) => input({ element });
const typed = (more: object) => entry({ type: 'plain_text_input', ...more });
const accessory = (element: object) => section({ accessory: element });
const menu = (more: object) => accessory({ type: 'overflow', ...more });
const link = (size: number) => `https://x.test/${letters(size - 'https://x.test/'.length)}`;

const many = (more: object) => accessory({ type: 'multi_static_select', options: [option('a')], ...more });
const groups = (size: number, each = 1) => times(size, () => ({ label: plain('x'), options: options(each) }));
const grouped = (option_groups: unknown[]) => select({ options: undefined, option_groups });

const cell = { type: 'raw_text', text: 'x' };
const table = (rows: number, columns: number) => [
  { type: 'table', rows: times(rows, () => times(columns, () => cell)) },
];

const SIZES: [name: string, limit: number, build: Build][] = [
  ['blocks', LIMITS.messageBlocks, (n) => times(n, () => ({ type: 'divider' }))],
  ['section text', LIMITS.sectionText, (n) => section({ text: mrkdwn(letters(n)) })],
  ['header text', LIMITS.headerText, (n) => [{ type: 'header', text: plain(letters(n)) }]],
  ['context elements', LIMITS.contextElements, (n) => [{ type: 'context', elements: times(n, () => mrkdwn('x')) }]],
  ['actions elements', LIMITS.actionsElements, (n) => actions(...times(n, () => BUTTON))],
  ['rows of a table', LIMITS.tableRows, (n) => table(n, 1)],
  ['columns of a table', LIMITS.tableColumns, (n) => table(1, n)],
  ['text of a table', LIMITS.tableText, (n) => [{ type: 'table', rows: [[{ type: 'raw_text', text: letters(n) }]] }]],
  ['settings of columns', LIMITS.tableColumns, (n) => [{ ...table(1, 1)[0], column_settings: times(n, () => ({})) }]],
  ['button text', LIMITS.buttonText, (n) => press({ text: plain(letters(n)) })],
  ['button value', LIMITS.buttonValue, (n) => press({ value: letters(n) })],
  ['button url', LIMITS.url, (n) => press({ url: link(n) })],
  ['action_id', LIMITS.actionId, (n) => press({ action_id: letters(n) })],
  ['block_id', LIMITS.blockId, (n) => [{ type: 'divider', block_id: letters(n) }]],
  ['option text', LIMITS.optionText, (n) => select({ options: [option('a', letters(n))] })],
  ['option value', LIMITS.optionValue, (n) => select({ options: [option(letters(n), 'a')] })],
  ['select options', LIMITS.selectOptions, (n) => select({ options: options(n) })],
  ['placeholder', LIMITS.placeholderText, (n) => select({ placeholder: plain(letters(n)) })],
  ['overflow options', LIMITS.overflowOptions, (n) => menu({ options: options(n) })],
  ['check boxes', LIMITS.checkboxOptions, (n) => actions({ type: 'checkboxes', options: options(n) })],
  ['radio buttons', LIMITS.checkboxOptions, (n) => actions({ type: 'radio_buttons', options: options(n) })],
  ['confirm title', LIMITS.confirmTitle, (n) => confirm({ title: plain(letters(n)) })],
  ['confirm text', LIMITS.confirmText, (n) => confirm({ text: plain(letters(n)) })],
  ['confirm button', LIMITS.confirmButton, (n) => confirm({ confirm: plain(letters(n)) })],
  ['deny button', LIMITS.confirmButton, (n) => confirm({ deny: plain(letters(n)) })],
  ['input label', LIMITS.inputLabel, (n) => input({ label: plain(letters(n)) })],
  ['input hint', LIMITS.inputHint, (n) => input({ hint: plain(letters(n)) })],
  ['min_length', 3_000, (n) => typed({ min_length: n })],
  ['max_length', 3_000, (n) => typed({ max_length: n })],
  ['initial text', 3_000, (n) => typed({ initial_value: letters(n) })],
  ['initial text under max_length', 10, (n) => typed({ initial_value: letters(n), max_length: 10 })],
  ['menu among actions', LIMITS.overflowOptions, (n) => actions({ type: 'overflow', options: options(n) })],
  ['radio buttons in input', LIMITS.checkboxOptions, (n) => entry({ type: 'radio_buttons', options: options(n) })],
  ['address of an option', LIMITS.url, (n) => menu({ options: [{ ...option('a'), url: link(n) }] })],
  ['options of several', LIMITS.selectOptions, (n) => many({ options: options(n) })],
  ['groups of options', LIMITS.selectOptions, (n) => grouped(groups(n))],
  ['options of a group', LIMITS.selectOptions, (n) => grouped(groups(1, n))],
  ['heading of a group', LIMITS.optionText, (n) => grouped([{ label: plain(letters(n)), options: options(1) }])],
  [
    'several from the start',
    2,
    (n) => many({ options: options(9), initial_options: options(n), max_selected_items: 2 }),
  ],
  ['check boxes in input', LIMITS.checkboxOptions, (n) => entry({ type: 'checkboxes', options: options(n) })],
];

describe('sizes', () => {
  test.each(SIZES)('%s: %i is taken, one more is refused', (_name, limit, build) => {
    expect(checkMessageBlocks(build(limit))).toBeUndefined();
    expect(checkMessageBlocks(build(limit + 1))?.error).toBe('invalid_blocks');
  });

  const SOME = 400;
  /** Twenty sections that weigh just so much. */
  const weighing = (weight: number) => {
    const blocks = times(20, () => ({ type: 'section', text: mrkdwn(letters(SOME)) }));
    return blocks.with(0, { type: 'section', text: mrkdwn(letters(SOME + weight - weightOf(blocks))) });
  };

  test('the text of all blocks, and 125 for each block', () => {
    expect(checkMessageBlocks(weighing(12_000))).toBeUndefined();
    expect(checkMessageBlocks(weighing(12_001))?.error).toBe('msg_blocks_too_long');
  });

  test('the length of the JSON does not count: fifty blocks of 15,561 characters were taken with 5,000 of text', () => {
    const text = mrkdwn(letters(100));
    const blocks = times(50, (index) => ({ type: 'section', text, block_id: `${index}${letters(200)}` }));
    expect(JSON.stringify(blocks).length).toBeGreaterThan(15_561);
    expect(checkMessageBlocks(blocks)).toBeUndefined();
  });

  test.each([
    ['a divider', [{ type: 'divider' }], 125],
    ['a section', section({ text: mrkdwn('four') }), 129],
    ['fields', [{ type: 'section', fields: [plain('ab'), mrkdwn('c')] }], 128],
    ['escaped and bare, each as it is escaped', section({ text: mrkdwn('&amp;&lt;&<>') }), 125 + 5 + 4 + 5 + 4 + 4],
    ['what is written on buttons', press({ text: plain('Done'), value: letters(100) }), 129],
    ['options and their dialogs', select({ options: [option('v', 'ab')], confirm: { text: plain('sure?') } }), 132],
  ])('weighs %s', (_name, blocks, weight) => {
    expect(weightOf(blocks)).toBe(weight);
  });
});

const BAD: [name: string, blocks: unknown[], message: string][] = [
  ['block that Docket does not show', [{ type: 'image', alt_text: 'a' }], 'unsupported type [/blocks/0/type]'],
  ['no type', [{ text: plain('x') }], 'type'],
  ['unknown field', [{ type: 'divider', colour: 'red' }], 'invalid additional property: colour [/blocks/0]'],
  ['empty text', section({ text: mrkdwn('') }), 'must be more than 0 characters [/blocks/0/text/text]'],
  ['empty section', [{ type: 'section' }], 'missing required field: text [/blocks/0]'],
  ['mrkdwn button', press({ text: mrkdwn('x') }), '[/blocks/0/elements/0/text/type]'],
  ['mrkdwn header', [{ type: 'header', text: mrkdwn('x') }], '[/blocks/0/text/type]'],
  ['emoji on mrkdwn', section({ text: { ...mrkdwn('x'), emoji: true } }), 'invalid additional property: emoji'],
  ['button without text', actions({ type: 'button' }), 'missing required field: text [/blocks/0/elements/0]'],
  ['button style', press({ style: 'default' }), 'must be a valid enum value [/blocks/0/elements/0/style]'],
  ['button url', press({ url: 'x' }), 'must be a valid URL'],
  ['no elements', [{ type: 'actions', elements: [] }], 'no fewer than 1 items allowed'],
  ['a list in both ways', select({ option_groups: groups(1) }), 'only one of options and option_groups'],
  ['a list in no way', select({ options: undefined }), 'missing required field: options'],
  ['a group without options', grouped(groups(1, 0)), 'no fewer than 1 items allowed'],
  ['a foreign option of several', many({ initial_options: [option('b')] }), 'initial_options must match'],
  ['no initial options', many({ initial_options: [] }), 'no fewer than 1 items allowed'],
  ['room for nothing', many({ max_selected_items: 0 }), '/accessory/max_selected_items'],
  ['several among actions', actions({ type: 'multi_static_select', options: options(1) }), 'unsupported type'],
  ['no options', select({ options: [] }), 'no fewer than 1 items allowed'],
  ['foreign initial option', select({ initial_option: option('b') }), 'initial_option must match'],
  ['mrkdwn select option', select({ options: [{ text: mrkdwn('x'), value: 'a' }] }), '/options/0/text/type'],
  ['menu without options', actions({ type: 'overflow', options: [] }), 'no fewer than 1 items allowed'],
  ['menu in input', input({ element: { type: 'overflow', options: [option('a')] } }), 'unsupported type'],
  ['placeholder of a menu', menu({ options: [option('a')], placeholder: plain('x') }), 'placeholder'],
  ['options of a list of people', actions({ type: 'users_select', options: [option('a')] }), 'property: options'],
  ['min_length above max_length', typed({ min_length: 11, max_length: 10 }), '/element/min_length'],
  ['no max_length', typed({ max_length: 0 }), '/element/max_length'],
  ['lengths of an email', input({ element: { type: 'email_text_input', max_length: 10 } }), 'property: max_length'],
  ['email in actions', actions({ type: 'email_text_input' }), 'unsupported type'],
  ['text beside a section', accessory({ type: 'plain_text_input' }), 'unsupported type'],
  ['text input in actions', actions({ type: 'plain_text_input' }), 'unsupported type'],
  ['button in input', input({ element: BUTTON }), 'unsupported type'],
  ['datetimepicker beside a section', section({ accessory: { type: 'datetimepicker' } }), 'unsupported type'],
  ['date', actions({ type: 'datepicker', initial_date: '2026-02-30' }), '/initial_date'],
  ['time', actions({ type: 'timepicker', initial_time: '24:00' }), '/initial_time'],
  ['same block_id', times(2, () => ({ type: 'divider', block_id: 'a' })), 'already exists [/blocks/1/block_id]'],
  ['same action_id', actions(...times(2, () => ({ ...BUTTON, action_id: 'a' }))), '[/blocks/0/elements/1/action_id]'],
  ['long text', section({ text: mrkdwn(letters(3_001)) }), 'must be less than 3001 characters [/blocks/0/text/text]'],
];

test.each(BAD)('refuses %s', (_name, blocks, message) => {
  const refusal = checkMessageBlocks(blocks);
  expect(refusal?.error).toBe('invalid_blocks');
  expect(refusal?.messages.join('\n').replaceAll('json-pointer:', '')).toContain(message);
});

test('a message has one table, and a view none', () => {
  expect(checkMessageBlocks(table(2, 2))).toBeUndefined();
  expect(checkMessageBlocks([...table(1, 1), ...table(1, 1)])?.messages.join()).toContain('only_one_table_allowed');
  expect(checkView({ type: 'home', blocks: table(1, 1) }, 'home')?.messages.join()).toContain('unsupported type');
});

test('what is no array is a format error', () => {
  expect(checkMessageBlocks('[{"type":')?.error).toBe('invalid_blocks_format');
});

const modal = (more: object) => ({ type: 'modal', title: plain('x'), submit: plain('x'), blocks: [], ...more });
const home = (more: object) => ({ type: 'home', blocks: [], ...more });

const VIEW_SIZES: [name: string, limit: number, build: (size: number) => unknown][] = [
  ['title', LIMITS.viewTitle, (n) => modal({ title: plain(letters(n)) })],
  ['submit', LIMITS.viewButton, (n) => modal({ submit: plain(letters(n)) })],
  ['close', LIMITS.viewButton, (n) => modal({ close: plain(letters(n)) })],
  ['blocks', LIMITS.viewBlocks, (n) => modal({ blocks: times(n, () => ({ type: 'divider' })) })],
  ['private_metadata', LIMITS.privateMetadata, (n) => modal({ private_metadata: letters(n) })],
  ['callback_id', LIMITS.callbackId, (n) => modal({ callback_id: letters(n) })],
  ['external_id', 255, (n) => modal({ external_id: letters(n) })],
  ['controls with focus_on_load', 1, (n) => modal({ blocks: times(n, () => typed({ focus_on_load: true })[0]) })],
];

test.each(VIEW_SIZES)('%s of a view: %i is taken, one more is refused', (_name, limit, build) => {
  expect(checkView(build(limit), 'modal')).toBeUndefined();
  expect(checkView(build(limit + 1), 'modal')?.error).toBe('invalid_arguments');
});

test('a view of too many bytes is refused', () => {
  const blocks = times(100, () => ({ type: 'section', text: mrkdwn(letters(2_900)) }));
  expect(checkView(home({ blocks }), 'home')?.error).toBe('view_too_large');
});

test('input blocks need a submit button', () => {
  expect(checkView(modal({ submit: undefined, blocks: input({}) }), 'modal')?.messages.join()).toContain('submit');
  expect(checkView(modal({ submit: undefined }), 'modal')).toBeUndefined();
  expect(checkView(home({ blocks: input({}) }), 'home')).toBeUndefined();
});

test('a modal is no Home', () => {
  expect(checkView(modal({}), 'home')?.error).toBe('invalid_arguments');
  expect(checkView(home({ title: plain('x') }), 'home')?.error).toBe('invalid_arguments');
  expect(checkView(undefined, 'modal')?.error).toBe('invalid_arguments');
});
