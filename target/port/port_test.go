package port

import (
	"net"
	"os"
	"testing"
)

func TestPortRange(t *testing.T) {
	tests := []struct {
		name        string
		first, last int
		from, to    int
	}{
		{"Linux' default", 32768, 60999, 10000, 32000},
		{"IANA's range", 49152, 65535, 10000, 32000},
		{"lower", 15000, 61000, 10000, 15000},
		{"no room below", 10500, 61000, 61001, 65536},
		{"no room at all", 1024, 65535, 10000, 32000},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if from, to := portRange(test.first, test.last); from != test.from || to != test.to {
				t.Errorf("got %d to %d, want %d to %d", from, to, test.from, test.to)
			}
		})
	}
}

func TestChoose(t *testing.T) {
	first, last := ephemeralRange()
	seen := map[int]bool{}
	for range 50 {
		p, err := Choose()
		if err != nil {
			t.Fatal(err)
		}
		defer p.Release()
		if p.Number >= first && p.Number <= last && (first > lowestPort+1000 || last < 64000) {
			t.Errorf("port %d lies between %d and %d", p.Number, first, last)
		}
		if seen[p.Number] {
			t.Errorf("port %d was given twice", p.Number)
		}
		seen[p.Number] = true
	}
}

func TestTryPortRefusesListenedOn(t *testing.T) {
	p, err := Choose()
	if err != nil {
		t.Fatal(err)
	}
	p.Release()
	listener, err := net.Listen("tcp4", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if again, err := tryPort(p.Number); err == nil {
		again.Release()
		t.Fatal("got a port that another program listens on")
	}
}

func TestEphemeralRangeIsTheKernels(t *testing.T) {
	if _, err := os.Stat("/proc/sys/net/ipv4/ip_local_port_range"); err != nil {
		t.Skip(err)
	}
	if first, last := ephemeralRange(); first < 1 || last < first || last > 65535 {
		t.Errorf("got %d to %d", first, last)
	}
}
