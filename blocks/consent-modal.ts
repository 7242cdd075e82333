/** The window with the link to a provider's sign-in: made when it is asked for, because the link lives for a day. */
import type { ModalView } from '@slack/types';
import { actions, button, context, section } from './elements.ts';
import { ACTION, VIEW } from './ids.ts';
import { LIMITS } from './limits.ts';
import { plainText } from './text.ts';

export function consentModal(provider: { id: string; name: string }, url: string): ModalView {
  return {
    type: 'modal',
    callback_id: VIEW.notice,
    title: { type: 'plain_text', text: plainText(`Connect ${provider.name}`, LIMITS.viewTitle) },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [
      section(
        `Sign in to *${provider.name}* in your browser and allow Docket to work with your tasks. It then acts as you there: it sees and changes what you may.`,
      ),
      actions([button(ACTION.consentLink, `Sign in to ${provider.name}`, provider.id, { style: 'primary', url })]),
      context('The link is for you alone, so do not forward it. It works for a day, and each press begins anew.'),
    ],
  };
}
