# Commands for developers. They need Go and make; tests bring their database.
GOLANGCI_LINT_VERSION := v2.15.0
BIN := $(CURDIR)/bin
GO := go

.PHONY: build help demo windows check test proof conformance killtest torture pooled browser lint vet bench fuzz clean

build: ## the program, static, in bin/
	CGO_ENABLED=0 $(GO) build -trimpath -o $(BIN)/supporty ./cmd/supporty

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## /\1 /p' $(firstword $(MAKEFILE_LIST)) | while read -r target what; do printf '%-10s %s\n' "$$target" "$$what"; done

demo: build ## the whole product on this machine, without a Slack account
	$(BIN)/supporty demo

check: lint vet ## linters, and tests without a database or a browser; about a minute
	$(GO) test -short $(PURE)

# The packages whose tests need no database of their own.
PURE = $(shell $(GO) list -f '{{.ImportPath}} {{.TestImports}} {{.XTestImports}}' ./... | grep -v -e /pgdev -e /pgtest -e /demo -e /e2e | cut -d' ' -f1)

test: vet ## all tests but those of proof, with the race detector if the machine has a C compiler
	$(GO) test -short $(if $(shell command -v $(shell $(GO) env CC) 2>/dev/null),-race,) -timeout 20m ./...

proof: ## tests that take long or need the machine to themselves: kills, fail-over, load, messages of 400 tickets, a year of tickets, the page, torture
	$(GO) test -count=1 -timeout 15m ./internal/dev/e2e
	$(GO) test -count=1 -timeout 15m -run '^TestMessagesPerTicket$$' ./internal/dev/demo/history
	$(GO) test -count=1 -timeout 15m -run '^(TestNoRefusalSilencesAnAlert|TestManyTicketsAreSkimmedInSeconds)$$' ./internal/app
	$(GO) test -count=1 -timeout 15m -run '^TestAYearStaysFast$$' ./internal/postgres
	@$(MAKE) --no-print-directory browser
	@$(MAKE) --no-print-directory torture SECONDS=$(or $(SECONDS),60) SEED=$(or $(SEED),1)

vet: ## go vet
	$(GO) vet ./...

windows: ## build program and tests for Windows, without running them
	GOOS=windows $(GO) vet ./...

conformance: ## LIVES random tickets; their alerts are compared with a second implementation of the rules
	LIVES=$(or $(LIVES),2000) $(GO) test -count=1 -timeout 15m -parallel 4 -run '^TestClockConformance$$' -v ./internal/app

killtest: ## kill the program ROUNDS times while people file; the last line is the result
	$(GO) test -c -o $(BIN)/e2e.test ./internal/dev/e2e
	ROUNDS=$(or $(ROUNDS),100) $(BIN)/e2e.test -test.run '^TestKilled$$' -test.v -test.timeout 1h

torture: ## three copies under load with random faults, for SECONDS, from SEED, STRICT=1 with Slack at its worst; the last line is the result
	$(GO) test -c -o $(BIN)/e2e.test ./internal/dev/e2e
	SECONDS=$(or $(SECONDS),600) $(BIN)/e2e.test -test.run '^TestTorture$$' -test.v -test.timeout 2h

pooled: ## the tests of the whole program, through PgBouncer
	SUPPORTY_PGBOUNCER=1 $(GO) test -count=1 -timeout 15m ./internal/app
	SUPPORTY_PGBOUNCER=1 $(GO) test -count=1 -timeout 15m -run '^TestKilled$$' ./internal/dev/e2e

browser: ## the tests of the simulated Slack's page, of the desk in it and of the web page, in the Chromium that is installed; with SUPPORTY_AXE its accessibility too
	$(if $(SUPPORTY_AXE),,@echo "SKIPPED, NOT CHECKED: the page's accessibility; SUPPORTY_AXE does not name axe.min.js of the npm package axe-core")
	$(if $(CHROMIUM),SUPPORTY_BROWSER=1 $(GO) test -count=1 -timeout 9m ./internal/dev/slacksim/web && SUPPORTY_BROWSER=1 $(GO) test -count=1 -timeout 5m -run 'InABrowser$$' ./internal/app,@echo "SKIPPED, NOT CHECKED: the page; no browser is installed (Debian's package is chromium)")

CHROMIUM = $(shell command -v chromium || command -v chromium-browser || command -v google-chrome || command -v google-chrome-stable)

lint: windows $(BIN)/golangci-lint-$(GOLANGCI_LINT_VERSION) ## a few linters, each for a serious kind of mistake
	$(BIN)/golangci-lint-$(GOLANGCI_LINT_VERSION) run ./...
	@test -z "$$(gofmt -l cmd internal migrations)" || { gofmt -l cmd internal migrations; exit 1; }

# Installed apart, so that the linter's dependencies never become ours.
$(BIN)/golangci-lint-$(GOLANGCI_LINT_VERSION):
	GOBIN=$(BIN)/.install $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	mv $(BIN)/.install/golangci-lint $@ && rmdir $(BIN)/.install

bench: ## every line of the budget table, or ONLY some, AGAINST an older program; the last line is JSON. Takes minutes, and needs the whole machine
	$(if $(ONLY),,$(GO) test -run '^$$' -bench . ./internal/sla)
	$(GO) test -c -o $(BIN)/e2e.test ./internal/dev/e2e
	BENCH=1 $(BIN)/e2e.test -test.run '^TestBudgets$$' -test.v -test.timeout 1h

fuzz: ## every fuzz target for FUZZTIME each
	@for pkg in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
			echo "$$pkg $$target"; $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(or $(FUZZTIME),30s) $$pkg || exit 1; \
		done; \
	done

clean: ## remove built files
	rm -rf $(BIN)
