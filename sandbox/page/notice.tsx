interface ClickNoticeProps {
  text: string;
  onDismiss?: () => void;
}

/** What Slack says where an app let a click go unanswered. */
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
