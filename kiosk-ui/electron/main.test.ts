import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';

/** What the shell asked of Electron. */
const asked = {
  options: {} as { kiosk?: boolean; webPreferences?: Record<string, unknown> },
  loaded: [] as string[],
  permission: (_contents: unknown, _name: string, _answer: (granted: boolean) => void) => {},
  openHandler: () => ({ action: '' }),
};

// Not hoisted: the shell is imported below, when the double is in place.
vi.doMock('electron', () => {
  class BrowserWindow extends EventEmitter {
    readonly webContents = Object.assign(new EventEmitter(), {
      setWindowOpenHandler: (handler: typeof asked.openHandler) => {
        asked.openHandler = handler;
      },
    });
    constructor(options: typeof asked.options) {
      super();
      asked.options = options;
    }
    loadURL(url: string): Promise<void> {
      asked.loaded.push(url);
      return Promise.resolve();
    }
  }
  return {
    BrowserWindow,
    app: { getPath: () => '/nowhere' },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (handler: typeof asked.permission) => {
          asked.permission = handler;
        },
        setCertificateVerifyProc: () => {},
      },
    },
  };
});

const { openKiosk } = await import('./main.ts');

describe('the Electron shell', () => {
  beforeEach(() => {
    asked.loaded.length = 0;
  });

  it('opens the agent’s page in a hardened window', () => {
    openKiosk();
    expect(asked.loaded).toEqual(['http://localhost:8080']);
    expect(asked.options).toMatchObject({
      kiosk: true,
      webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false },
    });
  });

  it('grants no permission and opens no other window or site', () => {
    const { webContents } = openKiosk();
    const granted: boolean[] = [];
    asked.permission(null, 'camera', (answer) => granted.push(answer));
    expect(granted).toEqual([false]);
    expect(asked.openHandler()).toEqual({ action: 'deny' });
    const navigate = (url: string) => {
      const event = { preventDefault: vi.fn() };
      webContents.emit('will-navigate', event, url);
      return event.preventDefault.mock.calls.length === 0;
    };
    expect(navigate('http://localhost:8080/other')).toBe(true);
    expect(navigate('https://elsewhere.example/')).toBe(false);
  });

  it('loads the page again after a crash', () => {
    vi.useFakeTimers();
    try {
      const { webContents } = openKiosk();
      webContents.emit('render-process-gone');
      vi.advanceTimersByTime(1_000);
      expect(asked.loaded).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });
});
