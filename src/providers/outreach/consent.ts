/** Each rep signs in at Outreach for themselves (contracts 2.1): whatever is done is done as them, with their rights. */
import type { Consent } from '../../core/ports/provider.ts';
import { baseOf } from '../http.ts';
import { redeemCode, SCOPES } from './oauth.ts';
import { toQuery } from './query.ts';
import type { OutreachSettings } from './settings.ts';
import type { Tokens } from './tokens.ts';
import { whoSignedIn } from './who.ts';

export function createConsent(settings: OutreachSettings, tokens: Tokens): Consent {
  return {
    authorizeUrl({ state, redirectUri, codeChallenge }) {
      const query = toQuery({
        client_id: settings.clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: SCOPES.join(' '),
        state,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
      });
      return `${baseOf(settings.apiUrl)}/oauth/authorize?${query}`;
    },
    redeem: (code, { signal }) => redeemCode(settings, code, signal),
    whoSignedIn: (grant, { signal }) => whoSignedIn(settings, grant, signal),
    keepAlive: (rep, { signal }) => tokens.keepAlive(rep, signal),
  };
}
