package checker

import (
	"regexp"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// freed reports whether a release that may have taken effect within the time
// can have been one of that grant.
func freed(all []model.Op, grant *model.Op, from, to int64) bool {
	for i := range all {
		op := &all[i]
		nameless := op.Arg.IsNull() || op.Arg.IsAbsent() || op.Arg == history.Bool(true)
		if op.F == "release" && op.Call <= to && op.Return >= from && (nameless || op.Arg == grant.Result || op.Arg == grant.Arg) {
			return true
		}
	}
	return false
}

func isGranted(op *model.Op) bool {
	_, held := op.Result.Field("held_by")
	return op.F == "acquire" && op.Certain && !held && !op.Result.IsFalse()
}

func claimTwoHolders(sentence string, values []history.Value, shown, all []model.Op) bool {
	return some(shown, func(x, y *model.Op) bool {
		by, _ := y.Result.Field("held_by")
		switch {
		case strings.Contains(sentence, "saw the lock held"):
			return isGranted(x) && earlier(x, y) && strings.Contains(sentence, "the token "+by.String()+" while") && x.Result != by && x.Arg != by && !freed(all, x, x.Call, y.Return-1) &&
				strings.Contains(sentence, "process "+y.Process.String()+" saw")
		case strings.Contains(sentence, "the holder of"):
			return isGranted(x) && isGranted(y) && y.Result == values[0] && x.Result == values[1] && x.Call <= y.Return &&
				!freed(all, x, x.Call, y.Return-1)
		case !isGranted(x) || !isGranted(y) || !strings.Contains(sentence, "process "+x.Process.String()) || !strings.Contains(sentence, "process "+y.Process.String()):
			return false
		case strings.Contains(sentence, "while"):
			return earlier(x, y) && !freed(all, x, x.Call, y.Call-1)
		}
		// Neither was released before the other was granted, whichever was first.
		return !freed(all, x, x.Call, y.Return-1) && !freed(all, y, y.Call, x.Return-1)
	})
}

var atMost = regexp.MustCompile(`at most (\S+) after`)

// claimLease: a lock granted again, or gone, before its time was over, although
// nobody had released it.
func claimLease(sentence string, _ []history.Value, shown, all []model.Op) bool {
	said, err := time.ParseDuration(atMost.FindStringSubmatch(sentence)[1])
	if err != nil {
		return false
	}
	return some(shown, func(x, y *model.Op) bool {
		inTime := readable(time.Duration(y.Return-x.Call)) == said && (said < shortLease || x.Return < int64(time.Microsecond))
		gone := isGranted(y)
		if strings.Contains(sentence, "was gone") {
			gone = y.F != "acquire" && y.Result.IsFalse() && (y.Arg == x.Result || y.Arg == x.Arg)
		}
		var others []model.Op
		for _, op := range all {
			if op.ID != y.ID && op.Action != model.GiveUp { // who found it gone freed nothing
				others = append(others, op)
			}
		}
		return inTime && gone && isGranted(x) && x.ID < y.ID && !freed(others, x, x.Call, y.Return-1)
	})
}

// claimStolen: released or renewed with a token that nobody can have been granted
// after the one that is named.
func claimStolen(sentence string, _ []history.Value, shown, all []model.Op) bool {
	return some(shown, func(x, y *model.Op) bool {
		did, token := y.F, y.Arg
		if by, seen := y.Result.Field("held_by"); seen {
			did, token = "held", by
		}
		var others []model.Op
		for _, op := range all {
			if op.ID != y.ID && op.Action != model.GiveUp { // who found it gone freed nothing
				others = append(others, op)
			}
		}
		for _, op := range others {
			tooEarly := op.Certain && !freed(others, x, x.Call, op.Return) && (op.Return-x.Call < int64(shortLease) || op.Return < int64(time.Microsecond))
			if op.F == "acquire" && !op.Observes && (op.Arg == token || op.Result == token) && op.Return >= x.Call && !tooEarly {
				return false
			}
		}
		return isGranted(x) && earlier(x, y) && x.Arg != token && strings.Contains(sentence, "was "+did) && !y.Result.IsFalse() &&
			strings.Contains(sentence, "the token "+token.String()+", although") && strings.Contains(sentence, "to process "+x.Process.String()+" ")
	})
}

func claimTokens(sentence string, values []history.Value, shown, _ []model.Op) bool {
	return some(shown, func(x, y *model.Op) bool {
		if !isGranted(x) || !isGranted(y) {
			return false
		}
		if strings.Contains(sentence, "twice") {
			return x.Result == values[0] && y.Result == values[0]
		}
		newer, _ := x.Result.Int()
		older, _ := y.Result.Int()
		return earlier(x, y) && older < newer && y.Result == values[0] && x.Result == values[1]
	})
}
