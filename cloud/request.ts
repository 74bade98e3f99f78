/** Is this request really from that gateway, and new? Everything else about it is looked at afterwards. */
import { SYNC_HEADERS, fromBase64, requestToSign, toHex } from "@trapeza/protocol";
import { sha256, verifySignature } from "./crypto.js";
import type { GatewayIdentity, Store } from "./store/store.js";

/** A request as it came over HTTP; header names in small letters. */
export interface SignedRequest {
  readonly method: string;
  readonly authority: string;
  readonly pathAndQuery: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: Uint8Array;
  /** The gateway named in the path, which must be the one that signed. */
  readonly gateway: string;
}

/** `living`: the school's newest epoch when the number was taken. */
export type Admission =
  | { readonly kind: "admitted"; readonly gateway: GatewayIdentity; readonly living: number }
  | { readonly kind: "rejected"; readonly status: 401 | 403; readonly what: string };

export type Admit = (request: SignedRequest) => Promise<Admission>;

/** Keeps every gateway that it has found: of one in its epoch nothing changes that is asked for here. */
export function createAdmission(store: Store): Admit {
  const known = new Map<string, GatewayIdentity>();
  const find = async (id: string, epoch: number): Promise<GatewayIdentity | null> => {
    const name = epoch + "/" + id;
    const found = known.get(name) ?? (await store.gateway(id, epoch));
    if (found) known.set(name, found);
    return found;
  };
  return (request) => admitRequest(store, find, request);
}

/**
 * Checks signature and request number and takes the number. A number once taken is never good again, whatever becomes of the request: no clock is
 * trusted, and a recorded request played again changes nothing.
 */
async function admitRequest(
  store: Store,
  find: (id: string, epoch: number) => Promise<GatewayIdentity | null>,
  request: SignedRequest,
): Promise<Admission> {
  const header = (name: string) => {
    const value = request.headers[name];
    return typeof value === "string" ? value : "";
  };
  const identity = {
    gateway: header(SYNC_HEADERS.gateway),
    epoch: wholeNumber(header(SYNC_HEADERS.epoch)),
    number: wholeNumber(header(SYNC_HEADERS.number)),
  };
  const signature = fromBase64(header(SYNC_HEADERS.signature));
  const { gateway: id, epoch, number } = identity;
  if (epoch === null || number === null || signature === null || id === "") return rejected(401, "unsigned");
  if (id !== request.gateway) return rejected(403, "signed by another gateway");
  const gateway = await find(id, epoch);
  const signed = requestToSign(request.method, request.authority, request.pathAndQuery, toHex(sha256(request.body)), {
    gateway: id,
    epoch,
    number,
  });
  if (!gateway || !verifySignature(gateway.key, signed, signature)) return rejected(401, "bad signature");
  const taken = await store.takeRequestNumber(id, epoch, number);
  if (!taken) return rejected(403, "request number is not above " + ((await store.gateway(id, epoch))?.lastRequest ?? number));
  return { kind: "admitted", gateway, living: taken.living };
}

function rejected(status: 401 | 403, what: string): Admission {
  return { kind: "rejected", status, what };
}

function wholeNumber(text: string): number | null {
  const value = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : null;
  return value !== null && Number.isSafeInteger(value) ? value : null;
}
