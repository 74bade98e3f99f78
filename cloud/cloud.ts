/**
 * The cloud without a door: everything but HTTP. Clock, randomness, key and store are arguments, so the simulation runs the same cloud as the street.
 */
import { createHmac } from "node:crypto";
import { formatVerifierKey } from "@trapeza/protocol";
import type { Directive } from "@trapeza/protocol";
import { createCloudSigner } from "./crypto.js";
import type { CloudSigner } from "./crypto.js";
import { createDirectiveDesk } from "./directives.js";
import type { DirectiveDesk } from "./directives.js";
import { createEnrolmentDesk } from "./enrolment.js";
import type { EnrolmentDesk } from "./enrolment.js";
import { createHandover } from "./handover.js";
import type { Handover } from "./handover.js";
import { createIntake } from "./intake.js";
import type { Intake } from "./intake.js";
import { createAdmission } from "./request.js";
import type { Admit } from "./request.js";
import { differences } from "./ledger/equality.js";
import { createPayments } from "./payments/payments.js";
import type { Payments } from "./payments/payments.js";
import type { Provider } from "./payments/provider.js";
import { USUAL_POLICY } from "./payments/quote.js";
import type { PaymentPolicy } from "./payments/quote.js";
import { hashPassword } from "./people/password.js";
import { parsePhone } from "./people/phone.js";
import { beginEpoch, openLibrary } from "./school-book.js";
import type { Library } from "./school-book.js";
import type { ChildLink } from "./people/store.js";
import type { GatewayRow, SchoolRow, Store } from "./store/store.js";

export interface CloudOptions {
  readonly store: Store;
  /** 32 secret bytes: the cloud's Ed25519 key. */
  readonly seed: Uint8Array;
  readonly house: string;
  /** Unix ms. */
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** Who takes payments, and on what terms; nobody, when it is left out. */
  readonly payments?: { readonly providers: readonly Provider[]; readonly policy: PaymentPolicy };
}

export interface NewGuardian {
  readonly phone: string;
  readonly name: string;
  readonly password: string;
  readonly children: readonly ChildLink[];
}

export interface Cloud {
  readonly store: Store;
  readonly house: string;
  readonly now: () => number;
  readonly signer: CloudSigner;
  /** The cloud's key as it is handed to gateways and auditors: `name+id+key`, name = house. */
  readonly verifierKey: string;
  readonly library: Library;
  /** Tells gateways apart by their signed requests. */
  readonly admit: Admit;
  readonly intake: Intake;
  readonly directives: DirectiveDesk;
  readonly enrolment: EnrolmentDesk;
  readonly handover: Handover;
  readonly payments: Payments;
  /** 32 bytes that only this cloud knows, another 32 for every purpose. */
  readonly secretFor: (purpose: string) => Uint8Array;
  /** Throws when the number is taken. */
  readonly registerSchool: (school: SchoolRow) => Promise<void>;
  /** Opens the school's next epoch for a gateway with this public key. */
  readonly registerGateway: (gateway: { id: string; school: number; key: Uint8Array }) => Promise<GatewayRow>;
  /** Adds a guardian, or gives one a new name and password and more children. Throws on a phone that is none. */
  readonly registerGuardian: (guardian: NewGuardian) => Promise<void>;
  readonly enqueueDirectives: (school: number, directives: readonly Directive[]) => Promise<number>;
  /** Where the ledger's purses differ from the rules' state: empty while all is well. */
  readonly verifyLedger: (school: number) => Promise<string[]>;
}

/** Folds all that the store holds before it resolves. */
export async function createCloud(options: CloudOptions): Promise<Cloud> {
  const { store, seed, house, now, random } = options;
  const signer = createCloudSigner(house, seed);
  const library = await openLibrary(store);
  const directives = createDirectiveDesk({ store, signer, house, random });
  const payments = createPayments({
    ...{ store: store.payments, library, now, deliver: directives.deliver },
    ...(options.payments ?? { providers: [], policy: USUAL_POLICY }),
  });
  return {
    ...{ store, house, now, signer, library, directives, payments, verifierKey: formatVerifierKey(signer.directives.key) },
    secretFor: (purpose) => new Uint8Array(createHmac("sha256", seed).update(purpose).digest()),
    admit: createAdmission(store),
    intake: createIntake({ store, library, signer, house, now, onStored: (school) => payments.heardFrom(school).catch(() => undefined) }),
    enrolment: createEnrolmentDesk(store, library, now),
    handover: createHandover({ store, library, signer, directives, house, now }),
    async registerSchool(school) {
      await store.addSchool(school);
      await library.book(school.id);
    },
    // Alone with the school's book: an upload of the gateway before is in or out when its epoch is closed.
    registerGateway: (gateway) =>
      library.exclusively(gateway.school, async (book) => {
        const row = await store.addGateway(gateway);
        beginEpoch(book, row.epoch);
        return row;
      }),
    async registerGuardian({ phone, name, password, children }) {
      const digits = parsePhone(phone);
      if (digits === null) throw new Error("not a phone number: " + phone);
      await store.people.putGuardian({ phone: digits, name, password: await hashPassword(password) }, children);
    },
    enqueueDirectives: directives.enqueue,
    verifyLedger: (school) => library.exclusively(school, async (book) => differences(book.state, await store.balances(school))),
  };
}
