/** A rep has signed in: whatever offers Connect in Slack says by itself that it is connected. */
import { welcomeOf } from '../digests/welcome.ts';
import { FOREVER } from '../model/digest.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { LoadedMessage } from '../model/message.ts';
import type { Ports } from '../ports/ports.ts';

export async function showConnection(
  deps: Pick<Ports, 'store' | 'providers' | 'screen'>,
  rep: RepKey,
  provider: ProviderId,
): Promise<void> {
  const { store, screen } = deps;
  for (const kind of ['digest', 'list'] as const) {
    const id = await store.messages.newest(rep, kind);
    if (id && (await store.messages.revise(id, (message) => connectedIn(message, provider)))) {
      await screen.showMessageLater(id);
    }
  }
  const posted = (await store.reps.welcome(rep))?.posted;
  // "Not for me" has replaced it.
  const isOver = ((await store.schedules.find(rep))?.pausedUntil ?? 0) >= FOREVER;
  const welcome = posted && !isOver ? await welcomeOf(deps, rep) : undefined;
  if (posted && welcome) await screen.editNotice(rep, welcome, posted);
}

function connectedIn({ summary }: LoadedMessage, provider: ProviderId): LoadedMessage['summary'] | undefined {
  const { unconnected = [], connected = [] } = summary;
  const tool = unconnected.find((each) => each.provider === provider);
  if (!tool) return undefined;
  const left = unconnected.filter((each) => each !== tool);
  return { ...summary, unconnected: left.length > 0 ? left : undefined, connected: [...connected, tool] };
}
