import { defineConfig } from 'vitest/config';

// One run for all workspaces. `forks` is needed by serialport: its native poller
// breaks inside worker threads (see device-drivers/README.md).
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    include: [
      '{proto,device-drivers,edge-agent,central-sync,kiosk-ui,simulators}/**/*.test.{ts,tsx}',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
