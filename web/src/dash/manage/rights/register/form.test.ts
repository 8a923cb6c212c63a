import { describe, expect, it } from "vitest";
import type { Processing } from "../types";
import { emptyPurpose, formOf, linesOf, processingOf } from "./form";

const written: Processing = {
  controller: { name: "Werkbedrijf", contact: "avg@example.org", dataProtectionOfficer: "F. Gee" },
  purposes: [
    {
      key: "research", description: "Ontwikkeling volgen", legalBasis: "publicTask", specialGround: "research", people: ["kandidaten", "coaches"],
      data: ["verhalen"], recipients: [], retention: "12 maanden na het rapport",
    },
  ],
  security: ["Laptops zijn versleuteld"],
};

describe("the register as a form", () => {
  it("writes back what it read, so that saving without a change changes nothing", () => {
    expect(processingOf(formOf(written))).toEqual(written);
  });

  it("has no controller while nothing is said of it", () => {
    const form = formOf({ controller: null, purposes: [], security: [] });
    expect(processingOf(form).controller).toBeNull();
    expect(processingOf({ ...form, contact: "x" }).controller).toEqual({ name: "", contact: "x" });
  });

  it("makes a list of lines and leaves out empty ones", () => {
    expect(linesOf(" kandidaten \n\ncoaches\n")).toEqual(["kandidaten", "coaches"]);
    expect(processingOf({ ...formOf(written), purposes: [{ ...emptyPurpose(), people: "a\nb" }] }).purposes[0]?.people).toEqual(["a", "b"]);
  });
});
