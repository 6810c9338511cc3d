// A stand-in for a venue: its protocol over a real WebSocket on loopback, with the faults of real ones.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { VenueScript } from './test-venue-script.ts';

/** What a venue needs of its script. */
type Script = Pick<VenueScript, 'next' | 'snapshot'>;

/** Where the venues have their lists of instruments. */
const LISTS: readonly string[] = ['/api/v3/exchangeInfo', '/0/public/AssetPairs', '/products'];

/** One client's connection, and the socket below it. */
interface Seat {
  readonly webSocket: WebSocket;
  readonly socket: Socket;
  isStalled: boolean;
  /** What it is told later; null while it is told everything at once. */
  late: string[] | null;
}

/** A venue that plays its script as a test tells it to. */
export class TestVenue {
  /** How many connections were made. */
  connections = 0;
  /** How often it was asked whether it is there. */
  pings = 0;
  /** How often a book was asked for. */
  snapshots = 0;
  /** How many connections it refuses from now on. */
  refusals = 0;
  /** Its answer to who asks for its instruments; null while it has none. */
  listings: string | null = null;
  /** How many requests for a book it fails from now on. */
  failures = 0;
  /** What it was sent over all connections. */
  readonly requests: string[] = [];
  /** How it answers a message, before the book that the message asks for. */
  answersOf = confirmations;
  readonly #script: Script;
  readonly #server: Server;
  readonly #seats = new Set<Seat>();

  private constructor(script: Script) {
    this.#script = script;
    this.#server = createServer((request, response) => this.#answer(request, response));
    const sockets = new WebSocketServer({
      server: this.#server,
      autoPong: false,
      verifyClient: () => (this.refusals -= 1) < 0,
    });
    sockets.on('connection', (webSocket, request) => this.#seat(webSocket, request.socket));
  }

  static async start(script: Script): Promise<TestVenue> {
    const venue = new TestVenue(script);
    await new Promise<void>((resolve) => venue.#server.listen(0, '127.0.0.1', resolve));
    return venue;
  }

  /** Where it is, as `http://…`. */
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** So much happens, and whoever is connected is told. */
  play(frames: number): void {
    for (let count = 0; count < frames; count += 1) this.say(this.#script.next());
  }

  /** So much happens, and nobody is told. */
  lose(frames: number): void {
    for (let count = 0; count < frames; count += 1) this.#script.next();
  }

  /** Says this to whoever is connected. */
  say(text: string): void {
    // Recorded answers of a REST interface are no frames.
    if (text.includes('\n')) return;
    for (const { webSocket, isStalled, late } of this.#seats)
      if (late !== null) late.push(text);
      else if (!isStalled) webSocket.send(text);
  }

  /** Tells who is connected what happens only once it {@link catchUp catches up}. */
  delay(): void {
    for (const seat of this.#seats) seat.late ??= [];
  }

  /** Tells everybody what they were not told yet. */
  catchUp(): void {
    for (const seat of this.#seats) {
      for (const text of seat.late ?? []) seat.webSocket.send(text);
      seat.late = null;
    }
  }

  /** Says something that is in no protocol. */
  babble(): void {
    this.say('{"channel":"bo');
  }

  /** Keeps the connections, and says nothing on them any more, not even to a ping. */
  stall(): void {
    for (const seat of this.#seats) seat.isStalled = true;
  }

  /** Says that it will send nothing more, and listens on. */
  halfClose(): void {
    for (const { socket } of this.#seats) socket.end();
  }

  /** Closes every connection as the protocol wants it. */
  close(): void {
    for (const { webSocket } of this.#seats) webSocket.close(1012);
  }

  /** How many are connected. */
  get seats(): number {
    return this.#seats.size;
  }

  /** Cuts the oldest connection. */
  cutOldest(): void {
    for (const { webSocket } of [...this.#seats].slice(0, 1)) webSocket.terminate();
  }

  /** Cuts every connection. */
  cut(): void {
    for (const { webSocket } of this.#seats) webSocket.terminate();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #seat(webSocket: WebSocket, socket: Socket): void {
    this.connections += 1;
    const seat: Seat = { webSocket, socket, isStalled: false, late: null };
    this.#seats.add(seat);
    webSocket.on('close', () => this.#seats.delete(seat));
    webSocket.on('error', () => this.#seats.delete(seat));
    webSocket.on('ping', () => {
      this.pings += 1;
      if (!seat.isStalled) webSocket.pong();
    });
    webSocket.on('message', (data: Buffer) => {
      if (seat.isStalled) return;
      const text = data.toString();
      this.requests.push(text);
      for (const answer of this.answersOf(text)) webSocket.send(answer);
      for (const symbol of bookRequests(text))
        this.#sendSnapshot((snapshot) => webSocket.send(snapshot), symbol);
    });
  }

  /** The REST interface, which knows two questions: for a book, and for the list of instruments. */
  #answer({ url = '/' }: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, this.origin);
    const symbol = searchParams.get('symbol');
    if (symbol === null) {
      response.statusCode = LISTS.includes(pathname) && this.listings !== null ? 200 : 503;
      response.end(this.listings);
      return;
    }
    response.statusCode = 503;
    this.#sendSnapshot((text) => {
      response.statusCode = 200;
      response.write(text);
    }, symbol);
    response.end();
  }

  #sendSnapshot(send: (text: string) => void, symbol: string): void {
    this.snapshots += 1;
    this.failures -= 1;
    if (this.failures < 0) send(this.#script.snapshot(symbol));
  }
}

/** What a venue that numbers its answers sends to somebody who subscribes. */
export function confirmations(text: string): readonly string[] {
  const { method, id } = JSON.parse(text) as { readonly method?: string; readonly id?: number };
  return method === 'SUBSCRIBE' ? [JSON.stringify({ result: null, id })] : [];
}

/** The books that a message subscribes to, in any of the protocols. */
function bookRequests(text: string): readonly string[] {
  const { method, params, type, channels, product_ids } = JSON.parse(text) as {
    readonly method?: string;
    readonly params?: { readonly channel: string; readonly symbol: readonly string[] };
    readonly type?: string;
    readonly channels?: readonly string[];
    readonly product_ids?: readonly string[];
  };
  if (method === 'subscribe' && params?.channel === 'book') return params.symbol;
  return type === 'subscribe' && channels?.includes('level2_batch') ? (product_ids ?? []) : [];
}
