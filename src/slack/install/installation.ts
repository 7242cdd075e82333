/** Slack's answer about a new install, as the library hands it over. */
import type { Installation } from '@slack/oauth';
import { newReference } from '../../core/model/errors.ts';
import type { InstallOutcome } from '../../core/people/installing.ts';
import type { Install } from '../../core/ports/installs.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';

interface ReadingDeps {
  clock: Clock;
  machineClock: Clock;
  log: Log;
  random: () => number;
}

/** `workspace`: its name, or the organisation's. */
type Read = { install: Omit<Install, 'at'>; workspace: string };

export function readInstallation(
  deps: ReadingDeps,
  installation: Installation<'v1' | 'v2', boolean>,
): Read | InstallOutcome {
  const { enterprise, bot, user } = installation;
  // A team may be named all the same.
  const whole = installation.isEnterpriseInstall ? enterprise : installation.team;
  if (!whole || !bot) {
    const reference = newReference(deps);
    deps.log.warn({ reference, team: whole?.id }, 'Slack gave no bot token for an install');
    return { is: 'no_bot', reference };
  }
  return {
    workspace: whole.name ?? whole.id,
    install: {
      teamId: whole.id,
      ...(enterprise && { enterpriseId: enterprise.id }),
      ...(whole.name !== undefined && { name: whole.name }),
      token: bot.token,
      ...(bot.refreshToken !== undefined &&
        bot.expiresAt !== undefined && {
          rotation: {
            refreshToken: bot.refreshToken,
            expiresAt: deps.clock() + (bot.expiresAt * 1_000 - deps.machineClock()),
          },
        }),
      botId: bot.id,
      botUserId: bot.userId,
      by: user.id,
    },
  };
}
