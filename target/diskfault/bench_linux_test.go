package diskfault_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// BenchmarkSET compares a server on a disk of ours with one on a plain folder of
// the same disk. They take turns, so that both see the same machine; ours/plain is
// the median over the turns of what is left of the throughput.
func BenchmarkSET(b *testing.B) {
	for _, persistence := range []string{target.AOFAlways, target.AOFEverysec} {
		for _, connections := range []int{1, 50} {
			b.Run(fmt.Sprintf("%s/connections=%d", persistence, connections), func(b *testing.B) {
				ours := serve(b, diskfault.Config{}, persistence)
				plain := processtest.StartIn(b, filepath.Join(b.TempDir(), "servers"), persistence)
				addresses := map[string]string{"ours": ours.node.Addr(), "plain": plain.Nodes()[0].Addr()}
				const perTurn = 2000
				took := map[string]time.Duration{}
				var ratios []float64
				sets := 0
				for b.Loop() {
					turn := map[string]time.Duration{}
					for name, address := range addresses {
						turn[name] = set(b, address, connections, perTurn)
						took[name] += turn[name]
					}
					ratios = append(ratios, turn["plain"].Seconds()/turn["ours"].Seconds())
					sets += perTurn
				}
				slices.Sort(ratios)
				for name := range addresses {
					b.ReportMetric(float64(sets)/took[name].Seconds(), name+"-SET/s")
				}
				b.ReportMetric(ratios[len(ratios)/2], "ours/plain")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// set performs that many SETs of 100 bytes on so many connections, and returns
// how long they took once all were connected.
func set(b *testing.B, address string, connections, count int) time.Duration {
	b.Helper()
	value := make([]byte, 100)
	var ready, work sync.WaitGroup
	begin := make(chan struct{})
	for c := range connections {
		client := redis.NewClient(target.ClientOptions(address, patience))
		defer client.Close()
		ready.Add(1)
		work.Go(func() {
			err := client.Ping(b.Context()).Err()
			ready.Done()
			<-begin
			for i := c; i < count && err == nil; i += connections {
				err = client.Set(b.Context(), fmt.Sprint("key", i), value, 0).Err()
			}
			if err != nil {
				b.Error(err)
			}
		})
	}
	ready.Wait()
	began := time.Now()
	close(begin)
	work.Wait()
	return time.Since(began)
}
