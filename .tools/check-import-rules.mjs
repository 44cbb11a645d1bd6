// Proves that the layering rules bite: plants one file for each kind of violation in a copy of the
// folder structure, and demands that Biome refuses each of them and passes the lawful ones. A rule
// that stopped matching (a renamed folder, a changed pattern) would otherwise pass in silence.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const use = (specifier) => `import { x } from '${specifier}';\nexport const y = x;\n`;

const violations = [
  ['proto/vocabulary/planted.ts', use('@stockhand/edge-agent/agent.ts')],
  ['proto/vocabulary/planted-node.ts', use('node:fs')],
  ['device-drivers/codecs/planted.ts', use('../serial/connection.ts')],
  ['device-drivers/codecs/planted-node.ts', use('node:crypto')],
  ['device-drivers/codecs/planted-chance.ts', 'export const y = Math.random();\n'],
  ['device-drivers/serial/planted.ts', use('@stockhand/edge-agent/agent.ts')],
  ['device-drivers/serial/planted-relative.ts', use('../../edge-agent/agent.ts')],
  ['edge-agent/stock/planted-node.ts', use('node:fs')],
  ['edge-agent/stock/planted-edge.ts', use('../mqtt-broker/broker.ts')],
  ['edge-agent/stock/planted-loop.ts', use('../loop.ts')],
  ['edge-agent/stock/planted-reexport.ts', "export { x } from 'node:fs';\n"],
  ['edge-agent/stock/planted-clock.ts', 'export const y = Date.now();\n'],
  ['edge-agent/stock/planted-date.ts', 'export const y = new Date();\n'],
  ['edge-agent/stock/planted-await.ts', 'export async function y(x) {\n  await x;\n}\n'],
  ['edge-agent/stock/planted-log.ts', "console.log('x');\nexport {};\n"],
  ['edge-agent/stock/planted-dynamic.ts', "export const y = () => import('./x.ts');\n"],
  ['edge-agent/stock/planted-type.ts', "export type Y = import('node:fs').Stats;\n"],
  ['edge-agent/agent.ts', use('./loop.ts')],
  ['device-drivers/reading.ts', use('./serial/connection.ts')],
  ['edge-agent/loop.ts', use('@stockhand/simulators/kernel/clock.ts')],
  ['edge-agent/mqtt-broker/planted.ts', use('@stockhand/central-sync/hq/main.ts')],
  ['central-sync/hq/ingest/planted.ts', use('../store/sqlite-store.ts')],
  ['central-sync/client/planted.ts', use('@stockhand/edge-agent/agent.ts')],
  ['kiosk-ui/view-models/planted.ts', use('react')],
  ['kiosk-ui/web/planted.ts', use('@stockhand/edge-agent/agent.ts')],
  ['simulators/policies/planted.ts', use('../store/true-stock.ts')],
  ['simulators/policies/planted-judge.ts', use('../checkers/belief-judge.ts')],
];

const lawful = [
  ['edge-agent/stock/lawful.ts', use('../tasks/task.ts')],
  ['edge-agent/stock/lawful-proto.ts', use('@stockhand/proto/vocabulary/quantity.ts')],
  ['edge-agent/loop-lawful.ts', use('@stockhand/central-sync/client/sync-client.ts')],
  ['device-drivers/codecs/lawful.ts', use('../gs1/aim.ts')],
  ['simulators/policies/lawful.ts', use('../store/work.ts')],
  ['simulators/lawful.ts', use('@stockhand/edge-agent/agent.ts')],
];

const folder = mkdtempSync(join(tmpdir(), 'stockhand-import-rules-'));
try {
  const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  config.vcs = { enabled: false };
  delete config.$schema;
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(config));
  cpSync(join(root, '.tools', 'lint'), join(folder, '.tools', 'lint'), { recursive: true });
  for (const [file, text] of [...violations, ...lawful]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const biome = join(root, 'node_modules', '.bin', 'biome');
  const passes = (file) =>
    spawnSync(biome, ['lint', '--error-on-warnings', file], { cwd: folder }).status === 0;
  const faults = [
    ...violations.filter(([file]) => passes(file)).map(([file]) => `${file} should be refused`),
    ...lawful.filter(([file]) => !passes(file)).map(([file]) => `${file} should pass`),
  ];
  if (faults.length > 0) {
    console.error(`The import rules in biome.json do not hold:\n  ${faults.join('\n  ')}`);
    process.exitCode = 1;
  } else {
    console.log(
      `${violations.length} planted violations refused, ${lawful.length} lawful imports passed`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
