/** The image of the payment terminal. */
import { CCNET } from "./devices/ccnet.js";
import { ID003 } from "./devices/id003.js";
import { complain, openBoard, readConfig } from "./espruino.js";
import { stepPayment } from "./payment.js";
import { beginPayment, paymentRests } from "./payment-state.js";
import { viewPayment } from "./payment-view.js";
import { startTerminal } from "./run.js";

const config = readConfig("payment");
const isId003 = typeof config !== "string" && config.line === "id003";
const board = openBoard("payment", isId003);
if (typeof config === "string") complain(board, config);
else
  startTerminal(board, config, { begin: beginPayment, step: stepPayment, view: viewPayment, rests: paymentRests }, isId003 ? ID003 : CCNET);
