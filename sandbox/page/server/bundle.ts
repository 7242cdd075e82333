/** The page's script and styles, built in memory. */
import { fileURLToPath } from 'node:url';

export interface Bundle {
  script: string;
  styles: string;
}

let built: Promise<Bundle> | undefined;

/** The source does not change while the process lives, so one build serves every page. */
export function bundlePage(): Promise<Bundle> {
  built ??= build();
  return built;
}

async function build(): Promise<Bundle> {
  // Vite sets NODE_ENV for the whole process; the app beside it must not notice.
  const before = process.env.NODE_ENV;
  try {
    return await buildWithVite();
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

async function buildWithVite(): Promise<Bundle> {
  const vite = await import('vite');
  const root = fileURLToPath(new URL('..', import.meta.url));
  const result = await vite.build({
    root,
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'silent',
    mode: 'production',
    // Else it depends on the NODE_ENV of whoever builds.
    oxc: { jsx: { runtime: 'automatic', development: false } },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2024',
      cssCodeSplit: false,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: { input: `${root}main.tsx`, output: { entryFileNames: 'page.js' } },
    },
  });
  if ('on' in result) throw new Error('The page was to be built once, not watched');
  const outputs = (Array.isArray(result) ? result : [result]).flatMap(({ output }) => output);
  let script = '';
  let styles = '';
  for (const output of outputs) {
    if (output.type === 'chunk') script += output.code;
    else if (output.fileName.endsWith('.css')) styles += output.source;
  }
  return { script, styles };
}
