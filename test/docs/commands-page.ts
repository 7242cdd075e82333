/** docs/commands.md, from the grammar. */
import { COMMAND_RULES, SORT_WORDS, TERMS, TEXT_SEARCH, UNDO, VERB_RULES } from '../../src/core/ask/grammar.ts';
import { PROVIDERS } from '../../src/providers/index.ts';

type Cells = readonly [string, string, string];

export function commandsPage(): string {
  return [
    '# What you can type',
    'Behind `/tasks`, or in the conversation with Docket without `/tasks`. Capitals, accents, quotation marks, blanks and small words do not ' +
      "matter: `What's overdue at Acme?` is `overdue acme`. A word that is nearly one of these is asked about, any other is searched for. " +
      'Docket reads English.',
    '(Written from `src/core/ask/grammar.ts`: `npx vitest run test/docs/commands.test.ts -u`.)',
    '## Lists',
    '`/tasks` alone lists all that is open. Words narrow it, in any order: `calls tomorrow`, `overdue gong acme sort:amount`. Several kinds or ' +
      'tools widen it (`calls and emails`); a list has one time.',
    table(
      ['type', 'or', 'what it lists'],
      [
        ...TERMS.map(
          ({ words: [word = '', ...others], does }): Cells => [code(word), others.map(code).join(', '), does],
        ),
        [code('before friday'), code('by friday'), 'what is due before that day; `by` takes the day in'],
        ...Object.values(PROVIDERS).map(
          ({ name }): Cells => [code(name.split('.')[0]?.toLowerCase() ?? ''), '', `what ${name} holds`],
        ),
        [code(TEXT_SEARCH.args), code('"today"'), TEXT_SEARCH.does],
      ],
    ),
    '## Order',
    table(
      ['type', 'or', 'what stands first'],
      Object.entries(SORT_WORDS).map(
        ([sort, { words, does }]): Cells => [
          code(`sort:${sort}`),
          words.map((word) => code(`by ${word}`)).join(', '),
          does,
        ],
      ),
    ),
    '## Verbs on numbers',
    'Numbers are those of the list that you saw last: the newest digest or answer with rows, also on its other pages. Docket asks first, with one ' +
      'button, if that list is of another day or older than eight hours, if the task was changed since, if the list does not show the row, ' +
      'or if the tool cannot take it back. A line that is not understood as a whole changes nothing.',
    table(
      ['type', 'or', 'what it does'],
      [
        ...VERB_RULES.map(
          ({ examples, words, does }): Cells => [
            examples.map(code).join(', '),
            words.slice(1).map(code).join(', '),
            does,
          ],
        ),
        [code(UNDO.word), '', UNDO.does],
      ],
    ),
    '## Commands',
    table(
      ['type', 'or', 'what it does'],
      COMMAND_RULES.map(
        (rule): Cells => [
          code([rule.word, 'args' in rule ? rule.args : ''].filter(Boolean).join(' ')),
          rule.words.slice(1).map(code).join(', '),
          rule.does,
        ],
      ),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

function table(head: Cells, rows: readonly Cells[]): string {
  return [head, ['---', '---', '---'], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
