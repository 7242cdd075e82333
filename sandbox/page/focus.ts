/** Where the keyboard is in a dialog, and where it goes when other content takes the place of what was there. */

/** A control by its ids, which outlive the element on the page. */
export interface Held {
  blockId: string | undefined;
  actionId: string | undefined;
}

const CONTROLS = 'input, textarea, button';

export function heldOf(element: Element): Held | undefined {
  const owner = element.closest<HTMLElement>('[data-action]');
  return owner ? { blockId: owner.dataset.block, actionId: owner.dataset.action } : undefined;
}

/** The control with the same ids, or with the same name in another block: an app gives new blocks to what it resets. */
export function controlAt(dialog: HTMLElement, held: Held | undefined): HTMLElement | undefined {
  if (!held) return undefined;
  const owners = [...dialog.querySelectorAll<HTMLElement>('[data-action]')];
  const named = owners.filter((owner) => owner.dataset.action === held.actionId);
  const owner = named.find(({ dataset }) => dataset.block === held.blockId) ?? named[0];
  return owner && controlIn(owner);
}

/** The field that the app names, else the first one; where there is none, the button that goes on. */
export function firstField(dialog: HTMLElement): HTMLElement | undefined {
  return (
    controlIn(dialog.querySelector('[data-autofocus]')) ??
    controlIn(dialog.querySelector('.input-block')) ??
    dialog.querySelector<HTMLElement>('.dialog-foot :is(.primary, .danger)') ??
    controlIn(dialog.querySelector('.dialog-body')) ??
    controlIn(dialog.querySelector('.dialog-foot'))
  );
}

/** The field that an error stands at. */
export function firstWrong(form: HTMLElement | null): HTMLElement | undefined {
  return controlIn(form?.querySelector('.has-error') ?? null);
}

/** Of radio buttons, the one that is chosen. */
function controlIn(owner: Element | null): HTMLElement | undefined {
  const controls = [...(owner?.querySelectorAll<HTMLElement>(CONTROLS) ?? [])];
  const [first] = controls;
  if (!(first instanceof HTMLInputElement) || first.type !== 'radio') return first;
  const chosen = controls.find(
    (other) => other instanceof HTMLInputElement && other.name === first.name && other.checked,
  );
  return chosen ?? first;
}
