/** Says what changed at a provider: aloud always, and in sight while the providers are folded away. */
import type { Change } from './changes.ts';

interface ChangeLineProps {
  changes: readonly Change[];
  /** Opens the providers; undefined while they are in sight. */
  onLook: (() => void) | undefined;
}

export function ChangeLine({ changes, onLook }: ChangeLineProps) {
  const isSeen = onLook !== undefined && changes.length > 0;
  return (
    <div className={isSeen ? 'change-line' : 'unseen'}>
      <p role="status">
        {changes.map(({ panel, task, text }) => `${panel}: ${task.about || task.title}: ${text}`).join('. ')}
      </p>
      {isSeen && (
        <button type="button" className="control button" onClick={onLook}>
          Show
        </button>
      )}
    </div>
  );
}
