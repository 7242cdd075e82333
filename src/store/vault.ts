/**
 * Encrypts secrets (invariant 8) as compact JWE, `dir` with A256GCM, by `jose`. The header names the key (the first
 * encrypts, all decrypt) and the row, so that a value copied to another row does not decrypt.
 */
import { createHash } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';

export interface Vault {
  /** `about` names the row; it is not secret. */
  seal(secret: unknown, about: string): Promise<string>;
  /** Decrypts. Throws if no key fits; the error never quotes the content. */
  open(sealed: string, about: string): Promise<unknown>;
  /** Checks the key named in the header, which is fast. */
  hasKeyOf(sealed: string): boolean;
  /** It was encrypted with the first key, or cannot be decrypted. */
  isNewest(sealed: string): boolean;
}

/** Only what `seal` writes: a ticket from a browser cannot choose another algorithm. */
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
    hasKeyOf: (sealed) => ring.has(keyIdOf(sealed)),
    isNewest(sealed) {
      const kid = keyIdOf(sealed);
      return kid === first?.[0] || !ring.has(kid);
    },
  };
}

function keyIdOf(sealed: string): string {
  try {
    return decodeProtectedHeader(sealed).kid ?? '';
  } catch {
    return '';
  }
}

/** A fingerprint of the key. */
function keyId(key: string): string {
  return createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64url').slice(0, 8);
}
