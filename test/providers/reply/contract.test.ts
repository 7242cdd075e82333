import { taskProviderContract } from '../../contract/task-provider.ts';
import { makeReplyHarness } from './harness.ts';

taskProviderContract('Reply.io (seed)', makeReplyHarness('seed'));
taskProviderContract('Reply.io (current)', makeReplyHarness('current'));
