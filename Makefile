# jepsen-lite. `make` lists the targets.

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

.DEFAULT_GOAL := help
.PHONY: help run test check bench agree fuzz mutants verdicts matrix catalogue soak leftovers build redis faketime chromium fuse image tex picture

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /	/' | expand -t 12

run: redis build ## 20 seconds of work on a real Redis under kill, pause and restart
	bin/jepsen-lite run --workload register

build: ## build bin/jepsen-lite
	go build -o bin/jepsen-lite ./cmd/jepsen-lite

test: redis faketime chromium ## run all tests, with the race detector, on a real redis-server and a real browser
	JEPSEN_LITE_REQUIRE_REDIS=1 JEPSEN_LITE_REQUIRE_FAKETIME=1 JEPSEN_LITE_REQUIRE_CHROMIUM=1 go test -race -timeout 15m ./...

check: ## go vet, staticcheck, formatting, the package map
	@test -z "$$(gofmt -l .)" || { echo "not formatted (run gofmt -w .):"; gofmt -l .; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	go test .

bench: redis ## run the benchmarks
	JEPSEN_LITE_REQUIRE_REDIS=1 go test -run '^$$' -bench . -benchtime 2s ./...

agree: ## hold monitors and search against porcupine on a million histories a model (hours)
	JEPSEN_LITE_AGREE=1000000 go test -timeout 6h -run Agree -v ./checker/monitor ./checker/search

fuzz: ## run every fuzz target for ten minutes (FUZZTIME=10m)
	scripts/fuzz.sh $(or $(FUZZTIME),10m)

verdicts: redis build ## make the README's table of verdicts again (a quarter of an hour)
	go run ./scripts/verdicts -readme README.md

matrix: redis fuse build ## try every deployment under what breaks it, and make the README's table again (twenty minutes)
	go run ./scripts/matrix -readme README.md

catalogue: redis ## try every planted bug, and make the table in docs/catalogue.md again (a quarter of an hour)
	go run ./scripts/catalogue -write

mutants: ## plant mistakes in the checkers: the tests must see them (hours)
	nice go run ./scripts/mutants -n 150 ./checker/monitor ./checker/search ./model
	nice go run ./scripts/mutants -n 150 -only '/(linearizable|decide|witness|standings|keys)\.go' ./checker

soak: redis build ## look for false alarms: 50 runs of 10 seconds
	scripts/soak.sh

leftovers: redis build ## cut 20 runs off by SIGKILL: the next start must leave nothing of them (two minutes)
	eval "$$(scripts/ensure-docker.sh || true)"; scripts/leftovers.sh

picture: redis build ## draw the README's picture again, of a lock with two holders
	scripts/picture.sh

image: ## build jepsen-lite/redis:local and jepsen-lite/valkey:local for Docker, from packages
	eval "$$(scripts/ensure-docker.sh)"; scripts/image.sh redis valkey

faketime: # make sure that there is a libfaketime
	@scripts/ensure-faketime.sh

tex: # make sure that there is a pdflatex
	@scripts/ensure-tex.sh

redis: # make sure that there is a redis-server
	@scripts/ensure-redis.sh

chromium: # make sure that there is a browser
	@scripts/ensure-chromium.sh

fuse: # make sure that disks with faults can be mounted
	@scripts/ensure-fuse.sh
