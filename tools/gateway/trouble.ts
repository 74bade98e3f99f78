/** What a person can put right: its message is a sentence, and no stack is shown. */
export class GatewayTrouble extends Error {}
