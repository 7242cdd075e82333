/** Slack's user groups; `src/slack/groups.ts` reads them, with the optional scope `usergroups:read`. */
export interface Groups {
  /** User ids. Throws `DeliveryError`: `permanent` where the group does not exist, or may not be read. */
  members(groupId: string): Promise<readonly string[]>;
}
