/** Takes requests of browsers and tools to the workspace that each is about. */
import { handleWebhook } from './core/digests/webhooks.ts';
import type { ProviderId } from './core/model/keys.ts';
import type { ConsentOutcome } from './core/people/oauth-callback.ts';
import type { Ports } from './core/ports/ports.ts';
import type { HookSource, HttpDeps } from './http/server.ts';
import type { Workspace } from './workspace.ts';

interface RequestDeps extends Pick<Ports, 'store' | 'secrets' | 'log'> {
  workspaces: {
    /** undefined: it is not served. */
    ofTeam(teamId: string): Workspace | undefined;
    each(): Workspace[];
  };
  /** undefined: the settings name none. */
  home: Workspace | undefined;
  /** undefined: Slack has not told yet. */
  homeTeam(): string | undefined;
  wake(): void;
}

type Requests = Pick<HttpDeps, 'startConsent' | 'consent' | 'signatureHeader' | 'handleWebhook'>;

export function createToolRequests({ store, secrets, log, workspaces, home, homeTeam, wake }: RequestDeps): Requests {
  /** For a sign-in of nobody whom we know. undefined: no workspace has such a tool. */
  function expired(provider: ProviderId): ConsentOutcome | undefined {
    const tool = workspaces.each().flatMap(({ providers }) => providers.get(provider) ?? []);
    const name = tool.find(({ consent }) => consent)?.name;
    return name === undefined ? undefined : { is: 'expired', provider: name };
  }

  const workspaceOf = (teamId: string | undefined) => (teamId === undefined ? undefined : workspaces.ofTeam(teamId));
  const toldBy = ({ teamId }: HookSource) => (teamId === undefined ? home : workspaces.ofTeam(teamId));

  return {
    async startConsent(provider, ticket) {
      const about = ticket === undefined ? undefined : await store.consents.openTicket(ticket);
      const workspace = workspaceOf(about?.teamId);
      return (await workspace?.uses.signIns.start(provider, ticket)) ?? expired(provider);
    },

    async consent(provider, answer) {
      const workspace = workspaceOf(await store.consents.teamOf(secrets.hash(answer.state ?? '')));
      const outcome = await workspace?.uses.signIns.callback(provider, answer);
      wake();
      if (outcome?.is === 'connected' && !outcome.again) {
        workspace?.accounts.showConnected(outcome.rep, outcome.provider).catch((error) => {
          log.warn({ err: error, rep: outcome.rep.userId }, 'could not show a new connection');
        });
      }
      return outcome ?? expired(provider);
    },

    signatureHeader: (of) => toldBy(of)?.providers.get(of.provider)?.hooks?.signatureHeader,

    async handleWebhook(of, request) {
      const workspace = toldBy(of);
      if (!workspace) return 'unsigned';
      const { provider, teamId = homeTeam() } = of;
      const taken = await handleWebhook(workspace.uses, { teamId, provider }, request);
      wake();
      return taken;
    },
  };
}
