/** Build, dev proxy to the API, and vitest. */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const server = process.env.MENTIONDESK_DEV_SERVER ?? 'http://127.0.0.1:8400'

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../app/console',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy allows no data: fonts and no inline scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // What a page loads first is measured from this list by `npm run size`.
    manifest: true,
  },
  server: { port: 5173, proxy: { '/api': { target: server, ws: true } } },
  test: {
    restoreMocks: true,
    testTimeout: 30_000,
    sequence: { shuffle: true },
    // Rules need no page, and start much faster without one and beside each other: pages get a world for each file.
    projects: [
      {
        extends: true,
        test: { name: 'rules', environment: 'node', isolate: false, include: ['src/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'pages',
          environment: 'happy-dom',
          setupFiles: ['./src/shared/testing/setup.ts'],
          include: ['src/**/*.test.tsx'],
        },
      },
    ],
  },
})
