/** The values of buttons about links: connect, suggestions, sign-ins. Values that come back are parsed here and nowhere else. */
import type { SuggestionRef } from '../src/core/people/decide.ts';
import type { SignInRef } from '../src/core/people/sign-in.ts';
import { decodeMessageId, decodeProvider } from './ids.ts';

/** Of a list: its Connect button goes once the rep has signed in. */
export function encodeConnect(provider: string, messageId: string): string {
  return `${provider}@${messageId}`;
}

export function decodeConnect(value: unknown): { provider: string; messageId: string } | undefined {
  const [provider, id, ...others] = typeof value === 'string' ? value.split('@') : [];
  const known = decodeProvider(provider);
  const messageId = decodeMessageId(id);
  return known && messageId && others.length === 0 ? { provider: known, messageId } : undefined;
}

/** Names the suggestion that the rep read: another may have replaced it since. */
export function encodeSuggestion({ provider, suggestedAt }: SuggestionRef): string {
  return `${provider}.${suggestedAt}`;
}

export function decodeSuggestion(value: unknown): SuggestionRef | undefined {
  const [provider, at, ...others] = typeof value === 'string' ? value.split('.') : [];
  const known = decodeProvider(provider);
  if (!known || others.length > 0 || !/^[1-9]\d{0,14}$/.test(at ?? '')) return undefined;
  return { provider: known, suggestedAt: Number(at) };
}

/** Names the sign-in by the hash of its state, which tells nobody anything. */
export function encodeSignIn({ provider, stateHash }: SignInRef): string {
  return `${provider}.${stateHash}`;
}

export function decodeSignIn(value: unknown): SignInRef | undefined {
  const [provider, stateHash, ...others] = typeof value === 'string' ? value.split('.') : [];
  const known = decodeProvider(provider);
  if (!known || others.length > 0 || !stateHash || !/^[\w-]{43}$/.test(stateHash)) return undefined;
  return { provider: known, stateHash };
}
