/** Clock, log and random tokens. */
import type { Instant } from '../model/keys.ts';

export type Clock = () => Instant;

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Secrets {
  /** A random token that is safe in a URL. */
  token(): string;
  /** SHA-256 in base64url, for stored states and PKCE's S256 challenge. */
  hash(text: string): string;
}
