# The chores of this repository; `make` alone lists them.

CARGO ?= cargo
# LOCKED=--locked makes a stale Cargo.lock an error, as the gate wants it.
LOCKED ?=
# Where cargo builds: CARGO_TARGET_DIR, else its configuration, else ./target.
TARGET_DIR = $(shell $(CARGO) metadata --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
# Named one by one: --all-targets would run the benchmarks as tests.
RUST_TESTS = --lib --bins --test api --test fuzz
# One after another, for each kills its own server and prints its figures.
FAULTS = --test faults -- --nocapture --test-threads 1 --skip kills::
KILLS = --test faults -- --nocapture --test-threads 1 kills::

.DEFAULT_GOAL := help
.PHONY: help web run test check fmt clippy deny audit-npm licences compose test-sqlite test-postgres test-web bench bench-postgres fuzz proof proof-kills proof-faults proof-s3 proof-schemathesis proof-soak openapi clean-data

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The pages are embedded in the program, so they are built first.
WEB = cd web && npm install --no-audit --no-fund --loglevel error && npm run --silent

web: ## Build story form and dashboard into web/dist
	$(WEB) build

run: web ## Build, load the demo study into an empty database, and serve
	$(CARGO) build --release $(LOCKED)
	"$(TARGET_DIR)/release/duiding" demo --if-empty
	exec "$(TARGET_DIR)/release/duiding" serve

test: fmt clippy test-sqlite test-postgres test-web ## Everything: format, lints, tests on both databases, story form and dashboard in a browser

check: fmt clippy deny audit-npm compose ## Format, lints, licences of dependencies, the compose file

fmt: ## Is the code formatted?
	$(CARGO) fmt --all --check

clippy: ## Lints, where a warning is an error
	$(CARGO) clippy --all-targets $(LOCKED) -- -D warnings

deny: ## Licences, sources and known holes of dependencies, if cargo-deny is there
	@if ! command -v cargo-deny >/dev/null; then \
	    echo "deny: skipped, cargo-deny is not installed"; exit 0; \
	fi; \
	cargo deny $(LOCKED) check --hide-inclusion-graph bans licenses sources || exit 1; \
	if timeout 120 cargo deny $(LOCKED) fetch db; then \
	    cargo deny $(LOCKED) check --disable-fetch --hide-inclusion-graph advisories; \
	else \
	    echo "deny: ADVISORIES NOT CHECKED, their database could not be fetched"; \
	fi

audit-npm: ## Known holes of the npm packages, if the registry answers
	@command -v npm >/dev/null || { echo "audit-npm: skipped, npm is not installed"; exit 0; }; \
	cd web && out=$$(npm audit --omit=dev 2>&1); code=$$?; printf '%s\n' "$$out"; \
	case "$$out" in *'audit endpoint returned an error'*) echo "audit-npm: NOT CHECKED, the registry does not answer such questions";; *) exit $$code;; esac

licences: ## The licence of every dependency
	cargo deny $(LOCKED) --log-level error list --layout crate --format human
	cd web && npm query '*' | node -e 'for (const p of JSON.parse(require("fs").readFileSync(0))) console.log(p.name + "@" + p.version + ": " + p.license)'

compose: ## Is the compose file sound, if docker compose is there?
	@if docker compose version >/dev/null 2>&1; then \
	    DUIDING_DB_PASSWORD=check docker compose config --quiet && echo "compose: the file is sound"; \
	else \
	    echo "compose: skipped, docker compose is not installed"; \
	fi

test-sqlite: ## Unit and API tests on SQLite
	env -u TEST_DATABASE_URL $(CARGO) test $(LOCKED) $(RUST_TESTS)
	env -u TEST_DATABASE_URL PROOF_KILLS=3 $(CARGO) test $(LOCKED) $(KILLS)
	env -u TEST_DATABASE_URL $(CARGO) test $(LOCKED) $(FAULTS)

test-postgres: ## API tests on a throw-away PostgreSQL
	PG_FSYNC=off scripts/with-postgres $(CARGO) test $(LOCKED) --test api
	PG_FSYNC=off scripts/with-postgres $(CARGO) test $(LOCKED) $(FAULTS)

test-web: web ## Types, units, the typed client, and story form and dashboard in Chromium, against the running server
	$(CARGO) build $(LOCKED)
	cd web && DUIDING_BIN="$(TARGET_DIR)/debug/duiding" npm test

bench: ## Benchmarks on SQLite
	env -u TEST_DATABASE_URL $(CARGO) bench $(LOCKED)

bench-postgres: ## Benchmarks on a throw-away PostgreSQL that syncs to disk
	scripts/with-postgres $(CARGO) bench $(LOCKED)

# READERS="html codes" feeds only those, FUZZ_JOBS=2 two at a time. It needs a nightly toolchain and cargo-fuzz.
SECONDS ?= 60
fuzz: ## Feed every reader of foreign input with what libFuzzer thinks of, for SECONDS each
	scripts/fuzz $(SECONDS) $(READERS)

# PROOF_STUDIES=20 takes a quick look; one proof at a time, for each uses all cores and prints its figures.
proof: proof-kills ## Simulations in release: how seldom noise is called clear, how often what is there is found; and proof-kills
	$(CARGO) test --release $(LOCKED) --lib -- --ignored --nocapture --test-threads 1

# PROOF_KILLS=10 takes a quick look; PROOF_SEED repeats what a run drew; DUIDING_BIN names another program to kill.
proof-kills: export PROOF_KILLS ?= 100
proof-kills: ## Kill the release server, and PostgreSQL, a hundred times each under load: is every story there?
	env -u TEST_DATABASE_URL $(CARGO) test --release $(LOCKED) $(KILLS)
	scripts/with-postgres $(CARGO) test --release $(LOCKED) $(KILLS)

proof-faults: ## Break what is around the release server: disk, database, network, restarts
	env -u TEST_DATABASE_URL $(CARGO) test --release $(LOCKED) $(FAULTS)
	scripts/with-postgres $(CARGO) test --release $(LOCKED) $(FAULTS)

# Needs moto's server (scripts/with-s3 says how to get it).
S3_TESTS = --test api -- objects:: attachments:: retention:: withdrawals:: consents::
proof-s3: ## What concerns attachments once more, with an object store instead of a folder, on both databases
	env -u TEST_DATABASE_URL scripts/with-s3 $(CARGO) test $(LOCKED) $(S3_TESTS)
	PG_FSYNC=off scripts/with-postgres scripts/with-s3 $(CARGO) test $(LOCKED) $(S3_TESTS)

# Needs Python 3.10 or newer, and PyPI the first time (scripts/with-schemathesis tells); PROOF_CASES=1 takes a quick look.
SCHEMATHESIS = DUIDING_BIN="$(TARGET_DIR)/release/duiding" scripts/with-schemathesis tests/schemathesis/run
proof-schemathesis: ## Ask the release server all that its document allows and much that it does not, in every role, on both databases
	$(CARGO) build --release $(LOCKED)
	env -u TEST_DATABASE_URL $(SCHEMATHESIS)
	PG_FSYNC=off scripts/with-postgres $(SCHEMATHESIS)

# SOAK_MINUTES=2 takes a quick look, and does not judge memory.
proof-soak: export SOAK_MINUTES ?= 15
proof-soak: ## Everything that people do for SOAK_MINUTES on each database: does anything fail or grow?
	env -u TEST_DATABASE_URL $(CARGO) test --release $(LOCKED) $(FAULTS) --ignored
	scripts/with-postgres $(CARGO) test --release $(LOCKED) $(FAULTS) --ignored

openapi: ## Rewrite openapi/openapi.json from the code
	UPDATE_OPENAPI=1 $(CARGO) test $(LOCKED) $(RUST_TESTS) openapi

clean-data: ## Remove the local database in ./data, with CONFIRM=yes
	@if [ "$(CONFIRM)" = yes ]; then \
	    rm -rf data && echo "clean-data: ./data is gone"; \
	else \
	    echo "clean-data: this removes every story in ./data; say: make clean-data CONFIRM=yes"; exit 1; \
	fi
