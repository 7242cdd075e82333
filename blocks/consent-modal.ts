/** The window with the URL of a provider's sign-in. The URL lives for a day, so it is made when the rep asks for it. */
import type { ModalView } from '@slack/types';
import { actions, button, context, section } from './elements.ts';
import { ACTION } from './ids.ts';
import { LIMITS } from './limits.ts';
import { noticeModal } from './modal.ts';
import { plainText } from './text.ts';

export function consentModal(provider: { id: string; name: string }, url: string): ModalView {
  return noticeModal(plainText(`Connect ${provider.name}`, LIMITS.viewTitle), [
    section(
      `Sign in to *${provider.name}* in your browser and allow Docket to work with your tasks. It then acts as you there: it sees and changes what you may.`,
    ),
    actions([button(ACTION.consentUrl, `Sign in to ${provider.name}`, provider.id, { style: 'primary', url })]),
    context('The link is for you alone, so do not forward it. It works for a day, and each press begins anew.'),
  ]);
}
