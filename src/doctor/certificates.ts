/** Whether the certificates that `NODE_EXTRA_CA_CERTS` names are in use: Node reads them before it reads `.env`. */
import { getCACertificates } from 'node:tls';
import type { Finding } from '../core/model/finding.ts';

export function checkCertificates(file: string | undefined): Finding[] {
  const about = 'NODE_EXTRA_CA_CERTS';
  if (!file) return [];
  if (getCACertificates('extra').length > 0) return [{ state: 'fine', about, text: 'is in use.' }];
  const text =
    'is not in use: put it into the environment of the process, because Node does not take it from .env, and name a file of certificates that is there (PEM).';
  return [{ state: 'to do', about, text }];
}
