import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import type { Options } from './journey';

// `cargo xtask test e2e` starts the server and sets these; the usual values serve `npx playwright test` against
// a server that runs already (`cargo xtask serve`).
const address = process.env.XJ_E2E_URL ?? 'http://127.0.0.1:3000';
const browser = process.env.XJ_E2E_BROWSER ?? '/usr/bin/chromium';
const report = process.env.XJ_E2E_REPORT;

const phone = {
  viewport: { width: 360, height: 740 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};

const config: PlaywrightTestConfig<Options> = {
  testDir: 'journeys',
  outputDir: '../dist/test-results',
  forbidOnly: true,
  // All journeys meet in one institution with one demo: one after the other, and no second try.
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: report ? [['list'], ['json', { outputFile: report }]] : [['list']],
  use: {
    baseURL: address,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: browser,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    {
      name: 'office',
      testDir: 'journeys/office',
      use: { viewport: { width: 1366, height: 768 } },
    },
    {
      name: 'office-no-wasm',
      testMatch: /office\/admission/,
      use: { viewport: { width: 1366, height: 768 }, wasm: false },
    },
    {
      name: 'office-no-js',
      testMatch: /office\/admission/,
      use: { viewport: { width: 1366, height: 768 }, javaScriptEnabled: false },
    },
    {
      name: 'phone',
      testDir: 'journeys/phone',
      use: phone,
    },
    {
      name: 'phone-no-wasm',
      testDir: 'journeys/phone',
      grepInvert: /@needs-wasm/,
      use: { ...phone, wasm: false },
    },
    {
      name: 'phone-no-js',
      testDir: 'journeys/phone',
      grepInvert: /@needs-wasm|@needs-js/,
      use: { ...phone, javaScriptEnabled: false },
    },
  ],
};

export default defineConfig<Options>(config);
