# Zygo needs Go, make and git. The tests set up the rest (headless Chromium, strace, npm packages) where it is missing.
export CGO_ENABLED := 0
GO ?= go
SCHEMA := embed/migrations/sqlite/00001_initial.sql

.PHONY: help run build test check setup assets assets-check schema golden bench crash power errors fuzz isolation canaries revoke flood mutants fmt

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: build ## Build Zygo and serve it on 127.0.0.1:8080
	./zygo serve

build: ## Build the one static binary
	$(GO) build -trimpath -ldflags '-s -w' -o zygo .

test: setup ## Run every test: contract, isolation, crash, power loss and browser journeys
	$(GO) test ./...

check: setup fmt assets-check ## Check formatting, vet, staticcheck and generated assets
	$(GO) vet ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

fmt:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }

setup: ## Install what the tests need where it is missing
	@sh .ci/setup

assets: ## Build scripts, styles and icons into embed/static
	cd ui/assets && npm ci --ignore-scripts --no-audit --no-fund
	$(GO) run ./ui/assets

assets-check: ## Prove that embed/static is what the sources make
	cd ui/assets && npm ci --ignore-scripts --no-audit --no-fund
	$(GO) run ./ui/assets -check

schema: ## Write the first migration from the declarations; only until the first release
	$(GO) run . schema > .schema.sql
	{ echo '-- +goose Up'; cat .schema.sql; } > $(SCHEMA) && rm .schema.sql

golden: ## Write the golden list of routes
	$(GO) run . routes > app/acceptance/testdata/routes.golden

bench: ## Measure executions beside the raw rate of the disk, reads, and lists beside a million rows
	$(GO) test -run '^$$' -bench . -benchtime 5s -timeout 30m ./app/acceptance ./app/resource ./app/access

isolation: ## Send 200,000 requests with another organization's ids
	ZYGO_REQUESTS=200000 $(GO) test -count 1 -timeout 2h -run Swapped ./app/acceptance

canaries: ## Send a million requests over 200 connections and look for words of one in another
	ZYGO_CANARIES=$${ZYGO_CANARIES:-1000000} $(GO) test -count 1 -timeout 3h -v -run TestNoByteOfOne ./app/acceptance

revoke: ## Take somebody's rights away 1,000 times while 50 clients call
	ZYGO_REVOCATIONS=$${ZYGO_REVOCATIONS:-1000} $(GO) test -count 1 -timeout 2h -v -run TestRevocation ./app/acceptance

crash: ## Kill the binary 1,000 times under load and look for what was lost
	ZYGO_KILLS=$${ZYGO_KILLS:-1000} $(GO) test -run TestKillsLoseNothing -v -timeout 2h ./app/acceptance

power: ## Make 10,000 images of a disk after a power loss and look for what was lost
	ZYGO_IMAGES=$${ZYGO_IMAGES:-10000} $(GO) test -run TestPowerLoss -v -timeout 2h ./app/acceptance

flood: ## Let 1,000 sign in at once while as many hold connections open
	ZYGO_FLOOD=$${ZYGO_FLOOD:-1000} $(GO) test -count 1 -run TestAFlood -v -timeout 10m ./app/acceptance

mutants: ## Take one safety away at a time and want the tests to go red
	ZYGO_MUTANTS=1 $(GO) test -count 1 -timeout 1h -v -run Mutants ./app/acceptance

errors: ## Let the disk fail 400 times under writes and look for what was lost or doubled
	ZYGO_ERRORS=$${ZYGO_ERRORS:-400} $(GO) test -run TestDiskErrors -v -timeout 2h ./app/acceptance

fuzz: ## Feed every decoder with what nobody thought of, for FUZZTIME each
	@for target in app/config:FuzzFile app/resource:FuzzDecodeInput app/flow:FuzzGraph app/value:FuzzParse app/flow/expression:FuzzCompile app/flow/node:FuzzAdmit app/flow/node:FuzzSchedule app/field:FuzzText; do \
		echo "$$target"; $(GO) test -run '^$$' -fuzz "^$${target#*:}$$" -fuzztime $${FUZZTIME:-30s} ./$${target%:*} || exit 1; done
