/**
 * Secrets at rest (invariant 8): JWE in its compact form, `dir` with A256GCM, by `jose`. The header names the key, so
 * that several can be in use: the first seals, all open. It also names what was sealed, so that a value that was moved
 * to another row does not open there.
 */
import { createHash } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';

export interface Vault {
  /** `about` names the row; it is no secret. */
  seal(secret: unknown, about: string): Promise<string>;
  /** What was sealed about the same thing. Throws when no key opens it: never with a word of what is inside. */
  open(sealed: string, about: string): Promise<unknown>;
  /** Whether a key that could open it is here. Reads its header alone, so a thousand take no time. */
  hasKeyOf(sealed: string): boolean;
}

/** The form that `seal` writes. A ticket comes back from browsers, and names no other way to be opened. */
const ALGORITHMS = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };

/** `keys`: 32 bytes each, in base64. */
export function createVault(keys: readonly string[]): Vault {
  const ring = new Map(keys.map((key) => [keyId(key), Buffer.from(key, 'base64')]));
  const [first] = ring;

  return {
    async seal(secret, about) {
      if (!first) throw new TypeError('ENCRYPTION_KEY is missing, so nothing secret can be stored');
      const [kid, key] = first;
      return new CompactEncrypt(Buffer.from(JSON.stringify(secret)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid, about })
        .encrypt(key);
    },
    async open(sealed, about) {
      const keyOf = ({ kid }: { kid?: string }) => {
        const key = ring.get(kid ?? '');
        if (!key) throw new Error('sealed with a key that ENCRYPTION_KEY does not hold any more');
        return key;
      };
      const { plaintext, protectedHeader } = await compactDecrypt(sealed, keyOf, ALGORITHMS);
      if (protectedHeader.about !== about) throw new Error('sealed about something else');
      return JSON.parse(Buffer.from(plaintext).toString('utf8'));
    },
    hasKeyOf(sealed) {
      try {
        return ring.has(decodeProtectedHeader(sealed).kid ?? '');
      } catch {
        return false;
      }
    },
  };
}

/** Tells keys apart without telling anything of them. */
function keyId(key: string): string {
  return createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64url').slice(0, 8);
}
