/**
 * Names of the logs: the origin lines of their checkpoints (C2SP tlog-checkpoint), and the names of the keys that sign them.
 *
 * `house` is the operator's name as a domain ("trapeza.example"), so that two operators' schools number 24 never pass for one another.
 */

/** A gateway's journal in one epoch; its key goes by the same name. */
export function journalOrigin(house: string, school: number, epoch: number): string {
  return house + "/school/" + school + "/journal/" + epoch;
}

/** The directives of a school, one log for all its gateways; signed by the key that goes by the name of the house. */
export function directivesOrigin(house: string, school: number): string {
  return house + "/school/" + school + "/directives";
}
