/** The words for admins who set up tools: why a key is not taken, and what to do. */
import type { ProviderError } from '../src/core/model/errors.ts';
import { type FieldProblem, LONGEST_VALUE } from '../src/core/model/tool-form.ts';
import type { EndResult, SaveResult } from '../src/core/people/tool-desk.ts';
import { count, exactTime, mention, type Reader } from './text.ts';

export const TOOLS = {
  notAdmin: 'Only admins of this workspace can set up its sales tools. `/tasks connect` shows your own accounts.',
  cannotKeep:
    'Docket cannot keep a key yet, because it has nothing to encrypt it with. Ask its operator to set ENCRYPTION_KEY.',
} as const;

/** Plain text beside the field. */
export function fieldProblem(problem: FieldProblem): string {
  switch (problem.is) {
    case 'missing':
      return 'Paste the value here.';
    case 'quotes':
      return 'Paste it without the quotation marks around it.';
    case 'characters':
      return `That is no such value: it has a blank or a special letter in it, or more than ${LONGEST_VALUE} characters. Copy it again.`;
    case 'days':
      return 'Give a whole number of days from 1 to 365, or leave it empty.';
    case 'address':
      return `Give an address such as https://company-17.${problem.of}, with nothing behind it, or leave it empty.`;
  }
}

/** Why a tool did not take a key, or does not answer with the one that it has. */
export function whyNotTaken({ kind, isPersonal }: Pick<ProviderError, 'kind' | 'isPersonal'>, name: string): string {
  if (isPersonal) {
    return `${name} says that this key is one person's: all that reps do would be done in that person's name. Copy the Master key of the workspace instead.`;
  }
  switch (kind) {
    case 'auth':
    case 'disconnected':
      return `${name} refuses the key: a part of it is wrong, or it was revoked there. Copy it again.`;
    case 'forbidden':
      return `${name} takes the key, but not for what Docket does. Give it the rights there that its field names.`;
    case 'not_enabled':
      return `${name} has no access to tasks for this account. Ask for it there.`;
    case 'rate_limited':
      return `${name} is getting too many requests just now. Try again in a minute; it is safe.`;
    case 'unavailable':
    case 'away':
      return `${name} does not answer just now. Try again in a few minutes; it is safe.`;
    default:
      return `${name} answers, but not as its API does. Try again later, which is safe; if it stays so, tell the operator of Docket.`;
  }
}

export function saidOfSave(
  result: SaveResult,
  { name, consent }: { name: string; consent: boolean },
  reader: Reader,
): string {
  switch (result.is) {
    case 'saved': {
      const next = consent
        ? `Each rep signs in there for themselves: they type \`/tasks connect\`.`
        : 'People are linked by their addresses now. `/tasks team` shows in a minute or so who is, and who is not.';
      return `*${name} ${result.again ? 'has the new key' : 'is connected'}.* ${next}`;
    }
    case 'not_admin':
      return TOOLS.notAdmin;
    case 'operators':
      return `The operator of Docket has set ${name} for this workspace, so nothing was saved.`;
    case 'cannot_keep':
      return TOOLS.cannotKeep;
    case 'refused':
      return `*Nothing was saved.* ${whyNotTaken(result.error, name)} (Reference: ${result.reference})`;
    case 'another_account':
      return `*Nothing was saved.* This key is of another ${name} account: ${unknown(result.links)} in it. If that is right, disconnect ${name} first, and then connect it with this key.`;
    case 'changed':
      return `*Nothing was saved.* ${changedText(result, name, reader)}`;
  }
}

export function saidOfEnd(result: EndResult, name: string, reader: Reader): string {
  switch (result.is) {
    case 'ended':
      return `*${name} is disconnected*, and its key is deleted here. ${count(result.links, 'link')} ended. Revoke the key in ${name} too if nothing else uses it.`;
    case 'changed':
      return `*Nothing was disconnected.* ${changedText(result, name, reader)}`;
    default:
      return saidOfSave(result, { name, consent: false }, reader);
  }
}

function unknown(links: number): string {
  if (links === 1) return 'the one rep who is linked here is not';
  return `none of the ${links.toLocaleString('en-US')} reps who are linked here is`;
}

function changedText({ now }: Extract<SaveResult, { is: 'changed' }>, name: string, reader: Reader): string {
  if (!now) return `${name} was disconnected meanwhile. Close this window, look, and begin again if it is still right.`;
  return `${mention(now.by)} has set another key for ${name} meanwhile (${exactTime(now.at, reader)}). Close this window, look, and begin again if it is still right.`;
}
