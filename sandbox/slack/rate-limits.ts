const MINUTE_MS = 60_000;

/** Calls a minute, for one method in one workspace. */
const TIERS = { 2: 20, 3: 50, 4: 100, special: 300 } as const;

const TIER_OF: Record<string, keyof typeof TIERS> = {
  'auth.teams.list': 2,
  'usergroups.users.list': 2,
  'users.list': 2,
  'apps.connections.open': 3,
  'chat.delete': 3,
  'chat.update': 3,
  'conversations.open': 3,
  'users.lookupByEmail': 3,
  'chat.postEphemeral': 4,
  'users.info': 4,
  'users.profile.get': 4,
  'views.open': 4,
  'views.publish': 4,
  'views.push': 4,
  'views.update': 4,
  'chat.getPermalink': 'special',
  'chat.postMessage': 'special',
};

/** One message a second in one channel, with short bursts. */
const CHANNEL_BURST = 10;

export interface RateLimits {
  /** Undefined when the call may go on, else the seconds to wait. */
  take(method: string, channel: string | undefined): number | undefined;
}

interface Bucket {
  tokens: number;
  at: number;
}

export function createRateLimits(pace: () => number | undefined): RateLimits {
  const windows = new Map<string, number[]>();
  const buckets = new Map<string, Bucket>();

  function waitForWindow(method: string, now: number): number | undefined {
    const tier = TIER_OF[method];
    if (tier === undefined) return undefined;
    const recent = (windows.get(method) ?? []).filter((at) => at > now - MINUTE_MS);
    windows.set(method, recent);
    const [oldest] = recent;
    if (oldest === undefined || recent.length < TIERS[tier]) return undefined;
    return Math.max(1, Math.ceil((oldest + MINUTE_MS - now) / 1_000));
  }

  function bucketOf(channel: string, now: number): Bucket {
    const bucket = buckets.get(channel) ?? { tokens: CHANNEL_BURST, at: now };
    bucket.tokens = Math.min(CHANNEL_BURST, bucket.tokens + (now - bucket.at) / 1_000);
    bucket.at = now;
    buckets.set(channel, bucket);
    return bucket;
  }

  function take(method: string, channel: string | undefined): number | undefined {
    const now = pace();
    if (now === undefined) return undefined;
    const wait = waitForWindow(method, now);
    if (wait !== undefined) return wait;
    if (channel !== undefined && method === 'chat.postMessage') {
      const bucket = bucketOf(channel, now);
      if (bucket.tokens < 1) return 1;
      bucket.tokens -= 1;
    }
    windows.get(method)?.push(now);
    return undefined;
  }

  return { take };
}
