// The package has no types for this file.
declare module "fake-indexeddb/lib/forceCloseDatabase" {
  /** Closes a database as a browser does that takes it away. */
  export default function forceCloseDatabase(db: IDBDatabase): void;
}
