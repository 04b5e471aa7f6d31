package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// sampleEvery is how often the servers are asked for their persistence figures.
const sampleEvery = time.Second

// sample writes each node's INFO persistence to the run folder, one JSON object
// a line, until the function it returns is called. Servers that are down or
// frozen are passed over.
//
// Why: under appendfsync everysec Redis holds its log back while an fsync takes
// longer than a second, and what it holds back dies with it. aof_delayed_fsync
// counts that, so a loss can be told from a false alarm.
func (r *run) sample() (stop func()) {
	if !r.world.sampled() {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for _, node := range r.world.servers().Nodes() {
		wg.Go(func() { r.sampleNode(ctx, node) })
	}
	return func() { cancel(); wg.Wait() }
}

func (r *run) sampleNode(ctx context.Context, node target.Node) {
	path := filepath.Join(r.folder, serversFolder, node.Name(), persistenceFile)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		r.note(fmt.Sprintf("no persistence figures: %v", err))
		return
	}
	defer file.Close()
	ticker := time.NewTicker(sampleEvery)
	defer ticker.Stop()
	for {
		if line := r.persistence(ctx, node.Addr()); line != nil {
			if _, err := file.Write(line); err != nil {
				r.note(fmt.Sprintf("persistence figures end early: %v", err))
				return
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// persistence returns a line with every numeric figure, or nil without an
// answer. The connection is a new one each time: the server may be another.
func (r *run) persistence(ctx context.Context, addr string) []byte {
	client := redis.NewClient(target.ClientOptions(addr, sampleEvery/2))
	defer client.Close()
	fields, err := target.Info(ctx, client, "persistence")
	if err != nil {
		return nil
	}
	figures := map[string]int64{"time": int64(r.world.Now())}
	for name, value := range fields {
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			figures[name] = n
		}
	}
	line, err := json.Marshal(figures)
	if err != nil {
		return nil
	}
	return append(line, '\n')
}

// delayedFsyncs returns how often, by the samples in the run folder, servers
// held their log back behind a slow fsync: each rise of the counter of those that
// Redis gave up waiting for, which starts again with each life, and each sample
// taken in such a moment.
func delayedFsyncs(folder string) int64 {
	files, _ := filepath.Glob(filepath.Join(folder, serversFolder, "*", persistenceFile))
	var total int64
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		last := int64(0)
		for line := range strings.Lines(string(text)) {
			var figures map[string]int64
			if json.Unmarshal([]byte(line), &figures) != nil {
				continue // a torn last line
			}
			if figures["aof_buffer_length"] > 0 && figures["aof_pending_bio_fsync"] > 0 {
				total++
			}
			n, known := figures["aof_delayed_fsync"]
			if !known {
				continue
			}
			if n < last {
				last = 0
			}
			total += n - last
			last = n
		}
	}
	return total
}
