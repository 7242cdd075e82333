/** The window "Create a follow-up": about whom, what, when, and a note that starts with the message it was opened from. */
import type { ModalView } from '@slack/types';
import type { Instant } from '../src/core/model/keys.ts';
import type { Choice } from '../src/core/ports/provider.ts';
import { option } from './elements.ts';
import { BLOCK, VIEW } from './ids.ts';
import { LIMITS } from './limits.ts';
import { input, modal } from './modal.ts';

interface FollowUp {
  provider: { id: string; name: string };
  kinds: readonly Choice[];
  dueAt: Instant;
  email: string | undefined;
  note: string;
}

export function followUpModal({ provider, kinds, dueAt, email, note }: FollowUp): ModalView {
  const options = kinds.map(option);
  const [first] = options;
  const known = email && email.length <= LIMITS.inputText && { initial_value: email };
  return modal({
    callback: VIEW.draft,
    metadata: provider.id,
    title: 'Create a follow-up',
    submit: 'Create',
    blocks: [
      input(BLOCK.email, `Whom it is about: their address in ${provider.name}`, { type: 'email_text_input', ...known }),
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
