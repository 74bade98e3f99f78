/** One per school: decides, remembers, answers. */
import { fileURLToPath } from "node:url";
export { createAdmission } from "./admission.js";
export type { Admit } from "./admission.js";
export { openBroker } from "./broker.js";
export type { Broker } from "./broker.js";
export { cipher, resumeToken, sha256, terminalKey } from "./cipher.js";
export { createCloudClient } from "./cloud-client.js";
export type { CloudAnswer, CloudTransport } from "./cloud-client.js";
export { parseGatewayConfig, readGatewayConfig, WrongSetting } from "./config.js";
export type { GatewayConfig } from "./config.js";
export type { GatewayClock, GatewayOptions, Log } from "./desk.js";
export { DirectiveFeed } from "./directives.js";
export { createGateway } from "./gateway.js";
export type { Gateway, Seen } from "./gateway.js";
export { DamagedJournal, describeBad } from "./journal/check.js";
export type { ExpectedHead, FirstBad } from "./journal/check.js";
/** Path of the program that runs a gateway in a process of its own. */
export const gatewayProgram = fileURLToPath(new URL("./main.js", import.meta.url));
export { openJournal } from "./journal/journal.js";
export type { Committed, Decision, Journal, JournalOptions, SignedHead } from "./journal/journal.js";
export { verifyJournalFile } from "./journal/verify.js";
export type { VerifiedJournal, VerifyOptions } from "./journal/verify.js";
export { AlreadyRunning, lockFolder } from "./lock.js";
export { createSigner, verifySignature } from "./signing.js";
export { startGateway } from "./start.js";
export type { RunningGateway } from "./start.js";
export type { GatewayStatus } from "./status/status.js";
export { Uplink } from "./uplink.js";
