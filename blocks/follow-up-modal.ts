/** "Create a follow-up", from a message: about whom, what, when, and a note that starts with the message. */
import type { ModalView } from '@slack/types';
import type { Instant } from '../src/core/model/keys.ts';
import type { Choice } from '../src/core/ports/provider.ts';
import { option } from './elements.ts';
import { BLOCK, VIEW } from './ids.ts';
import { LIMITS } from './limits.ts';

export interface FollowUp {
  provider: { id: string; name: string };
  kinds: readonly Choice[];
  dueAt: Instant;
  email: string | undefined;
  note: string;
}

export function followUpModal({ provider, kinds, dueAt, email, note }: FollowUp): ModalView {
  const options = kinds.map(option);
  const [first] = options;
  return {
    type: 'modal',
    callback_id: VIEW.draft,
    private_metadata: provider.id,
    title: { type: 'plain_text', text: 'Create a follow-up' },
    submit: { type: 'plain_text', text: 'Create' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      {
        type: 'input',
        block_id: BLOCK.email,
        label: { type: 'plain_text', text: `Whom it is about: their address in ${provider.name}` },
        element: {
          type: 'email_text_input',
          action_id: BLOCK.email,
          ...(email && email.length <= LIMITS.inputText && { initial_value: email }),
        },
      },
      {
        type: 'input',
        block_id: BLOCK.kind,
        label: { type: 'plain_text', text: 'What' },
        element: {
          type: 'static_select',
          action_id: BLOCK.kind,
          options,
          ...(first && { initial_option: first }),
        },
      },
      {
        type: 'input',
        block_id: BLOCK.due,
        label: { type: 'plain_text', text: 'Due' },
        element: {
          type: 'datetimepicker',
          action_id: BLOCK.due,
          initial_date_time: Math.floor(dueAt / 1_000),
        },
      },
      {
        type: 'input',
        block_id: BLOCK.draftNote,
        optional: true,
        label: { type: 'plain_text', text: 'Note' },
        element: {
          type: 'plain_text_input',
          action_id: BLOCK.draftNote,
          multiline: true,
          max_length: LIMITS.inputText,
          ...(note && { initial_value: note }),
        },
      },
    ],
  };
}
