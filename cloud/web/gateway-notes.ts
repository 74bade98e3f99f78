/** What is said of the gateways' doors in the description of the API. Their bodies are those of protocol/wire. */
import { BINARY, noted } from "../api/note.js";

const STRANGER = {
  401: { what: "unsigned, or not by this gateway's key" },
  403: { what: "a number that was used, or a gateway that lives no more" },
};
const MALFORMED = { 400: { what: "malformed, with the offset", type: "text/plain; charset=utf-8" } };

export const EVENTS_NOTE = noted({
  ...{ tag: "gateways", summary: "Entries of the journal with a signed checkpoint over them", security: "signature" },
  body: { type: BINARY, what: "EventsUpload" },
  answers: {
    200: { what: "stored, with the checkpoint cosigned (EventsAnswer)", type: BINARY },
    409: { what: "not stored: gap, fork, rewind (EventsAnswer)", type: BINARY },
    ...{ ...MALFORMED, ...STRANGER },
  },
});

export const DIRECTIVES_NOTE = noted({
  ...{ tag: "gateways", summary: "What the school is told, in order", security: "signature" },
  query: { from: "the first number wanted", wait: "seconds to wait for one that is not there yet" },
  answers: { 200: { what: "DirectivesAnswer", type: BINARY }, ...MALFORMED, ...STRANGER },
});

export const ENROLMENT_NOTE = noted({
  ...{ tag: "gateways", summary: "A new gateway says the school's code and gets an epoch", security: "none" },
  query: { first: "1: only if the school has had no gateway" },
  body: { type: BINARY, what: "EnrolmentRequest" },
  answers: {
    200: { what: "enrolled (EnrolmentAnswer)", type: BINARY },
    403: { what: "no such code, too late, or not the first (EnrolmentAnswer)", type: BINARY },
    ...MALFORMED,
  },
});

export const EPOCH_NOTE = noted({
  ...{ tag: "gateways", summary: "Entries of the school's closed epochs, for a gateway that takes over", security: "signature" },
  query: { from: "the first entry wanted" },
  answers: { 200: { what: "EpochAnswer", type: BINARY }, 404: { what: "no closed epoch of this number" }, ...MALFORMED, ...STRANGER },
});

export const SALVAGE_NOTE = noted({
  ...{ tag: "gateways", summary: "What a replaced gateway had not sent", security: "signature" },
  body: { type: BINARY, what: "EventsUpload" },
  answers: {
    200: { what: "kept for a person (SalvageAnswer)", type: BINARY },
    409: { what: "not kept (SalvageAnswer)", type: BINARY },
    ...{ ...MALFORMED, ...STRANGER },
  },
});

export const PORTRAITS_NOTE = noted({
  ...{ tag: "gateways", summary: "Portraits that the school's tills may show, signed", security: "signature" },
  query: { seen: "hash of what the list held that the gateway has" },
  answers: {
    200: { what: "a list of account numbers and hashes, with its signature", type: BINARY },
    204: { what: "as it was seen" },
    ...STRANGER,
  },
});

export const PORTRAIT_NOTE = noted({
  ...{ tag: "gateways", summary: "One of these portraits", security: "signature" },
  answers: { 200: { what: "72 by 96 pixels of sixteen greys", type: BINARY }, 404: { what: "no till may show one" }, ...STRANGER },
});
