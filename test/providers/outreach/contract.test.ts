import { taskProviderContract } from '../../contract/task-provider.ts';
import { makeOutreachHarness } from './harness.ts';

taskProviderContract('Outreach', makeOutreachHarness);
