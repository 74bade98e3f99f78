/** The image of the payment terminal whose bill validator speaks CCNET. */
import { CCNET } from "./devices/ccnet.js";
import { startPayment } from "./payment-start.js";

startPayment("ccnet", CCNET);
