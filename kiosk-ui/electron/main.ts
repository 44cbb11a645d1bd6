/**
 * The Electron shell: one hardened window in kiosk mode that shows the agent's page, and nothing
 * else. It holds no data and no logic of its own; a browser shows the same screens.
 */
import { join } from 'node:path';
import { app, BrowserWindow, session } from 'electron';
import { judgeCertificate, keepPairing, parseAgentUrl, readPairing } from './pairing.ts';
import { Watchdog } from './watchdog.ts';

function agentUrlOf(arguments_: readonly string[]): string | undefined {
  return arguments_.find((one) => one.startsWith('--agent='))?.slice('--agent='.length);
}

export function openKiosk(): BrowserWindow {
  const pairingFile = join(app.getPath('userData'), 'pairing.json');
  let pairing = readPairing(pairingFile);
  const asked = agentUrlOf(process.argv);
  if (asked !== undefined && parseAgentUrl(asked) && asked !== pairing.agentUrl) {
    pairing = { agentUrl: asked, fingerprint: '' };
    keepPairing(pairingFile, pairing);
  }
  const origin = new URL(pairing.agentUrl).origin;

  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) =>
    answer(false),
  );
  session.defaultSession.setCertificateVerifyProc((request, answer) => {
    // 0 trusts, -2 refuses, -3 leaves it to the system's list.
    if (request.errorCode === 0) return answer(-3);
    const { fingerprint } = request.certificate;
    const verdict = judgeCertificate(pairing, request.hostname, fingerprint);
    if (verdict === 'pair') {
      pairing = { ...pairing, fingerprint };
      keepPairing(pairingFile, pairing);
    }
    answer(verdict === 'refused' ? -2 : 0);
  });

  const window = new BrowserWindow({
    kiosk: !process.argv.includes('--windowed'),
    autoHideMenuBar: true,
    backgroundColor: '#121614',
    webPreferences: {
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  const { webContents } = window;
  const watchdog = new Watchdog({
    reload: () => void window.loadURL(pairing.agentUrl).catch(() => {}),
    schedule: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  });
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (event, url) => {
    if (new URL(url).origin !== origin) event.preventDefault();
  });
  webContents.on('render-process-gone', () => watchdog.failed());
  webContents.on('did-fail-load', () => watchdog.failed());
  webContents.on('did-finish-load', () => watchdog.recovered());
  window.on('unresponsive', () => watchdog.failed());
  window.on('responsive', () => watchdog.recovered());
  // A failed load is told by `did-fail-load` as well, and the watchdog takes it from there.
  window.loadURL(pairing.agentUrl).catch(() => {});
  return window;
}

/** A second start shows the first window instead. */
export function run(): void {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  let window: BrowserWindow | null = null;
  app.on('second-instance', () => window?.focus());
  app.on('window-all-closed', () => app.quit());
  void app.whenReady().then(() => {
    window = openKiosk();
  });
}

if (process.versions['electron'] !== undefined) run();
