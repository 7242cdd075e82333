import { taskProviderContract } from '../../contract/task-provider.ts';
import { makeGongHarness } from './harness.ts';

taskProviderContract('Gong', makeGongHarness);
