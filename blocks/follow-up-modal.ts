/** The window "Create a follow-up": about whom, what, when, and a note that starts with the message it was opened from. */
import type { ModalView } from '@slack/types';
import type { Instant } from '../src/core/model/keys.ts';
import type { Choice, PersonFound } from '../src/core/ports/provider.ts';
import { option, section } from './elements.ts';
import { BLOCK, VIEW } from './ids.ts';
import { LIMITS } from './limits.ts';
import { input, modal } from './modal.ts';
import { encodeKind } from './row-ids.ts';
import { mrkdwn, plainText } from './text.ts';

type Several = Extract<PersonFound, { is: 'several' }>;

interface Creator {
  id: string;
  name: string;
  creating: { kinds: readonly Choice[] };
}

interface FollowUp {
  /** Where the rep has an account, and tasks can be created. */
  creators: readonly Creator[];
  /** As `encodeKind`; the first one by default. */
  kind?: string | undefined;
  dueAt: Instant;
  /** An address or a name. */
  who: string | undefined;
  note: string;
  /** The people who have that address or name. */
  found?: { provider: Pick<Creator, 'id' | 'name'> } & Pick<Several, 'people' | 'more'>;
}

/** The subject of a window's choice of people; it stands in the window. */
export function choiceOf(provider: string, who: string): string {
  return `${provider} ${who}`.slice(0, LIMITS.privateMetadata);
}

export function followUpModal({ creators, kind, dueAt, who, note, found }: FollowUp): ModalView {
  const options = kindsOf(creators).map(option);
  const first = options.find(({ value }) => value === kind) ?? options[0];
  const known = who && who.length <= LIMITS.inputText && { initial_value: who };
  const names = creators.map(({ name }) => name).join(' or ');
  return modal({
    callback: VIEW.draft,
    ...(found && { metadata: choiceOf(found.provider.id, who ?? '') }),
    title: 'Create a follow-up',
    submit: 'Create',
    blocks: [
      input(BLOCK.email, `Whom it is about: their address or name in ${names}`, { type: 'plain_text_input', ...known }),
      ...(found ? whichOne(found, who ?? '') : []),
      input(BLOCK.kind, 'What', { type: 'static_select', options, ...(first && { initial_option: first }) }),
      input(BLOCK.due, 'Due', { type: 'datetimepicker', initial_date_time: Math.floor(dueAt / 1_000) }),
      input(
        BLOCK.draftNote,
        'Note',
        {
          type: 'plain_text_input',
          multiline: true,
          max_length: LIMITS.inputText,
          ...(note && { initial_value: note }),
        },
        { optional: true },
      ),
    ],
  });
}

/** A rep with two tools chooses with the kind where the task goes. */
function kindsOf(creators: readonly Creator[]): { text: string; value: string }[] {
  return creators.flatMap(({ id, name, creating }) =>
    creating.kinds.map(({ value, text }) => ({
      text: plainText(creators.length > 1 ? `${text}, in ${name}` : text, LIMITS.optionText),
      value: encodeKind(id, value),
    })),
  );
}

/** Optional, for the rep may give another address instead. */
function whichOne({ provider, people, more }: NonNullable<FollowUp['found']>, who: string) {
  const others = more ? ' There are more; if the one you mean is not among them, give their address.' : '';
  const options = people.map(({ id, name, email }) =>
    option({ text: plainText(email ? `${name}, ${email}` : name, LIMITS.optionText) || id, value: id }),
  );
  return [
    section(
      `More than one person in ${provider.name} has the ${who.includes('@') ? 'address' : 'name'} “${mrkdwn(who, 120)}”.${others}`,
    ),
    ...(options.length > 0
      ? [input(BLOCK.person, 'Which one?', { type: 'static_select', options }, { optional: true })]
      : []),
  ];
}
