/** The image of the payment terminal whose bill validator speaks ID003. */
import { ID003 } from "./devices/id003.js";
import { startPayment } from "./payment-start.js";

startPayment("id003", ID003);
