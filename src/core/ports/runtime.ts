/** The clock, the log and the source of secrets. */
import type { Instant } from '../model/keys.ts';

export type Clock = () => Instant;

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Secrets {
  /** Cannot be guessed; fit for an address. */
  token(): string;
  /** SHA-256 in base64url: what a state is kept as, and PKCE's S256 challenge. */
  hash(text: string): string;
}
