import { taskProviderContract } from '../contract/task-provider.ts';
import { makeOutreachHarness } from './outreach-harness.ts';

taskProviderContract('Outreach', makeOutreachHarness);
