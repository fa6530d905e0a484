# Everything here needs Go and make only; what wants more says what it skips.

GO        ?= go
BUILD     := build
TOOLS     := $(BUILD)/tools
# The architecture of the deployed functions: arm64 or amd64, as in template.yaml.
GOARCH    ?= arm64
# What make run and make invoke give the function; the real services get a dry
# run unless another event is named.
EVENT     ?= $(if $(filter invoke,$(MAKECMDGOALS)),events/manual-dry-run.json,events/schedule-daily.json)
FUZZTIME  ?= 20s
HUNT      ?= 100000
BENCHTIME ?= 1s
# Six is the reader's own number (workers in internal/sessions).
COMPARE   ?= -workers 6

STATICCHECK_VERSION := v0.8.2
STATICCHECK := $(TOOLS)/staticcheck-$(STATICCHECK_VERSION)

# The same source makes the same bytes; without RPC support and symbols the
# program is half as large and starts faster.
GOBUILD := CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -tags lambda.norpc -ldflags='-s -w -buildid='

# The race detector needs a C compiler.
RACE := $(if $(shell command -v $${CC:-cc} 2>/dev/null),-race,)

.PHONY: help run test build build-DigestFunction lint bench hunt fuzz invoke deploy clean FORCE

help: ## show this list
	@sed -n 's/^\([a-zA-Z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 24

run: $(BUILD)/local/bootstrap $(BUILD)/local/digest ## show a digest: the real function against simulated services (EVENT=file.json, OUT=file.json, LINK=1)
	@$(BUILD)/local/digest run -bootstrap $< $(if $(OUT),-out "$(OUT)") $(if $(filter-out 0,$(LINK)),-link) "$(EVENT)"

test: ## all tests
	@$(if $(RACE),,echo "skipped: the race detector, which needs a C compiler")
	$(GO) test $(RACE) ./...

build: ## the function for both architectures, under build/
	GOOS=linux GOARCH=arm64 $(GOBUILD) -o $(BUILD)/linux-arm64/bootstrap ./cmd/lambda
	GOOS=linux GOARCH=amd64 $(GOBUILD) -o $(BUILD)/linux-amd64/bootstrap ./cmd/lambda

build-DigestFunction: ## what sam build calls: bootstrap into ARTIFACTS_DIR (GOARCH=amd64)
	@test -n "$(ARTIFACTS_DIR)" || { echo "ARTIFACTS_DIR is not set: sam build sets it" >&2; exit 1; }
	GOOS=linux GOARCH=$(GOARCH) $(GOBUILD) -o "$(ARTIFACTS_DIR)/bootstrap" ./cmd/lambda

lint: $(STATICCHECK) ## gofmt, go vet, staticcheck, and cfn-lint where it is installed
	@unformatted=$$(gofmt -l bench cmd internal); test -z "$$unformatted" || { echo "not gofmt'ed: $$unformatted" >&2; exit 1; }
	$(GO) vet ./...
	$(STATICCHECK) ./...
	@if command -v cfn-lint >/dev/null 2>&1; then echo "cfn-lint template.yaml"; cfn-lint template.yaml; \
	else echo "skipped: cfn-lint, which is not installed"; fi

bench: $(BUILD)/bench/plain $(BUILD)/bench/reader ## benchmarks, and the reader beside a plain loop (COMPARE=flags)
	$(GO) test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) ./...
	@$(GO) run ./bench/compare $(COMPARE)

hunt: ## many more seeded accounts against the recount (HUNT=100000)
	$(GO) test -run TestMatrix -v -timeout 2h ./internal/sessions -matrix $(HUNT)

fuzz: ## every fuzz target (FUZZTIME=20s)
	@set -e; for package in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
	    echo "$$package $$target"; $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$package; \
	  done; \
	done

invoke: $(BUILD)/local/bootstrap $(BUILD)/local/digest ## run the function with your environment, against the real services (EVENT=file.json, a dry run if none is named)
	@$(BUILD)/local/digest invoke -bootstrap $< "$(EVENT)"

deploy: ## build and deploy with SAM; the first time it asks for the parameters
	sam build
	sam deploy $(if $(wildcard samconfig.toml),,--guided)

clean: ## remove what make built
	rm -rf $(BUILD)

# Go knows best whether there is something to build.
$(BUILD)/local/bootstrap: FORCE
	@$(GOBUILD) -o $@ ./cmd/lambda
$(BUILD)/local/digest: FORCE
	@$(GO) build -buildvcs=false -o $@ ./cmd/digest

# cloudflare-go's root package takes minutes to compile, the first time.
$(BUILD)/bench/plain: $(wildcard bench/plain/*.go) bench/plain/go.mod bench/plain/go.sum
	@echo "building the plain loop: minutes, the first time"
	@mkdir -p $(@D)
	cd bench/plain && $(GO) build -buildvcs=false -o $(abspath $@) .

$(BUILD)/bench/reader: FORCE
	@$(GO) build -trimpath -buildvcs=false -o $@ ./bench/reader

$(STATICCHECK):
	@mkdir -p $(TOOLS)
	GOBIN=$(abspath $(TOOLS)) $(GO) install honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK_VERSION)
	@mv $(TOOLS)/staticcheck $@
