/**
 * MQTT over WebSockets with TLS, for devices and tools that can speak nothing else: the same login, the
 * same limits and the same broker behind it. A message of the socket holds any part of the MQTT stream
 * (MQTT 3.1.1, section 6), so its sizes mean nothing and the stream is read as from a TLS socket.
 */
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';

export const webSocketPath = '/mqtt';
/** The name that a client must offer (MQTT 3.1.1, section 6.0). */
const subprotocol = 'mqtt';
const requestTimeoutMs = 10_000;

export interface WebSocketDoorOptions {
  host: string;
  port: number;
  tls: TlsOptions;
  /** Largest message of the socket. */
  messageBytes: number;
  /** A TCP connection came; it may be destroyed at once. */
  countIn(socket: Socket): void;
  letIn(stream: Duplex): void;
}

export class WebSocketDoor {
  readonly #options: WebSocketDoorOptions;
  #server: Server | null = null;

  constructor(options: WebSocketDoorOptions) {
    this.#options = options;
  }

  get port(): number {
    const address = this.#server?.address();
    return address && typeof address === 'object' ? (address as AddressInfo).port : 0;
  }

  async start(): Promise<void> {
    if (this.#server) return;
    const { host, port, tls, messageBytes, countIn, letIn } = this.#options;
    const server = createServer({ ...tls, requestTimeout: requestTimeoutMs }, (_request, answer) =>
      answer.writeHead(426, { upgrade: 'websocket' }).end('MQTT over WebSockets is spoken here\n'),
    );
    const sockets = new WebSocketServer({
      server,
      path: webSocketPath,
      maxPayload: messageBytes,
      // Readings are small, and compressing costs each connection a buffer.
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
    });
    server.on('connection', countIn);
    sockets.on('connection', (socket) => {
      if (socket.protocol !== subprotocol) {
        socket.close(1_002, 'the subprotocol mqtt is needed');
        return;
      }
      const stream = createWebSocketStream(socket);
      // What goes wrong ends the stream, which the broker hears.
      stream.on('error', () => stream.destroy());
      letIn(stream);
    });
    // Errors of the server come out here, too.
    sockets.on('error', () => {});
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  }

  /** The connections are ended by whoever counted them in. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server?.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
