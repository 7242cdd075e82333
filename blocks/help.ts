/** All that a rep can type, from the grammar. */
import { COMMAND_RULES, SORT_WORDS, TERMS, TEXT_SEARCH, UNDO, VERB_RULES } from '../src/core/ask/grammar.ts';
import { context, type Rendered, section } from './elements.ts';

export function helpMessage(tools: readonly { name: string }[]): Rendered {
  const parts = [
    `*What you can type*\n\`/tasks\` alone has all your open tasks. Words narrow it, in any order: ${words()}. ${toolText(tools)}Any other word is searched for.`,
    [
      '*On the numbers of your last list*',
      ...VERB_RULES.map((rule) => line(rule.examples, rule.does)),
      line([UNDO.word], UNDO.does),
    ].join('\n'),
    ['*Commands*', ...COMMAND_RULES.map((rule) => line([commandOf(rule)], rule.does))].join('\n'),
  ];
  const note = 'Done, Dismiss, Snooze and Reschedule change the task at its provider; Undo takes it back.';
  return {
    text: parts.join('\n\n'),
    blocks: [...parts.map((part) => section(part)), context(`${TEXT_SEARCH.does}. ${note}`)],
  };
}

function words(): string {
  const terms = TERMS.map(({ words: [word] }) => `\`${word}\``);
  const sorts = Object.keys(SORT_WORDS).map((sort) => `\`sort:${sort}\``);
  return [...terms, '`before friday`', ...sorts].join(', ');
}

function toolText(tools: readonly { name: string }[]): string {
  const names = tools.map(({ name }) => `\`${name.split(/[ .]/)[0]?.toLowerCase()}\``);
  return names.length > 0 ? `So do your tools: ${names.join(', ')}. ` : '';
}

function line(examples: readonly string[], does: string): string {
  return `${examples.map((example) => `\`/tasks ${example}\``).join(' ')}  ${does}`;
}

function commandOf(rule: { word: string; args?: string }): string {
  return [rule.word, rule.args].filter(Boolean).join(' ');
}
