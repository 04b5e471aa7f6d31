package checker

import (
	"context"
	"strconv"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// bank judges transfers between accounts: every read of all balances has the same
// total, and no balance is negative unless that is allowed. Without a total given,
// that of the first read to end is taken.
type bank struct {
	text     string
	total    *int64
	negative bool
}

func parseBank(parameter string) (Check, error) {
	c := bank{text: parameter}
	for option := range strings.SplitSeq(parameter, ",") {
		n, err := strconv.ParseInt(option, 10, 64)
		switch {
		case option == "negative":
			c.negative = true
		case err == nil && c.total == nil:
			c.total = &n
		case parameter != "":
			return nil, errOption("bank", parameter, "total", "negative")
		}
	}
	return c, nil
}

func (c bank) Name() string {
	if c.text == "" {
		return "bank"
	}
	return "bank(" + c.text + ")"
}

func (c bank) Check(_ context.Context, h *history.History, o Options) (Result, error) {
	h, err := about(c.Name(), h, "transfer", "read")
	if err != nil {
		return Result{}, err
	}
	keys, byKey := history.Keys(h.Ops)
	var anomalies []Anomaly
	reads := 0
	for _, key := range keys {
		expected := c.total
		var first *history.Op
		for _, m := range moments(byKey[key]) {
			op := m.op
			if !m.completed || op.F != "read" || op.Outcome != history.OK || op.Output.IsAbsent() {
				continue
			}
			reads++
			b, err := c.balance(op)
			if err != nil {
				return Result{}, err
			}
			if expected == nil && b.missing == "" {
				expected, first = &b.total, op
			}
			if a, broken := c.judge(b, expected); broken {
				a.Key, a.Ops = key, []int{op.Invoked}
				if a.Type == "wrong-total" && first != nil {
					a.Ops = []int{first.Invoked, op.Invoked}
				}
				anomalies = append(anomalies, a)
			}
		}
	}
	r := found(anomalies, map[string]any{"keys": len(keys), "reads": reads, "errors": len(anomalies)})
	r.Engine = "counting"
	return r.untried(o, reads == 0, "nothing was read"), nil
}

// statement is what one read says of all accounts.
type statement struct {
	total int64
	// missing and negative are accounts without a balance, and below 0.
	missing, negative string
	least             int64
}

func (c bank) balance(op *history.Op) (s statement, err error) {
	accounts, balances, ok := op.Output.Fields()
	if !ok {
		return s, misfit(c.Name(), op, "read has the value %.60s: expected an object, account to balance", op.Output)
	}
	for i, account := range accounts {
		n, ok := balances[i].Int()
		switch {
		case balances[i].IsNull():
			s.missing = account
		case !ok || n > maxAmount || n < -maxAmount:
			return s, misfit(c.Name(), op, "the balance of %q is %.60s: expected an integer between -2^40 and 2^40", account, balances[i])
		case n < s.least:
			s.negative, s.least = account, n
		}
		s.total += n
	}
	return s, nil
}

func (c bank) judge(s statement, expected *int64) (Anomaly, bool) {
	switch {
	case s.missing != "":
		return anomaly("no-balance", "a read found no balance on the account %s", s.missing), true
	case s.total != *expected:
		return anomaly("wrong-total", "a read found %d on all accounts together instead of %d", s.total, *expected), true
	case s.least < 0 && !c.negative:
		return anomaly("negative-balance", "a read found %d on the account %s", s.least, s.negative), true
	}
	return Anomaly{}, false
}
