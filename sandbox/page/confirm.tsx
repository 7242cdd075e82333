import { useId } from 'react';
import { isObject, stringOf } from '../slack/json.ts';
import type { JsonObject } from '../slack/types.ts';
import { Dialog } from './dialog.tsx';
import { plainOf } from './text.tsx';

interface ConfirmDialogProps {
  confirm: JsonObject;
  onAnswer(isYes: boolean): void;
}

export function ConfirmDialog({ confirm, onAnswer }: ConfirmDialogProps) {
  const titleId = useId();
  return (
    <Dialog className="confirm" role="alertdialog" labelId={titleId} onClose={() => onAnswer(false)}>
      <div className="dialog-head">
        <h2 id={titleId}>{plainOf(confirm.title) || 'Are you sure?'}</h2>
      </div>
      <div className="dialog-body">
        {/* Slack takes mrkdwn here, and shows its characters as they are (slack.md 3). */}
        <p className="confirm-text">{isObject(confirm.text) ? stringOf(confirm.text.text) : ''}</p>
      </div>
      <div className="dialog-foot">
        <button type="button" className="control button" onClick={() => onAnswer(false)}>
          {plainOf(confirm.deny) || 'Cancel'}
        </button>
        <button
          type="button"
          className={`control button ${stringOf(confirm.style) ?? 'primary'}`}
          onClick={() => onAnswer(true)}
        >
          {plainOf(confirm.confirm) || 'Yes'}
        </button>
      </div>
    </Dialog>
  );
}
