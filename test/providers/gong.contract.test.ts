import { taskProviderContract } from '../contract/task-provider.ts';
import { makeGongHarness } from './gong-harness.ts';

taskProviderContract('Gong', makeGongHarness);
