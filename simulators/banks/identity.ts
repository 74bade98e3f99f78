/**
 * Somebody who vouches for people by OpenID Connect: who types a name on its page is that person. It insists on PKCE, on its client's secret and on a code
 * being used once, and lies when it is asked to.
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import formbody from "@fastify/formbody";
import fastify from "fastify";
import { formatIdentityPage } from "./page.js";
import { ENGLISH } from "./words.en.js";
import { RUSSIAN } from "./words.ru.js";

export interface IdentityProviderOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where its client takes people back, and nowhere else. */
  readonly returnUrl: () => string;
  /** 0 takes any free port, on this machine only. */
  readonly port: number;
}

/** What is wrong with the tokens: made for another question, another client, by another provider, signed by nobody we know, or long ago. */
export type Lie = "nonce" | "client" | "issuer" | "key" | "time";

export interface IdentityProvider {
  readonly url: string;
  lie: Lie | null;
  /** Answers nobody while true. */
  away: boolean;
  /** What came of the codes that were asked about. */
  readonly answers: readonly string[];
  readonly close: () => Promise<void>;
}

interface Asked {
  readonly person: string;
  readonly nonce: string;
  readonly challenge: string;
}

type Fields = { readonly [name: string]: string | undefined };

const KEY_BITS = 2048;
const CODE_BYTES = 16;
const MS_A_SECOND = 1000;
const LASTS_SECONDS = 300;
const LONG_AGO_SECONDS = 86400;

export async function openIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const [key, strangers] = [0, 1].map(() => generateKeyPairSync("rsa", { modulusLength: KEY_BITS }));
  const codes = new Map<string, Asked>();
  const answers: string[] = [];
  const app = fastify({ forceCloseConnections: true });
  const provider: IdentityProvider = { url: "", lie: null, away: false, answers, close: () => app.close() };
  await app.register(formbody);
  app.addHook("onRequest", async (_, reply) => (provider.away ? reply.code(503).send() : undefined));
  const at = (path: string) => provider.url + path;
  app.get("/.well-known/openid-configuration", async () => ({
    ...{ issuer: provider.url, authorization_endpoint: at("/authorize"), token_endpoint: at("/token"), jwks_uri: at("/keys") },
    ...{ response_types_supported: ["code"], subject_types_supported: ["public"], id_token_signing_alg_values_supported: ["RS256"] },
    ...{ code_challenge_methods_supported: ["S256"] },
  }));
  app.get("/keys", async () => ({ keys: [{ ...key.publicKey.export({ format: "jwk" }), kid: "1", use: "sig", alg: "RS256" }] }));
  app.get("/authorize", async (request, reply) => {
    const asked = request.query as Fields;
    if (!isGood(options, asked)) return reply.code(400).send();
    const words = /\bru\b/.test(request.headers["accept-language"] ?? "") ? RUSSIAN : ENGLISH;
    return reply.type("text/html; charset=utf-8").send(formatIdentityPage(words, request.url));
  });
  app.post("/authorize", async (request, reply) => {
    const asked = request.query as Fields;
    const { person = "", do: what } = request.body as Fields;
    if (!isGood(options, asked)) return reply.code(400).send();
    const code = randomBytes(CODE_BYTES).toString("hex");
    codes.set(code, { person, nonce: asked.nonce ?? "", challenge: asked.code_challenge ?? "" });
    const answer: [string, string] = what === "enter" ? ["code", code] : ["error", "access_denied"];
    return reply.redirect(options.returnUrl() + "?" + new URLSearchParams([answer, ["state", asked.state ?? ""]]), 303);
  });
  app.post("/token", async (request, reply) => {
    const { code = "", code_verifier: verifier = "" } = request.body as Fields;
    const asked = codes.get(code);
    codes.delete(code);
    const trouble = troubleWith(options, request.headers.authorization, request.body as Fields, asked, verifier);
    answers.push(trouble ?? "token");
    if (trouble !== null || !asked) return reply.code(400).send({ error: trouble });
    const signer = provider.lie === "key" ? strangers.privateKey : key.privateKey;
    const idToken = formatToken(claimsFor(options, provider, asked), signer);
    return { access_token: "nothing", token_type: "Bearer", id_token: idToken };
  });
  return Object.assign(provider, { url: await app.listen({ host: "127.0.0.1", port: options.port }) });
}

function isGood({ clientId, returnUrl }: IdentityProviderOptions, asked: Fields): boolean {
  const isCode = asked.response_type === "code" && asked.scope?.split(" ").includes("openid") && asked.code_challenge_method === "S256";
  return Boolean(isCode && asked.state && asked.nonce) && asked.client_id === clientId && asked.redirect_uri === returnUrl();
}

function troubleWith(
  { clientId, clientSecret, returnUrl }: IdentityProviderOptions,
  authorization: string | undefined,
  { client_id: id, client_secret: secret, redirect_uri: back }: Fields,
  asked: Asked | undefined,
  verifier: string,
): string | null {
  const basic = "Basic " + Buffer.from(clientId + ":" + clientSecret).toString("base64");
  if (authorization !== basic && (id !== clientId || secret !== clientSecret)) return "invalid_client";
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  return asked?.challenge === challenge && back === returnUrl() ? null : "invalid_grant";
}

function claimsFor({ clientId }: IdentityProviderOptions, { url, lie }: IdentityProvider, { person, nonce }: Asked): object {
  const issued = Math.floor(Date.now() / MS_A_SECOND) - (lie === "time" ? LONG_AGO_SECONDS : 0);
  return {
    iss: lie === "issuer" ? url + "/other" : url,
    aud: lie === "client" ? "another" : clientId,
    nonce: lie === "nonce" ? "another" : nonce,
    ...{ sub: person, iat: issued, exp: issued + LASTS_SECONDS },
  };
}

/** RFC 7515, RS256. */
function formatToken(claims: object, key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = part({ alg: "RS256", kid: "1", typ: "JWT" }) + "." + part(claims);
  return text + "." + sign("sha256", Buffer.from(text), key).toString("base64url");
}
