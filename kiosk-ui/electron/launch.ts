/** `npm run kiosk`: opens the Electron shell, or says how to get it and what to do without. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'vite';

/** Electron's own installer writes where its binary is; without it there is none. */
function findElectron(): string | null {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}

async function bundleShell(): Promise<string> {
  const outDir = join(import.meta.dirname, '..', 'dist', 'electron');
  await build({
    logLevel: 'warn',
    build: {
      outDir,
      ssr: join(import.meta.dirname, 'main.ts'),
      rollupOptions: { external: ['electron'] },
    },
  });
  return join(outDir, 'main.js');
}

const electron = findElectron();
if (electron === null) {
  console.error(`Electron's binary is not on this machine.

To get it:      node node_modules/electron/install.js   (downloads about 100 MB)
Without it:     open http://localhost:8080 in any browser: the same screens.
                Chromium's own kiosk mode is  chromium --kiosk http://localhost:8080`);
  process.exitCode = 1;
} else {
  const shell = await bundleShell();
  const child = spawn(electron, [shell, ...process.argv.slice(2)], { stdio: 'inherit' });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
