/** The image of the payment terminal. */
import { CCNET } from "./devices/ccnet.js";
import { complain, openBoard, readConfig } from "./espruino.js";
import { stepPayment } from "./payment.js";
import { beginPayment, paymentRests } from "./payment-state.js";
import { viewPayment } from "./payment-view.js";
import { startTerminal } from "./run.js";

const config = readConfig("payment");
const board = openBoard("payment");
if (typeof config === "string") complain(board, config);
else startTerminal(board, config, { begin: beginPayment, step: stepPayment, view: viewPayment, rests: paymentRests }, CCNET);
