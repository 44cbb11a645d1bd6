/**
 * Builds the kiosk page into dist/web when a source is newer than what was built. `npm start` and the
 * tests call it; when nothing changed it costs a few milliseconds.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const root = import.meta.dirname;
const stampFile = join(root, 'dist', 'web', '.sources');

/** Hash of everything that the page is made of. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  const folders = ['web', 'api-client', 'view-models', 'strings', '../proto/gen'];
  for (const folder of folders.map((name) => join(root, name))) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.update(readFileSync(join(root, 'vite.config.ts'))).digest('hex');
}

/** Answers whether it built. */
export async function buildKioskPage(): Promise<boolean> {
  const wanted = sourcesHash();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return false;
  // Vite takes the kind of build from here; inside a test run, too, it is the page that staff get.
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build({ configFile: join(root, 'vite.config.ts') });
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
  writeFileSync(stampFile, wanted);
  return true;
}

if (process.argv[1] === import.meta.filename) {
  console.log((await buildKioskPage()) ? 'Built the kiosk page.' : 'The kiosk page is up to date.');
}
