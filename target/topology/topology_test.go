package topology

import (
	"fmt"
	"testing"
	"time"
)

func TestStart(t *testing.T) {
	for _, kind := range []string{Standalone, Replicated, Cluster, Sharded} {
		t.Run(kind, func(t *testing.T) {
			s := time.Now()
			tg, _ := start(t, Config{Kind: kind})
			fmt.Println(kind, time.Since(s))
			roles, err := tg.Roles(testContext(t))
			fmt.Println(roles, err)
		})
	}
}
