/** Names the rules that fold events and the shape of what they fold: a snapshot of another edition is not used. */
import { RULES_VERSION, STATE_SHAPE, toHex } from "@trapeza/protocol";
import { sha256 } from "./cipher.js";

export const EDITION = `${RULES_VERSION}-${toHex(sha256(new TextEncoder().encode(STATE_SHAPE))).slice(0, 8)}`;
