/** Messages and windows as dense as Slack lets them be, for tests of the page. Built by hand: what the app shows may change. */
import type { JsonObject } from '../../sandbox/slack/types.ts';

export const plain = (text: string) => ({ type: 'plain_text', text });
export const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
export const option = (value: string, text = value) => ({ text: plain(text), value });
export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const PEOPLE = ['Dana Whitfield', 'Mateo Arbelaiz', 'Ines Calder', 'Bo Tanaka', 'Priya Raghunathan', 'Olu Adeyemi'];
const FIRMS = ['Halvorsen Freight', 'Kestrel & Sons', 'Blue Harbour Logistics GmbH', 'Northwind', 'Aurelio Foods'];
const WHAT = ['Call about the renewal', 'Send the pricing proposal', 'Follow up on the demo', 'Connect on LinkedIn'];

function nth(list: readonly string[], index: number): string {
  return list[index % list.length] ?? '';
}

function titleOf(number: number): string {
  return nth(WHAT, number);
}

function fullRow(number: number): JsonObject[] {
  const reach = `<tel:+15550100${number}|+1 555 010 0${number}> · <mailto:a${number}@x.example|e-mail>`;
  const about = `${nth(PEOPLE, number)}, ${nth(FIRMS, number)} · ${reach}`;
  const menu = {
    type: 'overflow',
    action_id: 'more',
    options: ['Open…', 'Done, left voicemail'].map((text) => option(text)),
  };
  const button = (id: string, text: string) => ({
    type: 'button',
    action_id: id,
    text: plain(text),
    value: `${number}`,
  });
  const snooze = {
    type: 'static_select',
    action_id: 'snooze',
    placeholder: plain('Snooze'),
    options: ['In 1 hour', 'This afternoon, 15:00', 'Tomorrow, Tue 09:00'].map((text) => option(text)),
  };
  const text = mrkdwn(
    `*${number}. <https://gong.example/t/${number}|${titleOf(number)}>*\n${about}\n:telephone_receiver: Call · due today 10:30 · Gong`,
  );
  return [
    { type: 'section', block_id: `full-${number}`, text, accessory: menu },
    {
      type: 'actions',
      block_id: `verbs-${number}`,
      elements: [
        { ...button('done', 'Done'), style: 'primary' },
        snooze,
        button('when', 'Reschedule'),
        button('dismiss', 'Dismiss'),
      ],
    },
  ];
}

export const VERBS = ['Done', 'Snooze to tomorrow, Tue 09:00', 'Reschedule…', 'Dismiss', 'Open…'];

function compactRow(number: number): JsonObject {
  const about = `${nth(PEOPLE, number)}, ${nth(FIRMS, number)} · 2 days late`;
  const text = `*${number}.* <https://gong.example/t/${number}|${titleOf(number)}> · ${about}`;
  const accessory = {
    type: 'overflow',
    action_id: 'verbs',
    options: VERBS.map((verb) => option(`${verb} ${number}`, verb)),
  };
  return { type: 'section', block_id: `row-${number}`, text: mrkdwn(text), accessory };
}

/** Three full rows and twenty compact ones. */
export function denseMessage(): JsonObject[] {
  const button = (id: string, text: string) => ({ type: 'button', action_id: id, text: plain(text) });
  return [
    { type: 'header', block_id: 'head', text: plain('Monday: 61 open tasks') },
    {
      type: 'context',
      block_id: 'sum',
      elements: [mrkdwn('12 late · 18 today · 31 this week · Gong, Outreach, Reply.io')],
    },
    {
      type: 'actions',
      block_id: 'top',
      elements: [{ ...button('work', 'Work through'), style: 'primary' }, button('sweep', 'Act on many')],
    },
    { type: 'divider', block_id: 'line-1' },
    ...times(3, (index) => fullRow(index + 1)).flat(),
    { type: 'divider', block_id: 'line-2' },
    ...times(20, (index) => compactRow(index + 4)),
    { type: 'context', block_id: 'pages', elements: [mrkdwn('1–23 of 61')] },
    { type: 'actions', block_id: 'turn', elements: [button('next', 'Next 23')] },
  ];
}

const input = (blockId: string, label: string, element: object, optional = false): JsonObject => ({
  type: 'input',
  block_id: blockId,
  label: plain(label),
  optional,
  element: JSON.parse(JSON.stringify(element)),
});

const window = (title: string, submit: string, blocks: JsonObject[]): JsonObject => ({
  type: 'modal',
  callback_id: title,
  notify_on_close: true,
  title: plain(title),
  submit: plain(submit),
  close: plain('Stop'),
  blocks,
});

/** The one to begin with is not the first. */
const CHOICES = ['Skip', 'Done', 'Snooze to tomorrow, Tue 09:00', 'Dismiss'];

/** One task of many; the next one takes its place, in blocks of its own. */
export function focusWindow(number: number): JsonObject {
  return window(`Task ${number} of 12`, 'Next', [
    { type: 'context', block_id: `at-${number}`, elements: [mrkdwn(`${number} of 12 · 3 done, 1 snoozed`)] },
    {
      type: 'section',
      block_id: `task-${number}`,
      text: mrkdwn(
        [
          `*<https://gong.example/t/${number}|${titleOf(number)}>*`,
          `${nth(PEOPLE, number)}, VP Operations, ${nth(FIRMS, number)}`,
          '<tel:+15550100|+1 555 0100> · <mailto:dana@x.example|dana@x.example>',
          '> Asked for a quote for 40 seats.',
          '> Wants to decide _before Friday_, ~not next month~.',
        ].join('\n'),
      ),
    },
    input(`choice-${number}`, 'What now?', {
      type: 'radio_buttons',
      action_id: 'choice',
      options: CHOICES.map((text) => option(text)),
      initial_option: option('Done'),
    }),
    input(
      `note-${number}`,
      'Note',
      { type: 'plain_text_input', action_id: 'note', placeholder: plain('What happened?') },
      true,
    ),
  ]);
}

/** Which tasks, what to do with them, and when. */
export function sweepWindow(): JsonObject {
  const groups = [
    {
      label: plain('Late'),
      options: times(6, (index) => option(`late-${index}`, `${titleOf(index)} · ${nth(PEOPLE, index)}`)),
    },
    {
      label: plain('Today'),
      options: times(9, (index) => option(`today-${index}`, `${titleOf(index)} · ${nth(PEOPLE, index)}`)),
    },
  ];
  return window('Act on many', 'Preview', [
    input('tasks', 'Tasks', {
      type: 'multi_static_select',
      action_id: 'tasks',
      option_groups: groups,
      max_selected_items: 3,
      placeholder: plain('Choose tasks'),
    }),
    input('verb', 'What to do', {
      type: 'radio_buttons',
      action_id: 'verb',
      options: CHOICES.slice(1).map((text) => option(text)),
    }),
    input('kind', 'Only tasks of this tool', {
      type: 'static_select',
      action_id: 'kind',
      options: ['Any', 'Gong', 'Outreach'].map((text) => option(text)),
      initial_option: option('Any'),
    }),
    input('until', 'Until', { type: 'datetimepicker', action_id: 'until', initial_date_time: 1_795_519_800 }, true),
    input(
      'also',
      'Also',
      {
        type: 'checkboxes',
        action_id: 'also',
        options: [option('note', 'Write a note at each task'), option('tell', 'Tell me when it is done')],
      },
      true,
    ),
  ]);
}

export function previewWindow(count: number): JsonObject {
  const rows = times(
    count,
    (index): JsonObject => ({
      type: 'section',
      block_id: `preview-${index}`,
      text: mrkdwn(`*${index + 1}.* ${titleOf(index)} · ${nth(PEOPLE, index)}`),
    }),
  );
  return window('Act on many', `Do it to ${count}`, [
    { type: 'section', block_id: 'preview', text: mrkdwn(`*${count} tasks* will be done:`) },
    ...rows,
  ]);
}
