// What the editor asks of the server, apart from the editor, so that it can be tested without one.

import type { Api } from "../../../api/client";
import type { components } from "../../../api/schema";
import type { Framework } from "../../../framework/types";
import { answer } from "../../failure";

export type FrameworkItem = components["schemas"]["FrameworkItem"];
export type FrameworkVersion = components["schemas"]["FrameworkVersion"];
/** A version with the tag that says which state of it this is. */
export type Tagged = FrameworkVersion & { tag: string };
export type LintReport = components["schemas"]["LintReport"];

/** The framework versions of one project. Errors of all: `Failure`. */
export interface Store {
  /** All versions, oldest first. */
  list(): Promise<FrameworkItem[]>;
  read(version: number): Promise<Tagged>;
  /** Begins a draft; 409 `draftExists` when there is one. */
  begin(document: Framework): Promise<Tagged>;
  /**
   * Replaces the document of a draft as it has this tag, or whatever it is now where the tag is null; 400 with errors by
   * path, 409 `published`, 404 when it was thrown away, 412 when somebody else saved meanwhile.
   */
  save(version: number, document: Framework, tag: string | null): Promise<Tagged>;
  remove(version: number): Promise<void>;
  lint(version: number): Promise<LintReport>;
  /** 400 with errors by path when the lint found errors; 412 when it is not the draft with this tag any more. */
  publish(version: number, tag: string): Promise<Tagged>;
  /** The document that ships with duiding. */
  template(): Promise<Framework>;
  /** Brings a recording for `audio`; a name that a published framework has is refused with 409. */
  bring(name: string, sound: Blob): Promise<void>;
}

/** The versions of a project on the server. */
export function storeOf(api: Api, projectId: string): Store {
  const at = (version: number) => ({ params: { path: { projectId, version } } });
  const here = { params: { path: { projectId } } };
  return {
    list: async () => (await answer(api.GET("/v1/projects/{projectId}/frameworks", here))).items,
    read: (version) => tagged(api.GET("/v1/projects/{projectId}/frameworks/{version}", at(version))),
    begin: (body) => tagged(api.POST("/v1/projects/{projectId}/frameworks", { ...here, body })),
    save: (version, body, tag) =>
      tagged(api.PUT("/v1/projects/{projectId}/frameworks/{version}", { params: { ...at(version).params, header: known(tag) }, body })),
    remove: async (version) => {
      await answer(api.DELETE("/v1/projects/{projectId}/frameworks/{version}", at(version)));
    },
    lint: (version) => answer(api.GET("/v1/projects/{projectId}/frameworks/{version}/lint", at(version))),
    publish: (version, tag) =>
      tagged(api.POST("/v1/projects/{projectId}/frameworks/{version}/_publish", { params: { ...at(version).params, header: known(tag) } })),
    template: () =>
      answer(api.GET("/v1/framework-templates/{templateKey}", { params: { path: { templateKey: "reference" } } })),
    bring: async (assetName, sound) => {
      await answer(
        api.PUT("/v1/projects/{projectId}/framework-assets/{assetName}", {
          params: { path: { projectId, assetName } },
          headers: { "Content-Type": sound.type },
          body: "",
          bodySerializer: () => sound,
        }),
      );
    },
  };
}

const known = (tag: string | null): { "If-Match"?: string } => (tag === null ? {} : { "If-Match": tag });

/** The answer to a call with the tag in its head. */
async function tagged(call: Promise<{ data?: FrameworkVersion; error?: unknown; response: Response }>): Promise<Tagged> {
  const version = await answer(call);
  return { ...version, tag: (await call).response.headers.get("ETag") ?? "" };
}
