/** The steps that were taken, remembered for the visit. */
import { useEffect, useRef, useState } from 'react';
import type { PageState } from './protocol.ts';
import { STEPS, type Step, stepsTaken } from './steps.ts';

const KEY = 'docket.steps';

export interface Progress {
  taken: readonly Step[];
  isHidden: boolean;
  hide(): void;
  /** From the beginning. */
  restart(): void;
}

interface Visit {
  taken: readonly Step[];
  isHidden: boolean;
}

export function useSteps(state: PageState): Progress {
  const [visit, setVisit] = useState<Visit>(readVisit);
  const before = useRef(state);

  useEffect(() => {
    const found = stepsTaken(before.current, state);
    before.current = state;
    if (found.length === 0) return;
    setVisit((now) => ({ ...now, taken: STEPS.filter((step) => now.taken.includes(step) || found.includes(step)) }));
  }, [state]);

  useEffect(() => sessionStorage.setItem(KEY, JSON.stringify(visit)), [visit]);

  return {
    ...visit,
    hide: () => setVisit((now) => ({ ...now, isHidden: true })),
    restart: () => setVisit({ taken: [], isHidden: false }),
  };
}

function readVisit(): Visit {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '');
    if (typeof kept !== 'object' || kept === null) throw new Error('nothing kept');
    const { taken, isHidden } = kept as Partial<Visit>;
    return { taken: STEPS.filter((step) => taken?.includes(step)), isHidden: isHidden === true };
  } catch {
    return { taken: [], isHidden: false };
  }
}
