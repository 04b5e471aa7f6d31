package monitor

import (
	"fmt"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/model"
)

func TestTmp(t *testing.T) {
	for _, l := range loads() {
		if l.name != "up-and-down" && l.name != "restocked" && l.name != "silent-up-and-down" && l.name != "silent-amounts" {
			continue
		}
		for _, clients := range []int{5, 10, 20, 50} {
			ops := l.draw(1, 50000, clients)
			m, _ := model.Parse(l.model)
			mon, _ := New(m, len(ops))
			m.Each(ops, mon.Add)
			start := time.Now()
			o := mon.Judge()
			fmt.Println(l.name, clients, o.Answer, o.Reason, time.Since(start))
		}
	}
}
