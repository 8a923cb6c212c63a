// Starts the real binary with the demo study, on a free port and in a folder of its own.

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface DemoServer {
  url: string;
  projectId: string;
  /** Address and password of the person with this role. */
  login(role: string): { email: string; password: string };
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

function ready(process: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    process.stdout?.on("data", (text) => {
      said += String(text);
      if (said.includes("ready")) resolve();
    });
    process.on("exit", (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
}

/** Ends a process and waits until it is gone. */
function end(process: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    process.removeAllListeners("exit");
    if (process.exitCode !== null || process.signalCode !== null) return resolve();
    process.on("exit", () => resolve());
    process.kill(signal);
  });
}

export async function startDemo(): Promise<DemoServer> {
  const binary = process.env.DUIDING_BIN;
  if (!binary) throw new Error("DUIDING_BIN must name the duiding binary");
  const folder = mkdtempSync(join(tmpdir(), "duiding-"));
  const port = await freePort();
  const { DATABASE_URL: _, ...inherited } = process.env;
  // Limits are tried out elsewhere: a slow machine reaches none of them here.
  const limits = {
    DUIDING_ACCESS_MINUTES: "60", DUIDING_ANALYSIS_SLOTS: "16", DUIDING_DB_WAIT_SECONDS: "60",
    DUIDING_RATE_ACTOR: "1000000", DUIDING_RATE_ADDRESS: "1000000", DUIDING_RATE_FAILURES: "1000000",
  };
  const env = { ...inherited, ...limits, DUIDING_DATA_DIR: folder, DUIDING_PORT: String(port), DUIDING_LOG: "warn" };
  execFileSync(binary, ["demo"], { env });
  const sheet = readFileSync(join(folder, "demo-logins.txt"), "utf8");
  const begin = async (): Promise<ChildProcess> => {
    const begun = spawn(binary, ["serve"], { env, stdio: ["ignore", "pipe", "inherit"] });
    await ready(begun);
    return begun;
  };
  let server = await begin();
  return {
    url: `http://127.0.0.1:${port}`,
    projectId: /project: (\S+)/.exec(sheet)?.[1] ?? "",
    login(role) {
      const [, email, password] = new RegExp(`^${role} +(\\S+) +(\\S+)$`, "m").exec(sheet) ?? [];
      if (!email || !password) throw new Error(`no login for ${role}`);
      return { email, password };
    },
    kill: () => end(server, "SIGKILL"),
    restart: async () => {
      server = await begin();
    },
    stop: async () => {
      await end(server, "SIGTERM");
      rmSync(folder, { recursive: true });
    },
  };
}
