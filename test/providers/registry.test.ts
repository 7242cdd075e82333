import { expect, it } from 'vitest';
import { createCircuit } from '../../src/core/jobs/circuit.ts';
import { PROVIDERS, type ProviderModule } from '../../src/providers/index.ts';
import { memoryGrants } from './grants.ts';

// gong.md 1.3: the company may have a base address of its own
it.for(Object.entries<ProviderModule>(PROVIDERS))(
  'the registry makes %s under its own id from its variables',
  ([id, module]) => {
    const required = Object.fromEntries(module.required.map((name) => [name, 'x']));
    const deps = { clock: Date.now, circuit: createCircuit(Date.now), grants: memoryGrants(Date.now) };
    const provider = module.create({ ...required, ...module.optional }, deps);
    expect(provider).toMatchObject({ id, name: module.name });
    const browser = { state: 's', redirectUri: 'https://docket.example/x', codeChallenge: 'c' };
    const address = provider.consent?.authorizeUrl(browser);
    expect(address?.startsWith(`${Object.values(module.optional)[0]}/`)).toBe(module.consent);
  },
);
