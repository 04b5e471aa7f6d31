package paper

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestNoneIn(t *testing.T) {
	for _, c := range []struct {
		n    int
		want float64
	}{{-1, 1}, {0, 1}, {1, 0.95}, {3, 0.6316}, {10, 0.2589}, {59, 0.0495}, {58, 0.0503}, {299, 0.00997}, {300, 0.00994}} {
		if got := NoneIn(c.n); math.Abs(got-c.want) > 0.00006 {
			t.Errorf("NoneIn(%d) = %.5f, want %.5f", c.n, got, c.want)
		}
	}
}

func TestNoneInIsTheRuleOfThree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 1_000_000).Draw(t, "n")
		p := NoneIn(n)
		if chance := math.Exp(float64(n) * math.Log1p(-p)); math.Abs(chance-0.05) > 1e-6 {
			t.Fatalf("with p = %v nothing in %d has the chance %v, not 0.05", p, n, chance)
		}
		if p > 3/float64(n) {
			t.Fatalf("%v is above three over %d", p, n)
		}
	})
}

// The figures are those of Newcombe, "Two-sided confidence intervals for the single
// proportion" (1998), table I, method 3, and of the formula at the ends.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718},
		{0, 0, 0, 1}, {3, 3, 0.4385, 1}, {5, 10, 0.2366, 0.7634},
	} {
		low, high := Wilson(c.k, c.n)
		if math.Abs(low-c.low) > 0.00006 || math.Abs(high-c.high) > 0.00006 {
			t.Errorf("Wilson(%d, %d) = %.4f to %.4f, want %.4f to %.4f", c.k, c.n, low, high, c.low, c.high)
		}
	}
}

func TestWilsonHasTheShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 100_000).Draw(t, "n")
		k := rapid.IntRange(0, n).Draw(t, "k")
		low, high := Wilson(k, n)
		if share := float64(k) / float64(n); low < 0 || high > 1 || low > share || high < share {
			t.Fatalf("%d of %d: %v to %v", k, n, low, high)
		}
	})
}

func TestChanceIsShown(t *testing.T) {
	for _, c := range []struct {
		violated, decided int
		want              string
	}{
		{0, 0, "–"}, {0, 10, "≤ 25.9 %"}, {3, 3, "100 % [43.9, 100]"}, {1, 4, "25 % [4.6, 69.9]"}, {0, 1_000_000, "< 0.1 %"},
	} {
		if got := chance(c.violated, c.decided).String(); got != nonBreaking(c.want) {
			t.Errorf("%d of %d: %q, want %q", c.violated, c.decided, got, c.want)
		}
	}
}

func nonBreaking(text string) string {
	var out []rune
	for _, r := range text {
		if r == ' ' {
			r = '\u00a0'
		}
		out = append(out, r)
	}
	return string(out)
}

func ExampleNoneIn() {
	for _, n := range []int{3, 10, 59} {
		fmt.Printf("no violation in %d runs: at most %.1f %%\n", n, 100*NoneIn(n))
	}
	// Output:
	// no violation in 3 runs: at most 63.2 %
	// no violation in 10 runs: at most 25.9 %
	// no violation in 59 runs: at most 5.0 %
}

func TestQuantilesOfSpreads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOfN(rapid.Int64Range(0, math.MaxInt64), 1, 60).Draw(t, "times")
		var one, other, all spread
		for i, ns := range times {
			all.add(ns)
			if i%2 == 0 {
				one.add(ns)
			} else {
				other.add(ns)
			}
		}
		one.merge(&other)
		greatest := int64(0)
		for _, ns := range times {
			greatest = max(greatest, ns)
		}
		for _, share := range []float64{0, 0.5, 0.99, 1} {
			if one.quantile(share) != all.quantile(share) {
				t.Fatalf("merged %d, together %d", one.quantile(share), all.quantile(share))
			}
		}
		if got := all.quantile(1); got < greatest || float64(got) > float64(greatest)*(1+1.0/32)+1 {
			t.Fatalf("greatest %d shown as %d", greatest, got)
		}
		if all.quantile(0) > all.quantile(0.5) || all.quantile(0.5) > all.quantile(1) {
			t.Fatal("quantiles fall")
		}
	})
}

func TestQuantileOfNone(t *testing.T) {
	if got := new(spread).quantile(0.5); got != 0 {
		t.Errorf("got %d", got)
	}
}
