/** A provider where reps sign in, and what it was asked. */
import { ProviderError, type ProviderErrorKind } from '../../../src/core/model/errors.ts';
import type { RepKey } from '../../../src/core/model/keys.ts';
import type { Consent, Grant } from '../../../src/core/ports/provider.ts';
import { grant } from '../../store/fixtures.ts';
import { type FakeProvider, fakeProvider, MONDAY_NINE } from '../provider.ts';

interface Redeemed {
  code: string;
  redirectUri: string;
  codeVerifier: string;
}

export interface SignInProvider {
  provider: FakeProvider & { consent: Consent };
  asked: { authorize: Record<string, string>[]; redeem: Redeemed[]; alive: RepKey[] };
  /** Each is used once: by a code or a renewal, and by the question who signed in. */
  trouble: ProviderErrorKind[];
  whoTrouble: ProviderErrorKind[];
  /** Who is at the browser; `signers` come first, one sign-in each. undefined: the provider does not say. */
  signedIn: string | undefined;
  signers: (string | undefined)[];
}

export function signInProvider(id: string): SignInProvider {
  const fail = (kind: ProviderErrorKind | undefined, operation: string) => {
    if (kind) throw new ProviderError({ provider: id, kind, operation });
  };
  const consent: Consent = {
    authorizeUrl(ask) {
      made.asked.authorize.push(ask);
      return `https://sign-in.example/${id}?state=${ask.state}`;
    },
    async redeem(code): Promise<Grant> {
      made.asked.redeem.push(code);
      fail(made.trouble.shift(), 'POST /oauth/token');
      return grant({ accessToken: `access for ${code.code}`, mintedAt: MONDAY_NINE });
    },
    async whoSignedIn() {
      fail(made.whoTrouble.shift(), 'GET /who');
      return made.signers.length > 0 ? made.signers.shift() : made.signedIn;
    },
    async keepAlive({ teamId, userId }) {
      made.asked.alive.push({ teamId, userId });
      fail(made.trouble.shift(), 'POST /oauth/token');
    },
  };
  const made: SignInProvider = {
    provider: Object.assign(fakeProvider(id), { consent }),
    asked: { authorize: [], redeem: [], alive: [] },
    trouble: [],
    whoTrouble: [],
    signedIn: undefined,
    signers: [],
  };
  return made;
}
