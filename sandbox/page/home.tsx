import { objectsOf } from '../slack/json.ts';
import type { SandboxView } from '../slack/types.ts';
import { Blocks } from './blocks.tsx';
import { knownValues } from './form.ts';
import { usePerson } from './person.ts';
import { SurfaceContext, useSurface } from './press.tsx';

export function Home({ home }: { home: SandboxView | undefined }) {
  const { appName } = usePerson();
  const surface = useSurface({ home: true }, home ? `${home.id} ${home.hash}` : '', home ? knownValues(home.view) : {});
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className="home" id="tab-panel" role="tabpanel" aria-labelledby="tab-home" tabIndex={0}>
      {home ? (
        <div className="home-page">
          <SurfaceContext value={surface}>
            <Blocks blocks={objectsOf(home.view.blocks)} />
          </SurfaceContext>
        </div>
      ) : (
        <p className="beginning">{appName} has not set up this Home tab yet.</p>
      )}
    </div>
  );
}
