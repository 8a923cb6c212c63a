// Contact data as a form: every member is a text there, and left out when it is empty.

import type { Contact } from "../kit/types";

/** The members, in the order in which they are asked, with the most characters that the server takes. */
export const CONTACT_FIELDS = [
  { name: "name", type: "text", most: 200 },
  { name: "telephone", type: "tel", most: 100 },
  { name: "email", type: "email", most: 254 },
  { name: "address", type: "text", most: 1000 },
  { name: "language", type: "text", most: 35 },
  { name: "note", type: "text", most: 2000 },
] as const;

/** What is in the fields. */
export type ContactForm = Record<(typeof CONTACT_FIELDS)[number]["name"], string>;

/** The fields of what is kept. */
export function contactForm(contact: Contact): ContactForm {
  const { name, telephone, email, address, language, note } = contact;
  return {
    name: name ?? "", telephone: telephone ?? "", email: email ?? "", address: address ?? "", language: language ?? "", note: note ?? "",
  };
}

/** What to keep, without what is empty. */
export function contactBody(form: ContactForm): Contact {
  const filled = Object.entries(form).map(([key, text]) => [key, text.trim()]).filter(([, text]) => text !== "");
  return Object.fromEntries(filled);
}
