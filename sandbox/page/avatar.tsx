/** A list of tasks: the app's picture, drawn. */
export function AppAvatar({ name, size }: { name: string; size: 'small' | 'large' }) {
  return (
    <span className={`avatar app-avatar ${size}`} aria-hidden="true" title={name}>
      ✓
    </span>
  );
}

export function PersonAvatar({ name }: { name: string }) {
  const initials = name
    .split(' ')
    .map((word) => word[0] ?? '')
    .join('')
    .slice(0, 2);
  return (
    <span className={`avatar tint-${name.length % 4}`} aria-hidden="true">
      {initials}
    </span>
  );
}
