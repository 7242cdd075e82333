/** What the choices of a select, of check boxes or of radio buttons must have to do with one another. */
import type { z } from 'zod';

interface Choice {
  text: { text: string };
  value: string;
}

interface Choices {
  options?: Choice[] | undefined;
  option_groups?: { options: Choice[] }[] | undefined;
}

function hasChoice({ options = [], option_groups: groups = [] }: Choices, chosen: Choice): boolean {
  const all = [...options, ...groups.flatMap((group) => group.options)];
  return all.some((option) => option.value === chosen.value && option.text.text === chosen.text.text);
}

function complain(context: z.RefinementCtx, message: string, ...path: string[]): void {
  context.addIssue({ code: 'custom', message, path });
}

/** A list is given plain or in groups, not in both ways. */
export function checkListed({ options, option_groups: groups }: Choices, context: z.RefinementCtx): void {
  if (!options && !groups) complain(context, 'missing required field: options');
  if (options && groups) complain(context, 'only one of options and option_groups may be given', 'option_groups');
}

/** An initial choice has to be one of the options. */
export function checkInitial(
  element: Choices & { initial_option?: Choice | undefined },
  context: z.RefinementCtx,
): void {
  if (element.initial_option === undefined || hasChoice(element, element.initial_option)) return;
  complain(context, 'initial_option must match one of the options', 'initial_option');
}

interface ManyChoices extends Choices {
  initial_options?: Choice[] | undefined;
}

export function checkInitials(element: ManyChoices, context: z.RefinementCtx): void {
  if (!element.initial_options || element.initial_options.every((option) => hasChoice(element, option))) return;
  complain(context, 'initial_options must match the options', 'initial_options');
}

/** A list that begins with more than may be chosen could not be submitted. */
export function checkMost(
  {
    initial_options: initial = [],
    max_selected_items: most,
  }: ManyChoices & { max_selected_items?: number | undefined },
  context: z.RefinementCtx,
): void {
  if (most === undefined || initial.length <= most) return;
  complain(context, `no more than ${most} items allowed`, 'initial_options');
}
