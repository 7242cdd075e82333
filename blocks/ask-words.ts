/** Docket's answers to a typed line that it does not carry out: they say what is missing, and what to type. */
import type { Asked, Unclear } from '../src/core/ask/asked.ts';
import { VERB_RULES } from '../src/core/ask/grammar.ts';
import { SORTS } from '../src/core/model/query.ts';
import type { Verb } from '../src/core/model/task.ts';
import type { TypedRefusal } from '../src/core/model/typed-reading.ts';
import { actions, type Block, button, type Rendered, section } from './elements.ts';
import { typedRefusal } from './form-errors.ts';
import { ACTION } from './ids.ts';
import { LIMITS } from './limits.ts';
import { mrkdwn, plainText, type Reader } from './text.ts';

/** One line that says what can be asked. */
const TIP =
  'Ask for a list, such as `overdue`, `calls tomorrow` or a name, or act on the last one by its numbers, such as `done 2`. `help` shows all.';

const UNCHANGED = 'Nothing was changed.';

export function unclearMessage(unclear: Extract<Asked, { is: 'unclear' }>, reader: Reader): Rendered {
  const text = unclearText(unclear, reader);
  const { search } = unclear;
  return withButtons(text, search === undefined ? [] : [searchButton(search)]);
}

export function nearMessage({ line, search }: Extract<Asked, { is: 'near' }>): Rendered {
  const yes = plainText(`Yes, ${line}`, LIMITS.buttonText);
  return withButtons(`Did you mean \`${mrkdwn(line, 200)}\`?`, [
    button(ACTION.askRun, yes, line, { style: 'primary' }),
    searchButton(search),
  ]);
}

/** A search compares no more of a text, and a line with the marks around it has to stay one. */
const LONGEST_SEARCH = 200;

/** Quotation marks make a text of any words. */
function searchButton(text: string) {
  const bare = text
    .replace(/["“”„‟«»]/g, ' ')
    .trim()
    .slice(0, LONGEST_SEARCH);
  return button(ACTION.askSearch, plainText(`Search for “${bare}”`, LIMITS.buttonText), `"${bare}"`);
}

export function withButtons(text: string, buttons: ReturnType<typeof button>[]): Rendered {
  const blocks: Block[] = [section(text), ...(buttons.length > 0 ? [actions(buttons)] : [])];
  return { text, blocks };
}

export function nothingFound(text: string): string {
  return `No open task contains “${mrkdwn(text, 100)}”. ${TIP}`;
}

function unclearText(unclear: Unclear, reader: Reader): string {
  switch (unclear.why) {
    case 'numbers':
      return `Say which tasks by the numbers of your list, such as ${examplesOf(unclear.verb)}; for all of them press *Act on many* above it. ${UNCHANGED}`;
    case 'words':
      return `“${mrkdwn(unclear.said, 60)}” beside \`${unclear.verb}\` is neither a number nor anything else that Docket knows. Type for example ${examplesOf(unclear.verb)}. ${UNCHANGED}`;
    case 'no_time':
      return `Say to when, such as ${examplesOf(unclear.verb)}. ${UNCHANGED}`;
    case 'time':
      return `${timeText(unclear.said, unclear.read, reader)} ${UNCHANGED}`;
    case 'undo':
      return `\`undo\` stands alone, and takes back the last thing that you did. ${UNCHANGED}`;
    case 'no_verb':
      return `A number alone does nothing: type for example \`done 2\` or \`snooze 2\`. ${UNCHANGED}`;
    case 'two_whens':
      return 'A list has one time: ask for `overdue` or for `today`, not for both.';
    case 'day':
      return `A list is asked for by \`today\`, \`tomorrow\`, \`this week\`, \`next week\` or \`before friday\`, not by “${mrkdwn(unclear.said, 60)}” alone.`;
    case 'before':
      return timeText(unclear.said, unclear.read, reader);
    case 'before_hour':
      return `A list is of whole days: leave out the hour of “${mrkdwn(unclear.said, 60)}”.`;
    case 'sort':
      return `A list is sorted by ${SORTS.map((sort) => `\`sort:${sort}\``).join(', ')}.`;
    case 'too_long':
      return `That is longer than the 300 characters that Docket reads. ${TIP} ${UNCHANGED}`;
    case 'nothing':
      return TIP;
  }
}

function examplesOf(verb: Verb): string {
  const examples = VERB_RULES.find((rule) => rule.verb === verb)?.examples ?? [];
  return examples.map((example) => `\`${example}\``).join(' or ');
}

function timeText(said: string, read: TypedRefusal, reader: Reader): string {
  const quoted = `“${mrkdwn(said, 60)}”`;
  switch (read.refused) {
    case 'not_understood':
      return `${quoted} is no time that Docket understands. Try \`tomorrow at 3pm\` or \`2026-12-01 15:00\`.`;
    case 'far_away':
      return `${quoted} is more than two years ahead. Give a nearer time.`;
    default:
      return `${quoted}: ${mrkdwn(typedRefusal(read, reader), 600)}`;
  }
}
