/** Which edition of the money rules this is. It rises when the same request would be decided otherwise; GatewayStarted names it, the auditor obeys it. */
export const RULES_VERSION = 1;
