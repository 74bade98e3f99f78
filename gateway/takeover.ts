/** Fetching what a school has done so far, for a gateway that is about to take another's place. Nothing is believed here: Inheritance checks it all. */
import { createTree, decodeWhole, directivesAnswer, epochAnswer, equalBytes, leafHash, openCheckpoint } from "@trapeza/protocol";
import type { EpochAnswer, TreeEdge, VerifierKey } from "@trapeza/protocol";
import { sha256 } from "./cipher.js";
import type { CloudTransport } from "./cloud-client.js";
import { verifySignature } from "./signing.js";

const TIMEOUT_MS = 60000;

/** All pages of a closed epoch, at least one. Rejects with a sentence. */
export async function* epochPages(transport: CloudTransport, epoch: number): AsyncGenerator<EpochAnswer> {
  for (let from = 0, size = 0; ;) {
    const { status, body } = await transport("GET", `/epochs/${epoch}?from=${from}`, null, TIMEOUT_MS);
    const page = status === 200 ? decodeWhole(epochAnswer, body) : null;
    if (!page?.ok)
      throw new Error(`the cloud answered ${status} when it was asked for epoch ${epoch}: ${Buffer.from(body).toString("latin1", 0, 200)}`);
    if (page.value.from !== from) throw new Error(`entries of epoch ${epoch} from ${page.value.from} came, from ${from} were asked for`);
    yield page.value;
    ({ size } = page.value);
    from += page.value.entries.length;
    if (from >= size) return;
    if (page.value.entries.length === 0) throw new Error(`the cloud holds ${size} entries of epoch ${epoch} and gives none from ${from}`);
  }
}

/** The edge of the school's directive log behind its first `size` entries. */
export async function directiveEdge(
  transport: CloudTransport,
  log: { readonly origin: string; readonly key: VerifierKey },
  size: number,
): Promise<TreeEdge> {
  const tree = createTree(sha256);
  let edge = tree.edge();
  while (tree.size < size) {
    const { status, body } = await transport("GET", `/directives?from=${tree.size}&wait=0`, null, TIMEOUT_MS);
    const page = status === 200 ? decodeWhole(directivesAnswer, body) : null;
    if (!page?.ok) throw new Error(`the cloud answered ${status} when it was asked for directives`);
    if (page.value.entries.length === 0) throw new Error(`the cloud has ${tree.size} directives, the journal has applied ${size}`);
    for (const entry of page.value.entries) {
      tree.append(leafHash(sha256, entry));
      if (tree.size === size) edge = tree.edge();
    }
    const opened = openCheckpoint(page.value.checkpoint, log.origin, log.key, [], verifySignature);
    const { size: signed, root } = opened.ok ? opened.checkpoint : { size: -1, root: new Uint8Array(0) };
    if (signed !== tree.size || !equalBytes(root, tree.root()))
      throw new Error("the directives do not lead to the root that the cloud has signed");
  }
  return edge;
}
