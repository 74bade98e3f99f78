/**
 * Which edition of the money rules this is. It rises with the first release in which the same request would be decided otherwise than in the release before;
 * between releases rules may change under one number. GatewayStarted names it, the auditor obeys it, a snapshot of another edition is not used.
 */
export const RULES_VERSION = 1;
