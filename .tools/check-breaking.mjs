// The contract of a released package may grow but never break. v1alpha packages are still free;
// from the first v1 package on, proto/released/v1.binpb is the image that later versions are held
// against. So that the check is known to work before that day, it is proven here on a planted v1
// package: adding a field passes, renumbering one does not.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const buf = join(root, 'node_modules', '.bin', 'buf');
const released = join(root, 'proto', 'released', 'v1.binpb');

const message = (fields) =>
  `syntax = "proto3";\npackage stockhand.planted.v1;\nmessage Planted {\n${fields}\n}\n`;

function provenOnPlantedBreak() {
  const folder = mkdtempSync(join(tmpdir(), 'stockhand-breaking-'));
  try {
    cpSync(join(root, 'proto', 'buf.yaml'), join(folder, 'buf.yaml'));
    const file = join(folder, 'stockhand', 'planted', 'v1', 'planted.proto');
    mkdirSync(dirname(file), { recursive: true });
    const quietly = (args) => spawnSync(buf, args, { cwd: folder, encoding: 'utf8' });
    writeFileSync(file, message('  string name = 1;'));
    quietly(['build', '-o', 'before.binpb']);
    writeFileSync(file, message('  string name = 1;\n  string note = 2;'));
    const grown = quietly(['breaking', '--against', 'before.binpb']);
    writeFileSync(file, message('  string name = 3;'));
    const broken = quietly(['breaking', '--against', 'before.binpb']);
    if (grown.status === 0 && broken.status !== 0) return true;
    console.error(
      `buf breaking does not tell growth from a break:\n${grown.stdout}${broken.stdout}`,
    );
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let passed = provenOnPlantedBreak();
if (existsSync(released)) {
  const against = spawnSync(buf, ['breaking', '--against', released], {
    cwd: join(root, 'proto'),
    stdio: 'inherit',
  });
  passed &&= against.status === 0;
}
process.exitCode = passed ? 0 : 1;
