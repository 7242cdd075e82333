import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { objectsOf } from '../slack/json.ts';
import type { SandboxView } from '../slack/types.ts';
import { send } from './api.ts';
import { Blocks } from './blocks.tsx';
import { Dialog } from './dialog.tsx';
import { firstWrong } from './focus.ts';
import { FormContext, knownValues } from './form.ts';
import { ClickNotice } from './notice.tsx';
import { usePerson } from './person.ts';
import { SurfaceContext, useSurface } from './press.tsx';
import { plainOf } from './text.tsx';
import { useModalForm } from './use-modal-form.ts';

export function Modal({ modal }: { modal: SandboxView }) {
  const { view } = modal;
  const { userId } = usePerson();
  const titleId = useId();
  const known = knownValues(view);
  const form = useModalForm(modal, known);
  const surface = useSurface({ modal: true }, `${modal.id} ${modal.hash}`, known, form.context.values);
  const element = useRef<HTMLFormElement>(null);
  const isWrong = Object.keys(form.context.errors).length > 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each try leads to what is wrong, correcting it does not
  useEffect(() => {
    if (isWrong) firstWrong(element.current)?.focus();
  }, [isWrong, form.tries]);

  function close(by: 'button' | 'cross'): void {
    void send('/close', { userId, by });
  }

  /** Enter submits where no control has a use of its own for it: the browser sees to the inputs, this to the rest. */
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !view.submit) return;
    const isWritten = event.target instanceof HTMLTextAreaElement && (event.ctrlKey || event.metaKey);
    if (!isWritten && event.target !== event.currentTarget) return;
    event.preventDefault();
    element.current?.requestSubmit();
  }

  return (
    <Dialog
      className="modal"
      version={modal.hash}
      labelId={titleId}
      onClose={() => close('cross')}
      onKeyDown={onKeyDown}
    >
      <form ref={element} noValidate onSubmit={form.onSubmit}>
        <div className="dialog-head">
          <h2 id={titleId}>{plainOf(view.title)}</h2>
          <button type="button" className="cross" aria-label="Close" onClick={() => close('cross')}>
            ✕
          </button>
        </div>
        <div className="dialog-body">
          <FormContext value={form.context}>
            <SurfaceContext value={surface}>
              <Blocks blocks={objectsOf(view.blocks)} />
            </SurfaceContext>
          </FormContext>
          {form.trouble !== undefined && <ClickNotice text={form.trouble} />}
        </div>
        <div className="dialog-foot">
          <button type="button" className="control button" onClick={() => close('button')}>
            {plainOf(view.close) || (view.submit ? 'Cancel' : 'Close')}
          </button>
          {view.submit && (
            // Not `disabled`, which would take the keyboard away from it.
            <button type="submit" className="control button primary" aria-disabled={form.isSending}>
              {form.isSending ? 'Sending…' : plainOf(view.submit)}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
