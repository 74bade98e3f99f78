/** The image of the payment terminal. */
import { CCNET } from "./devices/ccnet.js";
import { ID003 } from "./devices/id003.js";
import { complain, joinNetwork, openBoard, readConfig } from "./espruino.js";
import { stepPayment } from "./payment.js";
import { beginPayment, paymentRests } from "./payment-state.js";
import { viewPayment } from "./payment-view.js";
import { startTerminal } from "./run.js";
import { s3Wiring } from "./wiring.js";

const config = readConfig("payment");
const isId003 = typeof config !== "string" && config.line === "id003";
const wiring = s3Wiring();
const board = openBoard(wiring, isId003);
if (typeof config === "string") complain(board, config);
else {
  joinNetwork(config, wiring);
  startTerminal(board, config, { begin: beginPayment, step: stepPayment, view: viewPayment, rests: paymentRests }, isId003 ? ID003 : CCNET);
}
