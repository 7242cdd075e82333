import { z } from 'zod';
import { LIMITS } from '../../blocks/limits.ts';
import { accessory, actionElement, inputElement } from './schema-elements.ts';
import { anyText, blockId, plainText } from './schema-text.ts';

const base = { block_id: blockId.optional() };

const section = z.strictObject({
  ...base,
  type: z.literal('section'),
  text: anyText(LIMITS.sectionText),
  accessory: accessory.optional(),
});

const context = z.strictObject({
  ...base,
  type: z.literal('context'),
  elements: z.array(anyText(LIMITS.sectionText)).min(1).max(LIMITS.contextElements),
});

const actions = z
  .strictObject({
    ...base,
    type: z.literal('actions'),
    elements: z.array(actionElement).min(1).max(LIMITS.actionsElements),
  })
  .superRefine((block, refinement) => {
    const seen = new Set<string>();
    for (const [index, { action_id: id }] of block.elements.entries()) {
      if (id === undefined) continue;
      if (seen.has(id)) {
        refinement.addIssue({
          code: 'custom',
          message: `\`action_id\` ${id} already exists`,
          path: ['elements', index, 'action_id'],
        });
      }
      seen.add(id);
    }
  });

const input = z.strictObject({
  ...base,
  type: z.literal('input'),
  label: plainText(LIMITS.inputLabel),
  element: inputElement,
  hint: plainText(LIMITS.inputHint).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
});

const cell = z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) });

const column = z.strictObject({
  align: z.enum(['left', 'center', 'right']).optional(),
  is_wrapped: z.boolean().optional(),
});

const table = z.strictObject({
  ...base,
  type: z.literal('table'),
  column_settings: z.array(column).max(LIMITS.tableColumns).optional(),
  rows: z
    .array(z.array(cell).min(1).max(LIMITS.tableColumns))
    .min(1)
    .max(LIMITS.tableRows)
    .refine((rows) => rows.flat().reduce((sum, { text }) => sum + text.length, 0) <= LIMITS.tableText, {
      error: `no more than ${LIMITS.tableText} characters in all cells`,
    }),
});

/** Those that Docket shows; Slack has more. */
const block = z.discriminatedUnion('type', [
  section,
  z.strictObject({ ...base, type: z.literal('header'), text: plainText(LIMITS.headerText) }),
  z.strictObject({ ...base, type: z.literal('divider') }),
  context,
  actions,
  input,
  table,
]);

function uniqueBlockIds(blocks: z.infer<typeof block>[], refinement: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, { block_id: id }] of blocks.entries()) {
    if (id === undefined) continue;
    if (seen.has(id)) {
      refinement.addIssue({ code: 'custom', message: `\`block_id\` ${id} already exists`, path: [index, 'block_id'] });
    }
    seen.add(id);
  }
}

/** Only one control can have the keyboard. */
function oneFocus(blocks: z.infer<typeof block>[], refinement: z.RefinementCtx): void {
  const elements = blocks.flatMap(elementsIn);
  if (elements.filter((element) => 'focus_on_load' in element && element.focus_on_load === true).length <= 1) return;
  refinement.addIssue({ code: 'custom', message: 'only one element may have focus_on_load', path: [] });
}

function elementsIn(each: z.infer<typeof block>): object[] {
  if (each.type === 'section') return each.accessory ? [each.accessory] : [];
  if (each.type === 'actions') return each.elements;
  return each.type === 'input' ? [each.element] : [];
}

/** slack.md 3: one in a message, and none in a view. */
function oneTable(blocks: z.infer<typeof block>[], refinement: z.RefinementCtx): void {
  if (blocks.filter(({ type }) => type === 'table').length <= 1) return;
  refinement.addIssue({ code: 'custom', message: 'only_one_table_allowed', path: [] });
}

function noTable(blocks: z.infer<typeof block>[], refinement: z.RefinementCtx): void {
  const index = blocks.findIndex(({ type }) => type === 'table');
  if (index >= 0) refinement.addIssue({ code: 'custom', message: 'unsupported type', path: [index] });
}

export const messageBlocks = z.array(block).max(LIMITS.messageBlocks).superRefine(uniqueBlockIds).superRefine(oneTable);

/** The longest name that an app may give to a view. */
const EXTERNAL_ID = 255;

const viewBase = {
  blocks: z.array(block).max(LIMITS.viewBlocks).superRefine(uniqueBlockIds).superRefine(oneFocus).superRefine(noTable),
  private_metadata: z.string().max(LIMITS.privateMetadata).optional(),
  callback_id: z.string().max(LIMITS.callbackId).optional(),
  external_id: z.string().max(EXTERNAL_ID).optional(),
};

export const homeView = z.strictObject({ ...viewBase, type: z.literal('home') });

export const modalView = z
  .strictObject({
    ...viewBase,
    type: z.literal('modal'),
    title: plainText(LIMITS.viewTitle),
    close: plainText(LIMITS.viewButton).optional(),
    submit: plainText(LIMITS.viewButton).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
  })
  .refine((view) => view.submit !== undefined || view.blocks.every((candidate) => candidate.type !== 'input'), {
    error: 'missing required field: submit (needed where there are input blocks)',
  });
