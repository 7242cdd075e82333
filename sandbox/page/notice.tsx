interface ClickNoticeProps {
  text: string;
  onDismiss?: () => void;
}

/** Slack's warning beside a click that the app did not acknowledge. */
export function ClickNotice({ text, onDismiss }: ClickNoticeProps) {
  return (
    <p className="click-failed" role="alert">
      <span aria-hidden="true">⚠</span> {text}
      {onDismiss && (
        <button type="button" className="plain" onClick={onDismiss}>
          OK
        </button>
      )}
    </p>
  );
}
