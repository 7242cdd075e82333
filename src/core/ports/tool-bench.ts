/** The tools of a workspace in this process, for those who set them up. */
import type { ProviderId } from '../model/keys.ts';
import type { ToolField, ToolSettings } from '../model/tool-form.ts';
import type { TaskProvider } from './provider.ts';

/** A tool that can be connected. */
export interface ToolKind {
  id: ProviderId;
  name: string;
  form: readonly ToolField[];
  /** Each rep signs in there, and their browsers come back to this address. */
  redirectUri: string | undefined;
}

export interface ToolBench {
  kinds(): readonly ToolKind[];
  /** The operator has set the tool for this workspace, so nobody else can. */
  isOperators(provider: ProviderId): boolean;
  /** Keys can be kept: they are encrypted. */
  mayKeep: boolean;
  /** The tool as it would be with these settings, to ask it once. */
  tried(provider: ProviderId, settings: ToolSettings): TaskProvider;
  /**
   * Takes over what the store holds now, and tells the other processes. Clicks that an earlier key had failed
   * are done then, and jobs that wait for the tool try it again.
   */
  follow(): Promise<void>;
}
