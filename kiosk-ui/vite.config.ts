import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The page is served by the agent from its root, and in Electron from its own protocol.
export default defineConfig({
  root: `${import.meta.dirname}/web`,
  base: './',
  plugins: [react()],
  build: { outDir: `${import.meta.dirname}/dist/web`, emptyOutDir: true },
  logLevel: 'warn',
});
