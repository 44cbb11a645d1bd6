import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The page is served by the agent from its root, and in Electron from its own protocol.
export default defineConfig({
  root: `${import.meta.dirname}/web`,
  base: './',
  plugins: [react()],
  build: {
    outDir: `${import.meta.dirname}/dist/web`,
    emptyOutDir: true,
    // One page from the same machine: splitting it saves nobody a wait, and the warning is not for stores.
    chunkSizeWarningLimit: 1_500,
  },
  logLevel: 'warn',
});
