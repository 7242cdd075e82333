/** A menu in which a person picks several options, as Slack checks it. */
import { expect, test } from 'vitest';
import { checkView } from '../../../sandbox/slack/validate.ts';
import { initialValue, isEmpty } from '../../../sandbox/slack/values.ts';

const option = (id: number) => ({ text: { type: 'plain_text', text: `Task ${id}` }, value: String(id) });
const options = (count: number) => Array.from({ length: count }, (_, id) => option(id));

function viewWith(element: object) {
  const plain = (text: string) => ({ type: 'plain_text', text });
  const block = { type: 'input', block_id: 'b', label: plain('Tick'), element: { ...element, action_id: 'b' } };
  return { type: 'modal', title: plain('T'), submit: plain('S'), blocks: [block] } as never;
}

test('takes a hundred options, and initial ones among them', () => {
  const element = { type: 'multi_static_select', options: options(100), initial_options: [option(3)] };

  expect(checkView(viewWith(element), 'modal')).toBeUndefined();
  expect(initialValue(element as never)).toEqual({ type: element.type, selected_options: [option(3)] });
});

test.each([
  ['no option', { options: [] }],
  ['more than a hundred', { options: options(101) }],
  ['an initial one that is no option', { options: options(2), initial_options: [option(9)] }],
])('refuses %s', (_, element) => {
  expect(checkView(viewWith({ type: 'multi_static_select', ...element }), 'modal')).toBeDefined();
});

test('is empty until something is picked', () => {
  const untouched = initialValue({ type: 'multi_static_select', options: options(2) } as never);

  expect(untouched && isEmpty(untouched)).toBe(true);
});
