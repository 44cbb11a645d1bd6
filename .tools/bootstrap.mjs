// Installs what is missing, then steps aside. Runs as the pre-script of every npm script on
// whatever Node (>= 20) the machine has, with Node's own modules only: at this point nothing else
// is installed. A stamp inside node_modules holds the hash of the lockfile and the manifests, so a
// second run costs a few milliseconds and a changed lockfile is noticed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stampFile = join(root, 'node_modules', '.stockhand-bootstrap');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
for (const folder of ['.', ...manifest.workspaces]) {
  hash.update(readFileSync(join(root, folder, 'package.json')));
}
const lockFile = join(root, 'package-lock.json');
if (existsSync(lockFile)) hash.update(readFileSync(lockFile));
const wanted = hash.digest('hex');

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== wanted) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    console.error(
      `Stockhand needs Node 20 or newer to start; this is ${process.version}. Install a current Node LTS and try again.`,
    );
    process.exit(1);
  }
  console.log('Installing what Stockhand needs (once, about a minute)…');
  // `npm install` rather than `npm ci`: a lockfile made on one platform may lack the optional
  // packages of another, which `npm ci` refuses; --no-save keeps the lockfile as it is.
  const npm = process.env.npm_execpath;
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (result.status !== 0) {
    console.error(
      'The installation failed. Check the network and free disk space, then run the same command again.',
    );
    process.exit(result.status ?? 1);
  }
  writeFileSync(stampFile, wanted);
}
