// `npm run check`: everything that must hold of the sources before they are committed. Runs each
// check to its end, so that one run tells all faults. With names, only these: npm run check types
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);
// buf looks for its plugin on the PATH; npm puts it there, a direct call of this file does not.
const env = { ...process.env, PATH: `${bin('')}${delimiter}${process.env.PATH}` };
const run = (command, args, cwd = root) =>
  spawnSync(command, args, { cwd, env, stdio: 'inherit' }).status === 0;

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** proto/gen must be what `npm run gen` makes of the .proto files, byte for byte. */
function generatedIsCurrent() {
  const folder = mkdtempSync(join(tmpdir(), 'stockhand-gen-'));
  try {
    if (!run(bin('buf'), ['generate', '--output', folder], join(root, 'proto'))) return false;
    const fresh = join(folder, 'gen');
    const committed = join(root, 'proto', 'gen');
    const relative = (base) => filesBelow(base).map((file) => file.slice(base.length));
    const stale = new Set([...relative(fresh), ...relative(committed)]);
    for (const file of [...stale]) {
      const [left, right] = [join(fresh, file), join(committed, file)];
      if (existsSync(left) && existsSync(right) && readFileSync(left).equals(readFileSync(right))) {
        stale.delete(file);
      }
    }
    for (const file of stale) console.error(`proto/gen${file} is stale: run npm run gen`);
    return stale.size === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The lockfile must install anywhere, so it holds no download addresses. */
function lockfileIsNeutral() {
  const text = readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (!text.includes('"resolved": "http')) return true;
  console.error('package-lock.json holds download addresses: run npm install with this .npmrc');
  return false;
}

const checks = {
  format: () => run(bin('biome'), ['format', '.']),
  lint: () => run(bin('biome'), ['lint', '--error-on-warnings', '.']),
  'import-rules': () => run(process.execPath, ['.tools/check-import-rules.mjs']),
  types: () => run(bin('tsc'), ['-p', 'tsconfig.json']),
  'kiosk-types': () => run(bin('tsc'), ['-p', 'kiosk-ui/tsconfig.json']),
  'proto-lint': () => run(bin('buf'), ['lint'], join(root, 'proto')),
  'proto-breaking': () => run(process.execPath, ['.tools/check-breaking.mjs']),
  generated: generatedIsCurrent,
  lockfile: lockfileIsNeutral,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in checks));
if (unknown.length > 0) {
  console.error(
    `No such check: ${unknown.join(', ')}. There are: ${Object.keys(checks).join(', ')}`,
  );
  process.exit(2);
}
const failed = [];
for (const [name, check] of Object.entries(checks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const started = performance.now();
  const passed = check();
  if (!passed) failed.push(name);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name} (${seconds} s)`);
}
if (failed.length > 0) {
  console.error(
    `\nFailed: ${failed.join(', ')}. "npm run format" mends format and simple lint faults.`,
  );
  process.exit(1);
}
