# jepsen-lite. `make` lists the targets.

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

.DEFAULT_GOAL := help
.PHONY: help test check bench redis

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /	/' | expand -t 12

test: redis ## run all tests, with the race detector, on a real redis-server
	JEPSEN_LITE_REQUIRE_REDIS=1 go test -race -timeout 15m ./...

check: ## go vet, staticcheck, formatting
	@test -z "$$(gofmt -l .)" || { echo "not formatted (run gofmt -w .):"; gofmt -l .; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...

bench: redis ## run the benchmarks
	JEPSEN_LITE_REQUIRE_REDIS=1 go test -run '^$$' -bench . -benchtime 2s ./...

redis: # make sure that there is a redis-server
	@scripts/ensure-redis.sh
