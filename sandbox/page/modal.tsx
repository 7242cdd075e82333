import { type FormEvent, useId, useState } from 'react';
import { isObject, objectsOf } from '../slack/json.ts';
import type { Json, JsonObject, SandboxView, ViewValues } from '../slack/types.ts';
import { send } from './api.ts';
import { Blocks } from './blocks.tsx';
import { Dialog } from './dialog.tsx';
import { allValues, FormContext, missing } from './form.ts';
import { ClickNotice } from './notice.tsx';
import { usePerson } from './person.ts';
import { SurfaceContext, useSurface } from './press.tsx';
import { plainOf } from './text.tsx';

export function Modal({ modal }: { modal: SandboxView }) {
  const { view } = modal;
  const { userId } = usePerson();
  const titleId = useId();
  const known = knownValues(view);
  const surface = useSurface({ modal: true }, `${modal.id} ${modal.hash}`, known);
  const form = useModalForm(modal, known);

  function close(): void {
    void send('/close', { userId });
  }

  return (
    <Dialog className="modal" version={modal.hash} labelId={titleId} onClose={close}>
      <form noValidate onSubmit={form.onSubmit}>
        <div className="dialog-head">
          <h2 id={titleId}>{plainOf(view.title)}</h2>
          <button type="button" className="cross" aria-label="Close" onClick={close}>
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
          <button type="button" className="control button" onClick={close}>
            {plainOf(view.close) || (view.submit ? 'Cancel' : 'Close')}
          </button>
          {view.submit && (
            <button type="submit" className="control button primary" disabled={form.isSending}>
              {form.isSending ? 'Sending…' : plainOf(view.submit)}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

function knownValues(view: JsonObject): ViewValues {
  const state: Json | undefined = view.state;
  // The workspace itself wrote it, block id -> action id -> value.
  return isObject(state) && isObject(state.values) ? (state.values as ViewValues) : {};
}

function useModalForm({ view, errors, hash }: SandboxView, known: ViewValues) {
  const { userId, appName } = usePerson();
  const [entered, setEntered] = useState<ViewValues>({});
  const [lacking, setLacking] = useState<Record<string, string>>({});
  // Errors of the app that a person has answered since; a new submission brings new ones.
  const [answered, setAnswered] = useState<ReadonlySet<string>>(new Set());
  const [trouble, setTrouble] = useState<string>();
  const [isSending, setSending] = useState(false);
  const values = allValues(view.blocks, known, entered);
  const open = Object.entries(errors ?? {}).filter(([blockId]) => !answered.has(`${hash} ${blockId}`));

  function enter(blockId: string, actionId: string, value: JsonObject): void {
    setEntered((before) => ({ ...before, [blockId]: { ...before[blockId], [actionId]: value } }));
    setLacking(({ [blockId]: _, ...rest }) => rest);
    setAnswered((before) => new Set(before).add(`${hash} ${blockId}`));
  }

  async function submit(): Promise<void> {
    const gaps = missing(view.blocks, values);
    setLacking(gaps);
    setTrouble(undefined);
    if (Object.keys(gaps).length > 0 || isSending) return;
    setSending(true);
    const outcome = await send('/submit', { userId, values });
    setSending(false);
    setAnswered(new Set());
    if ('refused' in outcome) setTrouble(outcome.refused);
    else if (!outcome.delivery.acked) setTrouble(`We had some trouble connecting to ${appName}. Try again?`);
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    void submit();
  }

  return {
    context: { values, errors: { ...Object.fromEntries(open), ...lacking }, enter },
    trouble,
    isSending,
    onSubmit,
  };
}
