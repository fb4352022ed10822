# Every task of the project. A fresh clone needs Node 20.16 or newer and npm; each target installs what it needs.

.DEFAULT_GOAL := help
SHELL := /bin/bash
RUN := node --import tsx
TEST := $(RUN) --test-reporter=./test/support/reporter.mjs
BUNDLE := dist/anymodel-mcp.cjs
TIMED := build/anymodel-mcp-timed.cjs
SOURCES := $(shell find src -name '*.ts')
# The official schemas, for the transcripts: beside the project, else in a pinned package.
SCHEMAS := $(if $(wildcard ../shared/protocol/schema/*.json),,test/peers/node_modules/.package-lock.json)
FUZZ_LINES ?= 1000000
CHAOS_CALLS ?= 10000
RELOADS ?= 1000

.PHONY: help all check unit conversations test build golden conform agents network matrix fuzz chaos reloads canary bench image image-test demo clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

all: test conform agents network matrix image-test fuzz chaos reloads canary ## everything a merge needs

# --- what is installed and built, remade when its inputs change

# Not `npm ci`: our linter and formatter have a binary for each platform, which it would have to find in the lock
# file and on the registry, all of them. This installs what the lock file says and leaves it alone.
node_modules/.package-lock.json: package.json package-lock.json
	npm install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

# For the same reason; most agents are a binary for each platform.
test/agents/node_modules/.package-lock.json: test/agents/package.json test/agents/package-lock.json
	cd test/agents && npm install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

test/%/node_modules/.package-lock.json: test/%/package.json test/%/package-lock.json
	cd test/$* && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BUNDLE): node_modules/.package-lock.json $(wildcard scripts/build.mjs scripts/late-* scripts/source-maps.mjs) package.json $(SOURCES)
	@node scripts/build.mjs

$(TIMED): $(BUNDLE) test/support/timed-main.ts
	@node scripts/build.mjs --timed

# --- tasks

build: $(BUNDLE) ## dist/anymodel-mcp.cjs: one file, its size against the budget

check: $(BUNDLE) ## types, lint, format, dead code, architecture
	npx --no tsc -- --noEmit
	npx --no oxlint -- --type-aware --deny-warnings
	npx --no oxfmt -- --check
	npx --no knip
	$(TEST) --test test/architecture.test.ts

unit: node_modules/.package-lock.json ## unit and property tests
	$(TEST) scripts/unit-tests.mjs

conversations: $(BUNDLE) $(TIMED) test/schema/node_modules/.package-lock.json $(SCHEMAS) ## transcripts against the bundle
	$(TEST) --test test/conversations.test.ts

test: check unit conversations ## everything that needs only Node and npm
	$(TEST) --test $(filter-out test/architecture.test.ts test/conversations.test.ts,$(wildcard test/*.test.ts test/http/*.test.ts))
	$(RUN) test/fuzz/main.ts --lines 20000

golden: $(BUNDLE) $(TIMED) test/schema/node_modules/.package-lock.json $(SCHEMAS) ## rewrite what transcripts expect of us
	GOLDEN=1 $(TEST) --test test/conversations.test.ts; git diff --stat -- fixtures

# What cannot be installed of test/upstreams is skipped by its tests, with one line each.
conform: $(BUNDLE) test/peers/node_modules/.package-lock.json test/nodes/node_modules/.package-lock.json ## the official suite, clients and SDKs, a real engine
	@$(MAKE) --no-print-directory test/upstreams/node_modules/.package-lock.json || true
	node --test --test-reporter=./test/support/reporter.mjs test/peers/*.test.mjs test/conform/*.test.mjs

# Two gigabytes of programs; what cannot be installed of them is skipped by its tests, with one line each.
agents: $(BUNDLE) test/nodes/node_modules/.package-lock.json ## agent command lines with a scripted model, cut off from the network
	@$(MAKE) --no-print-directory test/agents/node_modules/.package-lock.json || true
	node test/agents/main.mjs

# tinyproxy and squid are Debian's; one that is not installed is skipped with one line.
network: node_modules/.package-lock.json test/nodes/node_modules/.package-lock.json ## through real forward proxies, TLS with a private authority, on Node 20 and 24
	$(TEST) --test test/network/*.test.ts

matrix: $(BUNDLE) $(TIMED) test/nodes/node_modules/.package-lock.json test/schema/node_modules/.package-lock.json $(SCHEMAS) ## the suite on Node 20, 22, 24 and 26
	node scripts/matrix.mjs

fuzz: $(BUNDLE) ## a million random and mutated lines; FUZZ_LINES=…, FUZZ_SEED=…
	$(RUN) test/fuzz/main.ts --lines $(FUZZ_LINES) $(if $(FUZZ_SEED),--seed $(FUZZ_SEED))

chaos: $(BUNDLE) ## calls over three upstreams that fail in every way; CHAOS_CALLS=…, CHAOS_SEED=…
	$(RUN) test/chaos/main.ts --calls $(CHAOS_CALLS) $(if $(CHAOS_SEED),--seed $(CHAOS_SEED))

reloads: $(BUNDLE) ## a thousand reloads under load, of which no call may fail; RELOADS=…
	RELOADS=$(RELOADS) $(TEST) --test test/reload.test.ts

canary: $(BUNDLE) ## secrets in every place a secret can stand, and a search for them in every byte of output; CANARY_SEED=…
	$(RUN) test/canary/main.ts $(if $(CANARY_SEED),--seed $(CANARY_SEED))

bench: $(BUNDLE) test/peers/node_modules/.package-lock.json ## speed as ratios from interleaved runs
	node test/bench/run.mjs

image: ## the container image, with docker, podman or buildah
	node scripts/image.mjs

image-test: $(BUNDLE) ## builds the image and talks to its process
	node test/image/run.mjs

demo: $(BUNDLE) ## a whole MCP conversation to watch; needs no key
	@node $(BUNDLE) demo

clean: ## remove what was built
	rm -rf dist build
