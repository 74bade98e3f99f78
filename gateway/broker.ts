/**
 * The school's MQTT broker: a door with a list. It carries frames between a terminal's own two topics and the gateway, and nothing else for anybody.
 *
 * Quality of service 0 and clean sessions only: the broker acknowledges QoS 1 before anything is stored, so its word would be worth nothing. Whether somebody
 * comes in is decided before an older connection of the same terminal is closed.
 */
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { Aedes } from "aedes";
import type { AuthenticateError, Client } from "aedes";
import { encodePacket, parseTopic, topicFor } from "@trapeza/protocol";
import type { TerminalId } from "@trapeza/protocol";
import type { Admit } from "./admission.js";
import type { Log } from "./desk.js";
import { limitPackets } from "./packet-limit.js";
import { createStrangers } from "./strangers.js";

export interface BrokerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly admit: Admit;
  readonly receive: (terminal: TerminalId, frame: Uint8Array) => void;
  readonly log: Log;
}

export interface Broker {
  readonly port: number;
  /** Hands a frame to a terminal that is connected; to the others it is lost. */
  readonly send: (terminal: TerminalId, frame: Uint8Array) => void;
  readonly connected: () => number[];
  readonly close: () => Promise<void>;
}

/** Longest packet up: a class of 64 ids in one frame is some 400 bytes. */
const MAX_PACKET_BYTES = 4096;
/** A terminal asks one thing at a time; even one that drains a month does not come near. */
const PACKET_LIMITS = { maxBytes: MAX_PACKET_BYTES, perSecond: 2000 };
/** Connections that nobody has been let in on yet; those inside are as many as there are terminals. */
const MAX_STRANGERS = 128;
/** Frames that a terminal has not taken yet; one that lets more pile up is cut off and asks again when it is back. */
const MAX_QUEUE = 64;
const CONNECT_TIMEOUT_MS = 10000;
const DRAIN_TIMEOUT_MS = 15000;
const MAX_KEEPALIVE_SECONDS = 120;
const FAREWELL_MS = 2000;

/**
 * Where aedes would look for those who listen to what a client publishes. Here nothing goes from one client to another, so there is nobody to look for,
 * at no cost a frame.
 */
const NOBODY_LISTENS = {
  on: (_topic: string, _take: unknown, done?: () => void): void => void (done && setImmediate(done)),
  removeListener: (_topic: string, _take: unknown, done?: () => void): void => void (done && setImmediate(done)),
  emit: (_packet: unknown, done: () => void): void => done(),
  close: (done: () => void): void => void setImmediate(done),
};

export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const door = createDoor(options);
  const aedes = await Aedes.createBroker({
    connectTimeout: CONNECT_TIMEOUT_MS,
    drainTimeout: DRAIN_TIMEOUT_MS,
    keepaliveLimit: MAX_KEEPALIVE_SECONDS,
    queueLimit: MAX_QUEUE,
    maxTopicLevels: 3,
    mq: NOBODY_LISTENS,
    ...door.handlers,
  });
  const strangers = createStrangers(MAX_STRANGERS);
  aedes.on("client", (client) => {
    strangers.recognise(client.conn);
    door.enter(client);
  });
  aedes.on("clientDisconnect", (client) => door.leave(client));
  aedes.on("clientError", (client, error) => options.log.warn({ client: client.id, why: error.message }, "connection closed"));
  aedes.on("connectionError", (_client, error) => options.log.warn({ why: error.message }, "connection refused"));
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.setNoDelay(true);
    strangers.enter(socket);
    limitPackets(socket, PACKET_LIMITS);
    aedes.handle(socket);
  });
  const port = await listen(server, options.port, options.host);
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((done) => server.close(() => done()));
    await farewell(sockets, door.isSilent);
    aedes.close(() => sockets.forEach((socket) => socket.destroy()));
    await closed;
  };
  return { port, send: door.send, connected: door.connected, close };
}

/** A terminal that was let in, and what is on its way to it. */
interface Place {
  readonly client: Client;
  /** Said in this turn, as packets. */
  said: Uint8Array[];
  /** Frames that its socket has not taken yet, those said in this turn included. */
  queued: number;
}

/** What was said to a terminal in one turn leaves in one write, after the CONNACK of a connection that has just begun. */
function leave(place: Place): void {
  const { said } = place;
  place.said = [];
  place.client.conn.write(Buffer.concat(said), () => void (place.queued -= said.length));
}

/** Who may come in, speak and listen. Apart from sockets, so that it can be read at one go. */
function createDoor(options: BrokerOptions) {
  const inside = new Map<number, Place>();
  const ownTopic = (client: Client | null, topic: string, direction: "up" | "down"): boolean =>
    client !== null && topic === topicFor(Number(client.id), direction);
  return {
    handlers: {
      preConnect: (
        _client: Client,
        packet: { clean?: boolean; clientId: string },
        done: (error: Error | null, good: boolean) => void,
      ): void => {
        const good = packet.clean === true && parseTopic(`t/${packet.clientId}/u`) !== null;
        done(good ? null : new Error("not a clean session of a terminal"), good);
      },
      authenticate: (
        client: Client,
        user: string | undefined,
        password: Buffer | undefined,
        done: (error: AuthenticateError | null, good: boolean) => void,
      ): void => {
        done(null, user === client.id && password !== undefined && options.admit(Number(user), Uint8Array.from(password)));
      },
      authorizePublish: (
        client: Client | null,
        packet: { topic: string; qos: number; retain: boolean; payload: Uint8Array | string },
        done: (error?: Error | null) => void,
      ): void => {
        // A will is the broker speaking for a client that is gone; that it is gone is all that it says. It names no publisher's quality or retention to refuse.
        if (client?.closed) return done(new Error("wills are not carried"));
        if (packet.qos !== 0 || packet.retain || !ownTopic(client, packet.topic, "up")) return done(new Error("may not publish this"));
        options.receive(Number(client?.id) as TerminalId, new Uint8Array(packet.payload as Uint8Array));
        done(null);
      },
      authorizeSubscribe: (
        client: Client,
        subscription: { topic: string; qos: number },
        done: (error: Error | null, granted?: never) => void,
      ): void => {
        const good = ownTopic(client, subscription.topic, "down");
        done(good ? null : new Error("may not listen there"), { ...subscription, qos: 0 } as never);
      },
      authorizeForward: <P extends { topic: string }>(client: Client, packet: P): P | null =>
        ownTopic(client, packet.topic, "down") ? packet : null,
    },
    enter: (client: Client): void => void inside.set(Number(client.id), { client, said: [], queued: 0 }),
    leave: (client: Client): void => {
      if (inside.get(Number(client.id))?.client === client) inside.delete(Number(client.id));
    },
    connected: (): number[] => [...inside.keys()],
    isSilent: (): boolean => [...inside.values()].every(({ queued }) => queued === 0),
    send: (terminal: TerminalId, frame: Uint8Array): void => {
      const place = inside.get(terminal);
      if (!place) return;
      if (place.queued >= MAX_QUEUE) return place.client.close();
      place.queued++;
      const packet = encodePacket({ kind: "publish", topic: topicFor(terminal, "down"), payload: frame });
      if (place.said.push(packet) === 1) setImmediate(leave, place);
    },
  };
}

/** Lets what has been said leave before the lines are cut; who does not take it does not hold up the others. */
async function farewell(sockets: ReadonlySet<Socket>, isSilent: () => boolean): Promise<void> {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((done) => (timer = setTimeout(done, FAREWELL_MS))).then(() => (isOver = true));
  // A frame is put into its socket in the turn after the one in which it was said.
  while (!isSilent() && !isOver) await new Promise((done) => setImmediate(done));
  const left = [...sockets].map((socket) => new Promise<void>((done) => socket.once("close", () => done()).end(() => done())));
  await Promise.race([Promise.all(left), patience]);
  clearTimeout(timer);
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(port, host, () => done((server.address() as AddressInfo).port));
  });
}
