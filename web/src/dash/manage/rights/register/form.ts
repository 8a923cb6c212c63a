// The register of processing as a form: lists are texts with a line for each.

import type { Processing, Purpose } from "../types";

/** A purpose in the form. */
export interface PurposeForm {
  key: string;
  description: string;
  legalBasis: Purpose["legalBasis"];
  specialGround: Purpose["specialGround"];
  people: string;
  data: string;
  recipients: string;
  retention: string;
  transfers: string;
}

/** What the owner writes. */
export interface ProcessingForm {
  name: string;
  contact: string;
  officer: string;
  purposes: PurposeForm[];
  security: string;
}

/** A purpose in which nothing is filled in. */
export function emptyPurpose(): PurposeForm {
  return {
    key: "", description: "", legalBasis: "publicTask", specialGround: "none", people: "", data: "", recipients: "", retention: "", transfers: "",
  };
}

/** The form of what was written. */
export function formOf(processing: Processing): ProcessingForm {
  const { controller, purposes, security } = processing;
  return {
    name: controller?.name ?? "",
    contact: controller?.contact ?? "",
    officer: controller?.dataProtectionOfficer ?? "",
    purposes: purposes.map((one) => ({
      ...one, people: one.people.join("\n"), data: one.data.join("\n"), recipients: (one.recipients ?? []).join("\n"), transfers: one.transfers ?? "",
    })),
    security: (security ?? []).join("\n"),
  };
}

/** What to write. Without any word about it there is no controller yet. */
export function processingOf(form: ProcessingForm): Processing {
  const officer = form.officer.trim();
  const isNamed = [form.name, form.contact, form.officer].some((text) => text.trim() !== "");
  const controller = { name: form.name.trim(), contact: form.contact.trim(), ...(officer === "" ? {} : { dataProtectionOfficer: officer }) };
  return { controller: isNamed ? controller : null, purposes: form.purposes.map(purposeOf), security: linesOf(form.security) };
}

function purposeOf(form: PurposeForm): Purpose {
  const transfers = form.transfers.trim();
  return {
    key: form.key.trim(),
    description: form.description.trim(),
    legalBasis: form.legalBasis,
    specialGround: form.specialGround,
    people: linesOf(form.people),
    data: linesOf(form.data),
    recipients: linesOf(form.recipients),
    retention: form.retention.trim(),
    ...(transfers === "" ? {} : { transfers }),
  };
}

/** The lines of a text that say something. */
export function linesOf(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}
