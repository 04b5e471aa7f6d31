package history_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/history"
)

func ExampleLoad() {
	h, err := history.Load(strings.NewReader(`
{"index":0,"time":1042311,"process":3,"type":"invoke","f":"write","key":"r1","value":7}
{"index":1,"time":1533120,"process":3,"type":"ok","f":"write","key":"r1","value":7}
{"index":2,"time":1600000,"process":"nemesis","type":"info","f":"kill","value":{"node":"n1"}}
{"index":3,"time":1700000,"process":4,"type":"invoke","f":"read","key":"r1","value":null}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, op := range h.Ops {
		fmt.Println(op.Process, op.F, op.Key, op.Input, "→", op.Output, op.Outcome)
	}
	fmt.Println(h.Warnings[0])
	// Output:
	// 3 write r1 7 → 7 ok
	// 4 read r1 null → null info
	// operations left open: 1; they count as info
}

func ExampleLoad_defect() {
	_, err := history.Load(strings.NewReader(`{"process":3,"type":"ok","f":"write","value":7}`))
	fmt.Println(err)
	// Output: line 1: process 3 completes "write" without an invoke: expected an invoke of that process first
}

func ExampleRead() {
	h, err := history.Read(strings.NewReader(`
[{:process 0, :type :invoke, :f :read, :value nil}
 {:process 1, :type :invoke, :f :write, :value 3} ; never completes
 {:process 0, :type :ok, :f :read, :value 3}]
`), history.ReadOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, op := range h.Ops {
		fmt.Println(op.Process, op.F, op.Input, "→", op.Output, op.Outcome)
	}
	fmt.Println(h.Format)
	// Output:
	// 0 read null → 3 ok
	// 1 write 3 → null info
	// edn
}

func ExampleConvert() {
	from, err := history.NewReader(strings.NewReader("INFO  jepsen.util - 4\t:invoke\t:cas\t[3 4]\n"), history.ReadOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	to, err := history.NewWriter(os.Stdout, history.FormatEDN)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = history.Convert(from, to, func(int) error { return nil })
	fmt.Println(err)
	// Output:
	// {:index 0, :time 0, :process 4, :type :invoke, :f :cas, :value [3 4]}
	// <nil>
}
