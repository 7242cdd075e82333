/** What trying a setting came to; a line of `npm run doctor`. */
export interface Finding {
  /** `note`: Docket works, but something is left out or could not be tried. */
  state: 'fine' | 'to do' | 'note';
  /** The setting, or what was tried. */
  about: string;
  /** One sentence or two for the operator: what is well, or what to do next. No secret, no value of a setting but hosts. */
  text: string;
}
