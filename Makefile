# Zygo needs Go, make and git. The tests set up the rest (headless Chromium, strace, databases, npm packages) where it is missing.
export CGO_ENABLED := 0
GO ?= go
SCHEMA := embed/migrations/sqlite/00001_initial.sql

# The collector of the linker and the tests runs less often: a run is short. Vet runs once, in check. Three packages at a time, because each waits half of its time for what it started.
TEST := GOGC=400 .cache/gotestsum --format pkgname --format-hide-empty-pkg --jsonfile .cache/test.json -- -vet=off -count=1 -p 3

# Some mutants, for the long run; make mutants has all.
MUTANTS ?= no_tenant_filter|no_permission_check|no_ledger_entry|secrets_in_outputs|no_address_guard

.PHONY: help run build test test-long slowest check setup assets assets-check schema golden bench crash power errors fuzz isolation canaries revoke flood mutants fmt

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: build ## Build Zygo and serve it on 127.0.0.1:8080
	./zygo serve

build: ## Build the one static binary
	$(GO) build -trimpath -ldflags '-s -w' -o zygo .

test: setup ## Run the tests of every day: rules, contract, isolation, crash, power loss and browser journeys
	$(TEST) -timeout 20m ./...

test-long: setup ## Run the wide ones: every page in every window, more crashes, images and requests, some mutants
	TEST_WIDE=1 TEST_KILLS=40 TEST_IMAGES=120 TEST_ERRORS=24 TEST_REQUESTS=5000 TEST_CANARIES=5000 TEST_REVOCATIONS=20 TEST_FLOOD=300 \
		$(TEST) -timeout 25m ./app/acceptance/... ./ui
	TEST_MUTANTS=1 $(GO) test -vet=off -count=1 -timeout 25m -run 'TestMutantsAreCaught/($(MUTANTS))' ./app/acceptance/mutants

slowest: ## Print the ten slowest tests of the last run
	@.cache/gotestsum tool slowest --num 10 --jsonfile .cache/test.json

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
	$(GO) run . routes > app/acceptance/house/testdata/routes.golden

bench: ## Measure starts, reads, calls of the API, executions against the raw rate of the disk, and lists among a million rows
	$(GO) test -run '^$$' -bench . -benchtime 5s -timeout 30m ./app/acceptance/safety ./app/resource ./app/access

isolation: ## Send 200,000 requests with another organization's ids
	TEST_REQUESTS=$${TEST_REQUESTS:-200000} $(GO) test -count 1 -timeout 2h -run Swapped ./app/acceptance/contract

canaries: ## Send a million requests over 200 connections and look for words of one in another
	TEST_CANARIES=$${TEST_CANARIES:-1000000} $(GO) test -count 1 -timeout 3h -v -run TestNoByteOfOne ./app/acceptance/safety

revoke: ## Take somebody's rights away 1,000 times while 50 clients call
	TEST_REVOCATIONS=$${TEST_REVOCATIONS:-1000} $(GO) test -count 1 -timeout 2h -v -run TestRevocation ./app/acceptance/safety

crash: ## Kill the binary 1,000 times under load of 20,000 executions and look for what was lost
	TEST_KILLS=$${TEST_KILLS:-1000} TEST_EXECUTIONS=$${TEST_EXECUTIONS:-20000} $(GO) test -count 1 -timeout 2h -v -run TestKillsLoseNothing ./app/acceptance/safety

power: ## Make 10,000 images of a disk after a power loss and look for what was lost
	TEST_IMAGES=$${TEST_IMAGES:-10000} $(GO) test -count 1 -timeout 2h -v -run TestPowerLoss ./app/acceptance/safety

flood: ## Let 1,000 sign in at once while as many hold connections open
	TEST_FLOOD=$${TEST_FLOOD:-1000} $(GO) test -count 1 -timeout 10m -v -run TestAFlood ./app/acceptance/safety

errors: ## Let the disk fail 400 times under writes and look for what was lost or doubled
	TEST_ERRORS=$${TEST_ERRORS:-400} $(GO) test -count 1 -timeout 2h -v -run TestDiskErrors ./app/acceptance/safety

mutants: ## Take one safety away at a time and want the tests to go red; it takes an hour
	TEST_MUTANTS=1 $(GO) test -count 1 -timeout 2h -v -run TestMutantsAreCaught ./app/acceptance/mutants

fuzz: ## Feed every decoder with what nobody thought of, for FUZZTIME each
	@for target in app/config:FuzzFile app/resource:FuzzDecodeInput app/flow:FuzzGraph app/value:FuzzParse app/flow/expression:FuzzCompile app/flow/n8n:FuzzRead app/flow/node:FuzzAdmit app/flow/node:FuzzSchedule app/flow/format:FuzzRead app/flow/database:FuzzArray app/flow/database:FuzzAddress app/field:FuzzText; do \
		echo "$$target"; $(GO) test -run '^$$' -fuzz "^$${target#*:}$$" -fuzztime $${FUZZTIME:-30s} ./$${target%:*} || exit 1; done
