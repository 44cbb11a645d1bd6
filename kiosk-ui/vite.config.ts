import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The page is served by the agent from its root, and in Electron from its own protocol.
export default defineConfig({
  root: `${import.meta.dirname}/web`,
  base: './',
  // Built inside a test run, the page must still be the one that staff get.
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [react()],
  build: { outDir: `${import.meta.dirname}/dist/web`, emptyOutDir: true },
  logLevel: 'warn',
});
