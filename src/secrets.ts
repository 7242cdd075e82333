/** Random tokens and hashes. */
import { createHash, randomBytes } from 'node:crypto';
import type { Secrets } from './core/ports/runtime.ts';

export function createSecrets(): Secrets {
  return {
    token: () => randomBytes(32).toString('base64url'),
    hash: (text) => createHash('sha256').update(text).digest('base64url'),
  };
}
