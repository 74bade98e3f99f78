/** Ties the knot: settings → database → cloud → HTTP. */
import { createHmac, randomBytes } from "node:crypto";
import { join } from "node:path";
import { partnerSecret } from "./api/signature.js";
import { callPartner, createWebhooks } from "./api/webhooks.js";
import { createCloud } from "./cloud.js";
import type { Cloud } from "./cloud.js";
import type { CloudConfig } from "./config.js";
import { createFiscalPost } from "./fiscal/post.js";
import { createFiscalProvider } from "./fiscal/provider.js";
import { loadOrCreateSeed } from "./key-file.js";
import { eraseDue } from "./office/people/people-desk.js";
import { openOffice } from "./office/office.js";
import type { Office } from "./office/office.js";
import { NO_PAYMENTS, providersFor } from "./payments/settings.js";
import { purposeOf } from "./payments/words.js";
import { createMail } from "./people/mail.js";
import { createBridge } from "./people/messenger.js";
import { createSms } from "./people/sms.js";
import { startPostgres } from "./store/cluster.js";
import { AlreadyRunning } from "./store/hold.js";
import { openPostgres } from "./store/postgres.js";
import { createApp } from "./web/app.js";

/** How often open orders are asked about: a payer who came back from the bank is looking at the page. */
const TICK_MS = 2000;
/** What waits a year can wait an hour. */
const RETENTION_TICK_MS = 3600_000;
const CLIENT_NAME = 32;

export interface RunningCloud {
  readonly cloud: Cloud;
  readonly office: Office;
  /** Where it listens, "http://127.0.0.1:8080". */
  readonly url: string;
  /** Finishes what is being answered, then closes the database; our own one is stopped. */
  readonly close: () => Promise<void>;
}

export interface Surroundings {
  /** Told of every failure that nobody waits for. */
  readonly onError: (error: Error) => void;
}

/**
 * Starts everything, or throws a sentence and leaves nothing running. When another cloud holds the data, that one and its database are left in peace.
 */
export async function startCloud(config: CloudConfig, { onError }: Surroundings): Promise<RunningCloud> {
  const cluster = config.databaseUrl === null ? await startPostgres(join(config.dataDir, "postgres")) : null;
  const stopCluster = async () => cluster?.stop();
  const closers: (() => Promise<unknown>)[] = [stopCluster];
  const closeAll = async () => {
    for (const step of closers.reverse()) await step();
  };
  let closing: Promise<void> | null = null;
  const close = () => (closing ??= closeAll());
  try {
    const databaseUrl = cluster?.url ?? (config.databaseUrl as string);
    const onLost = (error: Error) => void close().then(() => onError(error), onError);
    const store = await openPostgres({ url: databaseUrl, onError, onLost });
    closers.push(() => store.close());
    const seed = await loadOrCreateSeed(join(config.dataDir, "cloud.key"));
    const settings = config.payments ?? NO_PAYMENTS;
    let publicUrl = config.publicUrl ?? null;
    const around = { describe: purposeOf, clientOf: clientNames(seed), publicUrl: () => publicUrl ?? "" };
    const cloud = await createCloud({
      payments: { policy: settings.policy, providers: providersFor(settings, around) },
      store,
      seed,
      house: config.house,
      now: Date.now,
      random: (bytes) => new Uint8Array(randomBytes(bytes)),
    });
    const office = await openOffice({ cloud, url: store.url, seed, site: () => publicUrl ?? "", cardDays: config.cardDays, onError });
    closers.push(office.close);
    const partners = {
      store: store.partners,
      secretOf: (partner: Parameters<typeof partnerSecret>[0]) => cloud.secretFor(partnerSecret(partner)),
    };
    const bridge = config.messagesUrl ? createBridge(config.messagesUrl) : undefined;
    const letters = config.mail ? createMail(config.mail, Date.now, bridge) : bridge;
    const messenger = letters && config.sms ? createSms(config.sms, letters) : letters;
    const { acquirer, networkPassword } = settings;
    const { secureCookies, identity, offerUrl } = config;
    const ticks = [cloud.payments.tick, office.tick, createWebhooks({ ...partners, call: callPartner, now: Date.now }).tick];
    await store.fiscal.setOperations(config.fiscal?.operations ?? []);
    if (config.fiscal) {
      const provider = createFiscalProvider(config.fiscal, config.house);
      ticks.push(createFiscalPost({ store: store.fiscal, provider, now: Date.now, onError }).tick);
    }
    const app = await createApp({
      everyTick: (work) => void ticks.push(work),
      cloud,
      office,
      messenger,
      partners,
      acquirer,
      networkPassword,
      secureCookies,
      identity,
      offerUrl,
      onError,
      url: () => publicUrl ?? "",
    });
    closers.push(() => app.close());
    const url = await app.listen({ host: config.host, port: config.port });
    publicUrl ??= url;
    for (const tick of ticks) closers.push(keepTicking(tick, onError));
    closers.push(keepTicking(async () => void (await eraseDue(office, onError)), onError, RETENTION_TICK_MS));
    return { cloud, office, url, close };
  } catch (error) {
    // The other cloud's database is running for it, not for us.
    if (!(error instanceof AlreadyRunning)) await close();
    throw plain(error as Error, config);
  }
}

/** Under which names a bank knows our payers: it is told no telephone number, and always the same name. */
function clientNames(seed: Uint8Array): (payer: string) => string {
  const key = createHmac("sha256", seed).update("payers at the bank").digest();
  return (payer) => createHmac("sha256", key).update(payer).digest("hex").slice(0, CLIENT_NAME);
}

/** Every few seconds, and at once; the returned function waits for the last one. */
function keepTicking(work: () => Promise<void>, onError: (error: Error) => void, everyMs = TICK_MS): () => Promise<void> {
  let turn: Promise<void> = Promise.resolve();
  const tick = () => void (turn = turn.then(work).catch(onError));
  const timer = setInterval(tick, everyMs);
  tick();
  return () => {
    clearInterval(timer);
    return turn;
  };
}

/** No such machine, nobody there, no time to answer: at boot a name server and a database may come up after us. */
const NOT_THERE_YET = new Set(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"]);
/** PostgreSQL's own: wrong password, not allowed, no such database. */
const NOT_LET_IN = new Set(["28P01", "28000", "3D000"]);

/** What a person can mend; its message says how. */
export class CannotStart extends Error {
  /** `isPassing`: it may be over by itself, so that another start is worth it. */
  constructor(
    message: string,
    readonly isPassing: boolean,
  ) {
    super(message);
  }
}

/** The failures that a person can mend, in words that say how. */
function plain(error: Error & { code?: string }, config: CloudConfig): Error {
  if (error instanceof AlreadyRunning) {
    // A machine that lost its power leaves its session in a database elsewhere, which takes hours to notice.
    const isElsewhere = config.databaseUrl !== null;
    const where = isElsewhere ? "the database of DATABASE_URL" : config.dataDir;
    return new CannotStart("another cloud is already running on " + where + ": stop it first", isElsewhere);
  }
  const { code = "" } = error;
  if (config.databaseUrl !== null && (NOT_THERE_YET.has(code) || NOT_LET_IN.has(code))) {
    const shown = config.databaseUrl.replace(/:[^:@/]*@/, ":…@");
    const said = "DATABASE_URL is " + shown + "; it must be a database that lets us in (" + (error.message || code) + ")";
    return new CannotStart(said, NOT_THERE_YET.has(code));
  }
  if (code === "EADDRINUSE")
    return new CannotStart("TRAPEZA_CLOUD_PORT is " + config.port + ", which is taken; choose another or 0 for any", false);
  return error;
}
