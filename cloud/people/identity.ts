/**
 * A login that somebody else vouches for, by OpenID Connect: authorization code with PKCE, state and nonce, and an identity token whose signature is checked.
 * What is asked travels in the browser's own cookie under our seal; nothing is stored until somebody has come back.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import type { Configuration } from "openid-client";
import type { Identity } from "./store.js";

export interface IdentitySettings {
  /** The provider, as it names itself: "https://id.example". */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the button says after "Log in with". */
  readonly name: string;
}

export interface IdentityOptions {
  readonly settings: IdentitySettings;
  /** Seals what the browser keeps on its way. */
  readonly secret: Uint8Array;
  /** Where the provider sends the reader back to. */
  readonly returnUrl: () => string;
  readonly now: () => number;
  readonly onError: (error: Error) => void;
}

export interface IdentityDesk {
  readonly name: string;
  /**
   * Where to send the reader, and what their browser has to keep until they are back. `phone`: whose account is to be bound; null for a login. `null` when the
   * provider is away.
   */
  readonly ask: (phone: string | null) => Promise<{ readonly url: string; readonly kept: string } | null>;
  /** `query`: of the address at which the reader came back. `null` when anything does not fit. */
  readonly prove: (
    kept: string | undefined,
    query: string,
  ) => Promise<{ readonly identity: Identity; readonly phone: string | null } | null>;
}

/** How long somebody may take to log in elsewhere. */
export const ASKED_SECONDS = 900;
const MS_A_SECOND = 1000;
const TIMEOUT_SECONDS = 10;

interface Asked {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly phone: string | null;
  readonly untilMs: number;
}

export function createIdentityDesk({ settings, secret, returnUrl, now, onError }: IdentityOptions): IdentityDesk {
  let known: Promise<Configuration> | null = null;
  /** Asked for when it is needed first: a provider that is away does not hold up the start, and is asked again the next time. */
  const provider = () =>
    (known ??= discover(settings).catch((error: Error) => {
      known = null;
      throw error;
    }));
  const failed = (error: Error) => {
    // A reader who has thought better of it is no failure.
    if (!(error instanceof AuthorizationResponseError)) onError(error);
    return null;
  };
  return {
    name: settings.name,
    async ask(phone) {
      const config = await provider().catch(failed);
      if (!config) return null;
      const asked = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), phone };
      const url = buildAuthorizationUrl(config, {
        ...{ redirect_uri: returnUrl(), scope: "openid", state: asked.state, nonce: asked.nonce },
        ...{ code_challenge: await calculatePKCECodeChallenge(asked.verifier), code_challenge_method: "S256" },
      });
      return { url: url.href, kept: seal(secret, { ...asked, untilMs: now() + ASKED_SECONDS * MS_A_SECOND }) };
    },
    async prove(kept, query) {
      const asked = unseal(secret, kept ?? "");
      if (!asked || asked.untilMs < now()) return null;
      const { state: expectedState, nonce: expectedNonce, verifier: pkceCodeVerifier, phone } = asked;
      const checks = { expectedState, expectedNonce, pkceCodeVerifier, idTokenExpected: true };
      const tokens = await provider()
        .then((config) => authorizationCodeGrant(config, new URL(returnUrl() + query), checks))
        .catch(failed);
      const claims = tokens?.claims();
      return claims ? { identity: { issuer: claims.iss, subject: claims.sub }, phone } : null;
    },
  };
}

async function discover({ issuer, clientId, clientSecret }: IdentitySettings): Promise<Configuration> {
  const url = new URL(issuer);
  // Without TLS only where the settings allow it: on this machine.
  const execute = url.protocol === "http:" ? [allowInsecureRequests] : [];
  const config = await discovery(url, clientId, clientSecret, undefined, { timeout: TIMEOUT_SECONDS, execute });
  enableNonRepudiationChecks(config);
  return config;
}

function seal(secret: Uint8Array, asked: Asked): string {
  const text = Buffer.from(JSON.stringify(asked)).toString("base64url");
  return text + "." + macOf(secret, text);
}

/** `null` for whatever has not our seal. */
function unseal(secret: Uint8Array, kept: string): Asked | null {
  const [text, mac = ""] = kept.split(".");
  const [wanted, found] = [Buffer.from(macOf(secret, text)), Buffer.from(mac)];
  if (wanted.length !== found.length || !timingSafeEqual(wanted, found)) return null;
  return JSON.parse(Buffer.from(text, "base64url").toString()) as Asked;
}

function macOf(secret: Uint8Array, text: string): string {
  return createHmac("sha256", secret).update(text).digest("base64url");
}
